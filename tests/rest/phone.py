"""A SIP phone for tests: real UDP on loopback, the few messages that a call needs."""
import hashlib
import re
import socket
import threading
import time
import uuid

SDP = ("v=0\r\no=- %d 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
       "m=audio %d RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
       "a=sendrecv\r\n")
COPIED = ("via", "from", "to", "call-id", "cseq")
PATIENCE = 30.0


class Message:
    def __init__(self, text):
        head, _, self.body = text.partition("\r\n\r\n")
        lines = head.split("\r\n")
        self.start = lines[0]
        self.headers = []
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers.append((name.strip(), value.strip()))

    def all(self, name):
        return [value for key, value in self.headers if key.lower() == name]

    def one(self, name):
        found = self.all(name)
        return found[0] if found else ""

    @property
    def status(self):
        return int(self.start.split(" ")[1]) if self.start.startswith("SIP/2.0 ") else None

    @property
    def method(self):
        return None if self.status else self.start.split(" ")[0]


def with_tag(value, tag):
    return value if ";tag=" in value else value + ";tag=" + tag


class Phone:
    """Answers calls as `behaviour` says: "ring" (180 only), "answer" (180, 200), "busy" (486)."""

    def __init__(self, server, behaviour="answer", user="phone"):
        self.server = server
        self.behaviour = behaviour
        self.user = user
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.tag = uuid.uuid4().hex[:8]
        self.messages = []
        self.changed = threading.Condition()
        self.invite = None  # the last one that rang here
        self.open = True
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def uri(self):
        return "sip:%s@127.0.0.1:%d" % (self.user, self.port)

    def close(self):
        self.open = False
        self.socket.sendto(b"", ("127.0.0.1", self.port))
        self.socket.close()

    # ---- the network -------------------------------------------------------------------------

    def _read(self):
        while self.open:
            try:
                data, _ = self.socket.recvfrom(65536)
            except OSError:
                return
            if data:
                self._take(Message(data.decode("utf-8", "replace")))

    def _take(self, message):
        with self.changed:
            self.messages.append(message)
            self.changed.notify_all()
        if message.method == "INVITE":
            self._rung(message)
        elif message.method == "CANCEL":
            self.reply(message, 200, "OK")
            self.reply(self.invite, 487, "Request Terminated")
        elif message.method not in (None, "ACK"):
            self.reply(message, 200, "OK")

    def _rung(self, message):
        again = self.invite is not None and self.invite.one("call-id") == message.one("call-id")
        self.invite = message
        if again:
            return
        if self.behaviour == "busy":
            self.reply(message, 486, "Busy Here")
            return
        self.reply(message, 180, "Ringing")
        if self.behaviour == "answer":
            self.answer()

    def answer(self):
        self.reply(self.invite, 200, "OK", SDP % (self.port, self.port))

    def reply(self, request, status, reason, body=""):
        lines = ["SIP/2.0 %d %s" % (status, reason)]
        for name, value in request.headers:
            if name.lower() in COPIED or name.lower() == "record-route":
                lines.append("%s: %s" % (name, with_tag(value, self.tag)
                                         if name.lower() == "to" else value))
        lines.append("Contact: <%s>" % self.uri)
        self._send(lines, body)

    def _send(self, lines, body=""):
        if body:
            lines.append("Content-Type: application/sdp")
        lines.append("Content-Length: %d" % len(body))
        self.socket.sendto(("\r\n".join(lines) + "\r\n\r\n" + body).encode(), self.server)

    def wait_for(self, wanted, what):
        """The first message for which wanted(message) is true."""
        end = time.monotonic() + PATIENCE
        with self.changed:
            while True:
                for message in self.messages:
                    if wanted(message):
                        return message
                if not self.changed.wait(max(0.0, end - time.monotonic())):
                    raise AssertionError("%s: never %s, only %s" % (
                        self.user, what, [m.start for m in self.messages]))

    def wait_for_request(self, method):
        return self.wait_for(lambda m: m.method == method, method)

    # ---- registration ------------------------------------------------------------------------

    def register(self, user, password, domain="office.example", expires=300):
        self.user = user
        call_id, tag = uuid.uuid4().hex, uuid.uuid4().hex[:8]
        challenge = self._register_once(user, domain, expires, call_id, tag, 1, "")
        if challenge.status != 401:
            return challenge
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', challenge.one("www-authenticate")))
        algorithm = given.get("algorithm", "MD5")
        digest = hashlib.sha256 if algorithm.upper() == "SHA-256" else hashlib.md5

        def h(text):
            return digest(text.encode()).hexdigest()

        uri = "sip:" + domain
        cnonce = uuid.uuid4().hex[:16]
        secret = h("%s:%s:%s" % (user, given["realm"], password))
        response = h("%s:%s:00000001:%s:auth:%s" % (secret, given["nonce"], cnonce,
                                                    h("REGISTER:" + uri)))
        credentials = ('Digest username="%s", realm="%s", nonce="%s", uri="%s", response="%s", '
                       'algorithm=%s, qop=auth, nc=00000001, cnonce="%s"' %
                       (user, given["realm"], given["nonce"], uri, response, algorithm, cnonce))
        if "opaque" in given:
            credentials += ', opaque="%s"' % given["opaque"]
        return self._register_once(user, domain, expires, call_id, tag, 2,
                                   "Authorization: " + credentials)

    def _register_once(self, user, domain, expires, call_id, tag, cseq, authorization):
        lines = ["REGISTER sip:%s SIP/2.0" % domain, self._via(),
                 "From: <sip:%s@%s>;tag=%s" % (user, domain, tag),
                 "To: <sip:%s@%s>" % (user, domain), "Call-ID: " + call_id,
                 "CSeq: %d REGISTER" % cseq, "Max-Forwards: 70", "Contact: <%s>" % self.uri,
                 "Expires: %d" % expires, "User-Agent: rest test phone"]
        self._send(lines + ([authorization] if authorization else []))
        return self.wait_for(lambda m: m.status and m.one("call-id") == call_id and
                             m.one("cseq").startswith("%d " % cseq), "an answer to REGISTER")

    def _via(self):
        return "Via: SIP/2.0/UDP 127.0.0.1:%d;rport;branch=z9hG4bK%s" % (self.port,
                                                                         uuid.uuid4().hex)

    # ---- calling -----------------------------------------------------------------------------

    def call(self, number, name="Caller", domain="office.example"):
        return OutgoingCall(self, number, name, domain)


class OutgoingCall:
    """An INVITE of a phone and what follows it."""

    def __init__(self, phone, number, name, domain):
        self.phone = phone
        self.call_id = uuid.uuid4().hex
        self.target = "sip:%s@%s" % (number, domain)
        self.from_value = '"%s" <sip:%s@%s>;tag=%s' % (name, phone.user, domain,
                                                       uuid.uuid4().hex[:8])
        self.via = phone._via()
        self.final = None
        phone._send(self._lines("INVITE", 1, self.via, "<%s>" % self.target) +
                    ["Contact: <%s>" % phone.uri, "Allow: INVITE, ACK, BYE, CANCEL, UPDATE"],
                    SDP % (phone.port, phone.port))

    def _lines(self, method, cseq, via, to):
        target = self.target
        if self.final is not None and method in ("ACK", "BYE") and self.final.status < 300:
            target = re.search(r"<([^>]+)>", self.final.one("contact")).group(1)
        return ["%s %s SIP/2.0" % (method, target), via, "Max-Forwards: 70",
                "From: " + self.from_value, "To: " + to, "Call-ID: " + self.call_id,
                "CSeq: %d %s" % (cseq, method)]

    def response(self, least, most=699, method="INVITE"):
        return self.phone.wait_for(
            lambda m: m.status and least <= m.status <= most and
            m.one("call-id") == self.call_id and m.one("cseq").endswith(method),
            "%d-%d to %s" % (least, most, method))

    def wait_for_ringing(self):
        return self.response(180, 180)

    def wait_for_final(self):
        """The final response, acknowledged."""
        self.final = self.response(200)
        via = self.phone._via() if self.final.status < 300 else self.via
        self.phone._send(self._lines("ACK", 1, via, self.final.one("to")))
        return self.final

    def cancel(self):
        self.phone._send(self._lines("CANCEL", 1, self.via, "<%s>" % self.target))
        return self.wait_for_final()

    def hang_up(self):
        self.phone._send(self._lines("BYE", 2, self.phone._via(), self.final.one("to")))
        return self.response(200, 200, "BYE")
