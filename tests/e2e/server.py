"""Starts the real server on ports of its own and speaks to its API over the local socket."""
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time

BINARY = os.environ.get("HARRIER", "build/release/harrier")


class Local(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=10)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(10)
        self.sock.connect(self.path)


class Server:
    def __init__(self, office, data=None, config=""):
        self.folder = pathlib.Path(data or tempfile.mkdtemp(prefix="harrier-e2e-"))
        self.data = self.folder / "data"
        self.office = self.folder / "office.yaml"
        self.config = self.folder / "harrier.yaml"
        self.office.write_text(office)
        self.config.write_text(config or (
            'sip: {listen: ["udp://127.0.0.1:0", "tcp://127.0.0.1:0"]}\n'
            'http: {listen: "127.0.0.1:0"}\ndrain: 2\n'))
        self.process = None

    def command(self):
        return [BINARY, "serve", "--config", self.config, "--data", self.data, "--office", self.office]

    def start(self, expect_ready=True):
        self.process = subprocess.Popen(
            self.command(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.errors = []
        reader = threading.Thread(target=lambda: self.errors.extend(self.process.stderr), daemon=True)
        reader.start()
        self.listening, self.listening_all = {}, {}
        for line in self.process.stdout:
            found = re.match(r"harrier: listening (\w+)://(.*):(\d+)", line)
            if found:
                address = found[2], int(found[3])
                self.listening.setdefault(found[1], address)
                self.listening_all.setdefault(found[1], []).append(address)
            if line.strip() == "harrier: ready":
                threading.Thread(target=self.process.stdout.read, daemon=True).start()
                return self
        reader.join(5)
        assert not expect_ready, "the server ended: " + "".join(self.errors)
        self.process.wait(10)
        return self

    @property
    def udp(self):
        return self.listening["udp"]

    def api(self, method, path, body=None, headers=None):
        connection = Local(str(self.data / "harrier.sock"))
        connection.request(method, path, body=None if body is None else json.dumps(body),
                           headers=headers or {})
        answer = connection.getresponse()
        text = answer.read().decode()
        kind = answer.getheader("Content-Type") or ""
        return answer.status, json.loads(text) if text and "json" in kind else text, answer.headers

    def records(self, count, seconds=10):
        """The records, oldest first, once there are `count` of them."""
        until = time.monotonic() + seconds
        while True:
            items = self.api("GET", "/api/v1/records?sort=started")[1]["items"]
            if len(items) >= count or time.monotonic() > until:
                assert len(items) == count, f"{len(items)} records, expected {count}"
                return items
            time.sleep(0.05)

    def harrier(self, *arguments):
        done = subprocess.run([BINARY, *arguments, "--data", str(self.data)], capture_output=True,
                              text=True, timeout=20, check=False)
        return done.returncode, done.stdout, done.stderr

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(15) == 0, "SIGTERM must end with 0"
