"""A harrier server of one test: its data folder, its process, its API, its command line."""
import http.client
import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

BINARY = os.environ["HARRIER_BINARY"]
EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples")
# A sanitized binary on a busy machine starts and answers slowly; a healthy one never waits this
# long.
PATIENCE = 30.0


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def header(self, name):
        return self.headers.get(name)

    def json(self):
        return json.loads(self.body)

    def text(self):
        return self.body.decode("utf-8")

    def __repr__(self):
        return "%d %s" % (self.status, self.body[:600])


class LocalConnection(http.client.HTTPConnection):
    """HTTP over the socket in the data folder."""

    def __init__(self, path):
        super().__init__("localhost", timeout=PATIENCE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self.path)


def address_of(text):
    host, _, port = text.rpartition(":")
    return host, int(port)


class Server:
    """Runs `harrier serve` on free ports. `office`: text of an office file, or None; `extra`: more
    of harrier.yaml."""

    def __init__(self, office=None, trusted=True, drain=5, extra=""):
        self.folder = tempfile.mkdtemp(prefix="harrier-rest-")
        self.data = os.path.join(self.folder, "data")
        os.mkdir(self.data)
        self.config = self.write("harrier.yaml", (
            "sip: {listen: [\"udp://127.0.0.1:0\"], trusted: [%s]}\n"
            "http: {listen: \"127.0.0.1:0\"}\n"
            "drain: %d\n") % ('"127.0.0.1"' if trusted else "", drain) + extra)
        self.office = None if office is None else self.write("office.yaml", office)
        self.process = None
        self.lines = queue.Queue()
        self.log_path = os.path.join(self.folder, "log")

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def command(self):
        command = [BINARY, "serve", "--config", self.config, "--data", self.data]
        return command + (["--office", self.office] if self.office else [])

    def start(self):
        self.lines = queue.Queue()
        self.sip = self.http = None
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=subprocess.PIPE, stderr=log,
                                            text=True)
        lines, out = self.lines, self.process.stdout

        def read():
            for line in out:
                lines.put(line.rstrip("\n"))
            lines.put(None)
            out.close()

        threading.Thread(target=read, daemon=True).start()
        self.started = []
        while True:
            line = self.lines.get(timeout=PATIENCE)
            if line is None:
                raise AssertionError("the server ended: %s\n%s" % (self.started, self.log()))
            self.started.append(line)
            if line.startswith("harrier: listening udp://"):
                self.sip = address_of(line.partition("udp://")[2])
            if line.startswith("harrier: listening http://"):
                self.http = address_of(line.partition("http://")[2])
            if line == "harrier: ready":
                return self

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def stop(self):
        """SIGTERM; the exit status."""
        if self.process is None:
            return None
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self):
        status = self.process.wait(timeout=PATIENCE)
        self.process = None
        return status

    def kill(self):
        self.process.kill()
        return self.wait()

    def close(self):
        if self.process is not None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---- the API -----------------------------------------------------------------------------

    def ask(self, method, target, body=None, headers=None, token=None, local=None):
        """One request. Without a token it goes over the local socket, which may do everything."""
        local = token is None if local is None else local
        if local:
            connection = LocalConnection(os.path.join(self.data, "harrier.sock"))
        else:
            connection = http.client.HTTPConnection(*self.http, timeout=PATIENCE)
        send = dict(headers or {})
        if token:
            send["Authorization"] = "Bearer " + token
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
            send.setdefault("Content-Type", "application/json")
        if isinstance(body, str):
            body = body.encode("utf-8")
        try:
            connection.request(method, target, body=body, headers=send)
            answer = connection.getresponse()
            return Reply(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, target, **given):
        return self.ask("GET", target, **given)

    def post(self, target, body=None, **given):
        return self.ask("POST", target, body, **given)

    def put(self, target, body, etag=None, **given):
        return self.ask("PUT", target, body, headers={"If-Match": etag} if etag else None, **given)

    def patch(self, target, body, etag=None, **given):
        return self.ask("PATCH", target, body, headers={"If-Match": etag} if etag else None,
                        **given)

    def delete(self, target, etag=None, **given):
        return self.ask("DELETE", target, headers={"If-Match": etag} if etag else None, **given)

    # ---- the command line --------------------------------------------------------------------

    def run(self, *arguments, environment=None):
        return run(*arguments, environment={"HARRIER_DATA": self.data, **(environment or {})})


def run(*arguments, environment=None):
    """A command of harrier: a CompletedProcess with texts."""
    given = {key: value for key, value in os.environ.items() if not key.startswith("HARRIER_")}
    given.update(environment or {})
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=PATIENCE,
                          env=given, stdin=subprocess.DEVNULL, check=False)


def quoted(text):
    """A text as one part of a path, or as a value of a query."""
    return urllib.parse.quote(text, safe="")


def eventually(look, what):
    """What `look` returns once it is true; a failure after PATIENCE."""
    end = time.monotonic() + PATIENCE
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError("never: " + what)
        time.sleep(0.02)


class Case(unittest.TestCase):
    """A test with one server a class. OFFICE: its office file."""

    OFFICE = None
    TRUSTED = True
    EXTRA = ""
    server = None
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.server = Server(cls.OFFICE, cls.TRUSTED, extra=cls.EXTRA)
        cls.addClassCleanup(cls.server.close)
        cls.server.start()

    def check_problem(self, reply, status):
        """The reply is a problem document (RFC 9457) with this status."""
        self.assertEqual(reply.status, status, reply)
        self.assertEqual(reply.header("Content-Type"), "application/problem+json")
        body = reply.json()
        self.assertEqual(body["status"], status)
        self.assertEqual(body["type"], "about:blank")
        self.assertTrue(body["title"])
        self.assertTrue(body["detail"])
        return body


class EventStream:
    """Reads /api/v1/events on a thread of its own."""

    def __init__(self, server, after=None):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(os.path.join(server.data, "harrier.sock"))
        extra = "" if after is None else "Last-Event-ID: %s\r\n" % after
        self.socket.sendall(("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n%s\r\n" % extra)
                            .encode())
        self.head = b""
        while b"\r\n\r\n" not in self.head:
            chunk = self.socket.recv(4096)
            if not chunk:
                raise AssertionError("no head of the stream: %r" % self.head)
            self.head += chunk
        self.head, _, rest = self.head.partition(b"\r\n\r\n")
        self.head = self.head.decode()
        self.events = []
        self.changed = threading.Condition()
        self.ended = False
        self.thread = threading.Thread(target=self._read, args=(rest,), daemon=True)
        self.thread.start()

    def _read(self, text):
        while True:
            while b"\n\n" in text:
                block, _, text = text.partition(b"\n\n")
                self._take(block.decode())
            try:
                chunk = self.socket.recv(65536)
            except OSError:
                chunk = b""
            if not chunk:
                with self.changed:
                    self.ended = True
                    self.changed.notify_all()
                return
            text += chunk

    def _take(self, block):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if "data" not in fields:
            return
        with self.changed:
            self.events.append((fields["id"], fields["event"], json.loads(fields["data"])))
            self.changed.notify_all()

    def wait_for(self, kind, count=1):
        """The first `count` events of a type, or of this type, as their JSON."""
        def found():
            return [event for _, name, event in self.events if name == kind][:count]
        with self.changed:
            if not self.changed.wait_for(lambda: len(found()) >= count, PATIENCE):
                raise AssertionError("no %s among %s" % (kind, [e[1] for e in self.events]))
            return found()

    def wait_until(self, wanted):
        """The first event for which wanted(event) is true."""
        def found():
            return next((event for _, _, event in self.events if wanted(event)), None)
        with self.changed:
            if not self.changed.wait_for(found, PATIENCE):
                raise AssertionError("not among %s" % [e[1] for e in self.events])
            return found()

    def types(self, call=None):
        with self.changed:
            return [name for _, name, event in self.events if call in (None, event["call"])]

    def close(self):
        self.socket.close()
