"""A real browser speaks SIP over WebSocket to the server, and a page from elsewhere may not."""
import contextlib
import http.server
import queue
import subprocess
import tempfile
import threading

from secure import secure_world

# Asks OPTIONS and posts what comes back, or that the socket was closed.
PAGE = """<!doctype html><title>phone</title><script>
const tell = text => fetch('/heard', {method: 'POST', body: text});
const socket = new WebSocket('ws://127.0.0.1:%d/', ['sip']);
const request = ['OPTIONS sip:127.0.0.1 SIP/2.0', 'Via: SIP/2.0/WS a.invalid;branch=z9hG4bKa',
  'From: <sip:a@a.invalid>;tag=1', 'To: <sip:127.0.0.1>', 'Call-ID: a', 'CSeq: 1 OPTIONS',
  'Max-Forwards: 70', '', ''].join('\\r\\n');
socket.onopen = () => socket.send(request);
socket.onmessage = message => tell(message.data);
socket.onclose = () => tell('closed');
</script>"""


@contextlib.contextmanager
def page_of(port):
    """Serves the page; what it tells comes into the queue."""
    heard = queue.Queue()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = (PAGE % port).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            heard.put(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, heard
    finally:
        server.shutdown()


@contextlib.contextmanager
def browser_at(url):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
             "--no-first-run", f"--user-data-dir={profile}", url],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield
        finally:
            process.terminate()
            process.wait(10)


def test_a_browser_speaks_sip_over_websocket_from_our_host_only():
    with secure_world(users=()) as world, page_of(world.server.listening["ws"][1]) as (port, heard):
        with browser_at(f"http://127.0.0.1:{port}/"):
            answer = heard.get(timeout=30)
            assert answer.startswith("SIP/2.0 200 "), answer
        with browser_at(f"http://localhost:{port}/"):  # the same machine by another name
            assert heard.get(timeout=30) == "closed"
