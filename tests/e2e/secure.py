"""SIP over TLS and over WebSocket on the wire: phones, trunks, certificates good and bad."""
import base64
import contextlib
import hashlib
import os
import pathlib
import queue
import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
import time

from baresip import Baresip
from phone import Message, Phone
from server import Server
from world import ELSEWHERE, OFFICE, World

TRUNKED = OFFICE + """
trunks: [{name: carrier, uri: "%s", numbers: ["+48"]}]
"""


class Authority:
    """An authority of its own and what it signs, in a folder of files."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="harrier-ca-"))
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.pem", "-days", "30",
                      "-addext", "basicConstraints=critical,CA:TRUE")

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def issue(self, name, alternative, days="30"):
        """`name`.pem and `name`.key for these subjectAltNames."""
        self._openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr",
                      "-addext", f"subjectAltName={alternative}")
        self._openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                      "-CAcreateserial", "-days", days, "-copy_extensions", "copy",
                      "-out", f"{name}.pem")
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"

    def client(self):
        context = ssl.create_default_context(cafile=str(self.folder / "ca.pem"))
        return context

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)


def config(authority, listen, certificate="pbx"):
    folder = authority.folder
    return (f"sip: {{listen: {listen}}}\nhttp: {{listen: \"127.0.0.1:0\"}}\ndrain: 2\n"
            f"tls: {{certificate: {folder}/{certificate}.pem, key: {folder}/{certificate}.key, "
            f"ca: {folder}/ca.pem}}\n").replace("'", '"')


ALL = ["udp://127.0.0.1:0", "tls://127.0.0.1:0", "ws://127.0.0.1:0", "wss://127.0.0.1:0"]


@contextlib.contextmanager
def secure_world(office=OFFICE, users=("101", "102", "104")):
    with Authority() as authority:
        authority.issue("pbx", "DNS:office.example,DNS:localhost,IP:127.0.0.1")
        with World(office, users, config(authority, ALL)) as world:
            world.authority = authority
            yield world


class TlsStream:
    """A TLS connection that one thread may read while others write: OpenSSL's session is touched by
    one at a time."""

    def __init__(self, context, address):
        self.plain = socket.create_connection(address, 5)
        self.incoming, self.outgoing, self.lock = ssl.MemoryBIO(), ssl.MemoryBIO(), threading.Lock()
        self.session = context.wrap_bio(self.incoming, self.outgoing, server_hostname="office.example")
        self._until_done(self.session.do_handshake)
        self.plain.settimeout(None)

    def _until_done(self, step):
        while True:
            with self.lock:
                try:
                    return step()
                except ssl.SSLWantReadError:
                    pass
                finally:
                    if self.outgoing.pending:
                        self.plain.sendall(self.outgoing.read())
            data = self.plain.recv(65536)
            with self.lock:
                self.incoming.write(data) if data else self.incoming.write_eof()

    def recv(self, size):
        return self._until_done(lambda: self.session.read(size))

    def sendall(self, data):
        with self.lock:
            self.session.write(data)
            self.plain.sendall(self.outgoing.read())

    def shutdown(self, how):
        self.plain.shutdown(how)

    def close(self):
        self.plain.close()


class StreamPhone(Phone):
    """A phone whose messages go through one connection: TLS, or a WebSocket."""
    transport = "tls"

    def __init__(self, world, username):
        self.stream = self.connect(world)
        self.buffer = b""
        super().__init__(world.server.udp, username, "pw" + username, "office.example")

    def connect(self, world):
        return TlsStream(world.authority.client(), world.server.listening["tls"])

    def close(self):
        self.closed = True
        with contextlib.suppress(OSError):
            self.stream.shutdown(socket.SHUT_RDWR)
        self.stream.close()
        super().close()

    def _send(self, start, headers, body=""):
        lines = [start] + [f"{name}: {value}" for name, value in headers]
        if body:
            lines.append("Content-Type: application/sdp")
        lines.append(f"Content-Length: {len(body)}")
        if not self.closed:
            self.send_message(("\r\n".join(lines) + "\r\n\r\n" + body).encode())

    def send_message(self, data):
        self.stream.sendall(data)

    def _via(self):
        return ("Via", f"SIP/2.0/{self.transport.upper()} {self.host}:{self.port};rport;"
                       f"branch=z9hG4bK{self.token()}")

    def contact(self):
        return ("Contact", f"<sip:{self.username}@{self.host}:{self.port};transport={self.transport}>")

    def read_message(self):
        while True:
            self.buffer = self.buffer.lstrip(b"\r\n")
            head, end, rest = self.buffer.partition(b"\r\n\r\n")
            size = re.search(rb"\r\nContent-Length: *(\d+)", head)
            if end and size and len(rest) >= int(size[1]):
                self.buffer = rest[int(size[1]):]
                return head + end + rest[:int(size[1])]
            more = self.stream.recv(65536)
            if not more:
                raise OSError("the end")
            self.buffer += more

    def _read(self):
        while True:
            try:
                data = self.read_message()
            except (OSError, ValueError):  # ssl.SSLError is an OSError
                return
            message = Message(data.decode(errors="replace"))
            with self.changed:
                self.log.append(message)
            if message.is_request:
                self._on_request(message)
            else:
                self._on_response(message)
            with self.changed:
                self.changed.notify_all()


class WebPhone(StreamPhone):
    """As a browser is one: WebSocket, and a Contact that leads nowhere (RFC 7118)."""
    transport = "ws"

    def connect(self, world):
        host, port = world.server.listening[self.transport]
        if self.transport == "wss":
            stream = TlsStream(world.authority.client(), (host, port))
        else:
            stream = socket.create_connection((host, port))
        status, self.rest = upgrade(stream, f"{host}:{port}")
        assert status == 101, status
        return stream

    def _via(self):
        return ("Via", f"SIP/2.0/{self.transport.upper()} df7jal23ls0d.invalid;"
                       f"branch=z9hG4bK{self.token()}")

    def contact(self):
        return ("Contact", f"<sip:{self.username}@df7jal23ls0d.invalid;transport=ws>")

    def send_message(self, data):
        mask = os.urandom(4)
        size = (bytes([0x80 | len(data)]) if len(data) < 126 else
                b"\xfe" + struct.pack("!H", len(data)))
        self.stream.sendall(b"\x81" + size + mask +
                            bytes(byte ^ mask[i % 4] for i, byte in enumerate(data)))

    def _take(self, count):
        while len(self.rest) < count:
            more = self.stream.recv(65536)
            if not more:
                raise OSError("the end")
            self.rest += more
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def read_message(self):
        while True:
            first, size = self._take(2)
            assert size & 0x80 == 0, "a server masks nothing"
            if size == 126:
                size = struct.unpack("!H", self._take(2))[0]
            data = self._take(size)
            if first == 0x81 and data.strip():
                return data


class SecureWebPhone(WebPhone):
    transport = "wss"


def upgrade(stream, host, extra=""):
    key = base64.b64encode(os.urandom(16)).decode()
    stream.sendall((f"GET / HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                    f"Sec-WebSocket-Protocol: sip\r\n{extra}\r\n").encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        more = stream.recv(4096)
        assert more, answer
        answer += more
    head, _, rest = answer.partition(b"\r\n\r\n")
    status = int(head.split()[1])
    if status == 101:
        want = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        assert base64.b64encode(want) in head and b"Sec-WebSocket-Protocol: sip" in head, head
    return status, rest


def test_baresip_answers_over_tls():
    with secure_world() as world, tempfile.TemporaryDirectory() as folder:
        trusts = f"sip_cafile {world.authority.folder}/ca.pem\n"
        with Baresip(world, folder, "tls", more=trusts):
            bound = [item for item in world.server.api("GET", "/api/v1/registrations")[1]["items"]
                     if item["user"] == "103"]
            assert bound[0]["transport"] == "tls", bound
            call = world["104"].call("600")
            world["104"].wait(lambda: call.state == "talking", 10, "baresip's answer")
            assert world["101"].wait_call("over").reasons == ELSEWHERE
            world["104"].hang_up(call)
            assert world.server.records(1)[0]["answered_by"] == "103"


def test_sips_is_answered_with_sips():
    with secure_world() as world:
        phone = StreamPhone(world, "103")
        phone.contact = lambda: ("Contact", f"<sips:103@{phone.host}:{phone.port};transport=tls>")
        phone.register()
        call = world["104"].call("103")
        ringing = phone.wait_call("ringing")
        assert ringing.invite.uri.startswith("sips:103@"), ringing.invite.start
        assert ringing.invite.get("Via").startswith("SIP/2.0/TLS "), ringing.invite.get("Via")
        assert ringing.invite.get("Contact").startswith("<sips:"), ringing.invite.get("Contact")
        assert "c=IN IP4 127.0.0.1" in ringing.invite.body
        phone.answer(ringing)
        world["104"].wait(lambda: call.state == "talking", what="the answer")
        world["104"].hang_up(call)
        phone.wait_call("over")
        phone.close()


def _web_phone_is_called(kind):
    with secure_world() as world:
        phone = kind(world, "103")
        phone.send_message(b"\r\n\r\n")  # a keep-alive of RFC 5626 does no harm
        phone.register()
        call = world["104"].call("600")
        ringing = phone.wait_call("ringing")
        assert ringing.invite.get("Via").startswith(f"SIP/2.0/{kind.transport.upper()} ")
        assert ";transport=ws>" in ringing.invite.get("Contact"), ringing.invite.get("Contact")
        phone.answer(ringing)
        world["104"].wait(lambda: call.state == "talking", what="the answer")
        phone.wait(lambda: ringing.acked, what="the ACK by the same connection")
        world["104"].hang_up(call)
        phone.wait_call("over")
        assert world.server.records(1)[0]["answered_by"] == "103"
        # And the other way, until its connection goes: then it is not registered any more.
        outgoing = phone.call("101")
        world["101"].answer(world["101"].wait_call("ringing", nth=1))
        phone.wait(lambda: outgoing.state == "talking", what="the answer")
        phone.hang_up(outgoing)
        world["101"].wait_call("over", nth=1)
        phone.close()
        until = time.monotonic() + 5
        while any(item["user"] == "103" for item in
                  world.server.api("GET", "/api/v1/registrations")[1]["items"]):
            assert time.monotonic() < until, "the binding outlives its connection"
            time.sleep(0.02)


def test_a_websocket_phone_rings_in_a_group_and_answers():
    _web_phone_is_called(WebPhone)
    _web_phone_is_called(SecureWebPhone)


def test_wire_w1_a_page_from_elsewhere_opens_no_websocket():
    with secure_world(users=()) as world:
        for origin, expected in (("", 101), ("Origin: http://127.0.0.1:8080\r\n", 101),
                                 ("Origin: https://evil.example\r\n", 403)):
            with socket.create_connection(world.server.listening["ws"], 5) as stream:
                assert upgrade(stream, "127.0.0.1:%d" % world.server.listening["ws"][1],
                               origin)[0] == expected, origin


class Trunk:
    """A carrier over TLS that answers each INVITE with 486; `seen` are the first lines that came."""

    def __init__(self, pem, key, ca=None):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(pem, key)
        if ca is not None:
            self.context.verify_mode = ssl.CERT_REQUIRED
            self.context.load_verify_locations(ca)
        self.names, self.seen = [], queue.Queue()
        self.context.sni_callback = lambda _, name, __: self.names.append(name)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                stream = self.context.wrap_socket(self.socket.accept()[0], server_side=True)
                data = stream.recv(65536)
            except ssl.SSLError:
                continue
            except OSError:
                return
            if not data:
                continue
            request = Message(data.decode())
            self.seen.put((request, stream.getpeercert()))
            lines = [f"{name}: {value}" for name, value in request.headers
                     if name in ("Via", "From", "Call-ID", "CSeq")]
            stream.sendall(("SIP/2.0 486 Busy Here\r\n" + "\r\n".join(lines) + "\r\nTo: " +
                            request.get("To") + ";tag=t\r\nContent-Length: 0\r\n\r\n").encode())

    def close(self):
        self.socket.close()


def test_wire_e6_a_trunk_with_the_wrong_name_or_an_old_certificate_gets_no_call():
    with Authority() as authority:
        authority.issue("pbx", "DNS:office.example")
        cases = (("good", "DNS:localhost", "30", True), ("wrong", "DNS:elsewhere.example", "30", False),
                 ("star", "DNS:*.localhost,DNS:*", "30", False), ("old", "DNS:localhost", "-1", False))
        for name, alternative, days, reached in cases:
            trunk = Trunk(*authority.issue(name, alternative, days), ca=authority.folder / "ca.pem")
            office = TRUNKED % f"sip:localhost:{trunk.port};transport=tls"
            with World(office, ("104",), config(authority, ALL)) as world:
                call = world["104"].call("+48123456789")
                world["104"].wait(lambda c=call: c.final != 0, 10, "an end")
                assert (call.final == 486) == reached, (name, call.final)
                assert trunk.seen.empty() != reached, name
                if reached:
                    invite, certificate = trunk.seen.get()
                    assert invite.get("Via").startswith("SIP/2.0/TLS "), invite.get("Via")
                    assert trunk.names == ["localhost"], trunk.names
                    assert ("DNS", "office.example") in certificate["subjectAltName"]
                else:
                    wait_for_line(world.server, "event=connection.refused")
            trunk.close()


def wait_for_line(server, words):
    """Until the server has said so on stderr."""
    until = time.monotonic() + 5
    while not any(words in line for line in server.errors):
        assert time.monotonic() < until, server.errors
        time.sleep(0.02)


def test_wire_e6_a_renegotiation_is_refused():
    """`openssl s_client` as a peer of TLS 1.2: R asks for new keys in the middle."""
    with secure_world(users=()) as world:
        host, port = world.server.listening["tls"]
        peer = subprocess.Popen(
            ["openssl", "s_client", "-tls1_2", "-connect", f"{host}:{port}", "-CAfile",
             str(world.authority.folder / "ca.pem")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        before = iter(peer.stdout.readline, "")
        assert any("Verify return code: 0" in line for line in before)
        peer.stdin.write("R\n")
        peer.stdin.flush()
        after = peer.stdout.read()
        assert "RENEGOTIATING" in after and "no renegotiation" in after, after
        peer.wait(5)


def serial_of(authority, address):
    with socket.create_connection(address, 5) as plain, \
            authority.client().wrap_socket(plain, server_hostname="office.example") as stream:
        return stream.version(), stream.getpeercert()["serialNumber"]


def test_a_certificate_is_read_again_on_sighup_and_open_connections_stay():
    with secure_world() as world:
        address = world.server.listening["tls"]
        phone = StreamPhone(world, "103")
        phone.register()
        version, before = serial_of(world.authority, address)
        assert version == "TLSv1.3", version
        pem = world.authority.folder / "pbx.pem"
        good = pem.read_bytes()
        pem.write_text("nothing of use")
        world.server.process.send_signal(signal.SIGHUP)
        wait_for_line(world.server, "not reloaded")
        assert serial_of(world.authority, address)[1] == before
        pem.write_bytes(good)
        https = world.server.listening["http"]
        assert serial_of(world.authority, https)[1] == before
        world.authority.issue("pbx", "DNS:office.example")
        world.server.process.send_signal(signal.SIGHUP)
        until = time.monotonic() + 5
        while serial_of(world.authority, address)[1] == before:
            assert time.monotonic() < until, "the new certificate is not shown"
        assert serial_of(world.authority, https)[1] == serial_of(world.authority, address)[1]
        world["104"].call("103")
        phone.wait_call("ringing")
        phone.close()


def test_the_start_warns_of_a_trunk_that_no_socket_leads_to():
    office = TRUNKED % "sips:carrier.example"
    server = Server(office).start()
    wait_for_line(server, 'the trunk "carrier" cannot be reached by tls: nothing listens on tls://')
    server.stop()
    shutil.rmtree(server.folder, ignore_errors=True)


def test_the_start_says_what_is_wrong_with_a_certificate():
    with Authority() as authority:
        authority.issue("pbx", "DNS:office.example")
        for text, words in (
                ('sip: {listen: ["tls://127.0.0.1:0"]}\n', "needs a certificate"),
                (config(authority, ALL, "none"), "none.pem cannot be opened")):
            server = Server(OFFICE, config=text).start(expect_ready=False)
            assert server.process.returncode == 1
            assert words in "".join(server.errors), server.errors
            shutil.rmtree(server.folder, ignore_errors=True)


def test_wire_t18_cut_handshakes_leave_the_server_as_it_was():
    """The beginning of a handshake up to each 7th byte, then the end of the connection."""
    with secure_world(users=()) as world:
        address = world.server.listening["tls"]
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        session = world.authority.client().wrap_bio(incoming, outgoing, server_hostname="office.example")
        with contextlib.suppress(ssl.SSLWantReadError):
            session.do_handshake()
        hello = outgoing.read()
        for cut in range(0, len(hello), 7):
            with socket.create_connection(address, 5) as stream:
                stream.sendall(hello[:cut])
                stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with socket.create_connection(address, 5) as plain:  # TLS 1.1 is no more
            old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
            old.set_ciphers("ALL:@SECLEVEL=0")
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
            try:
                old.wrap_socket(plain)
                raise AssertionError("TLS 1.1 was spoken")
            except ssl.SSLError:
                pass
        phone = StreamPhone(world, "103")
        phone.register()
        phone.close()
