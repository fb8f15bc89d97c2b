"""A real HTTP server that keeps what it is told and answers as it is told to."""
import base64
import hashlib
import hmac
import http.server
import threading
import time

PATIENCE = 30.0


class Told:
    def __init__(self, method, target, headers, body):
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body


class Sink:
    """`answers`: status codes for the next requests; then 200."""

    def __init__(self):
        self.told = []
        self.answers = []
        self.changed = threading.Condition()
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def take(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                with sink.changed:
                    status = sink.answers.pop(0) if sink.answers else 200
                    sink.told.append(Told(self.command, self.path, self.headers, body))
                    sink.changed.notify_all()
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "http://127.0.0.1:%d/elsewhere" % sink.port)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST = take

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = "http://127.0.0.1:%d" % self.port
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def wait_for(self, wanted, what):
        end = time.monotonic() + PATIENCE
        with self.changed:
            while True:
                for told in self.told:
                    if wanted(told):
                        return told
                if not self.changed.wait(max(0.0, end - time.monotonic())):
                    raise AssertionError("never %s, only %s" % (
                        what, [(t.method, t.target, t.body[:80]) for t in self.told]))


def signature(secret, told):
    """What webhook-signature must be."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = b"%s.%s.%s" % (told.headers["webhook-id"].encode(),
                          told.headers["webhook-timestamp"].encode(), told.body)
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
