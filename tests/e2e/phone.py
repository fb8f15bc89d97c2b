"""A small scripted SIP phone over UDP for tests and the demonstration: real sockets, plain text.

It registers with digest, calls, is called, and keeps every message with its time in `log`, so that a
test looks at the wire. One thread reads; waiting is for events, never for time to pass.
"""
import hashlib
import itertools
import os
import re
import socket
import threading
import time


class Message:
    def __init__(self, text):
        head, _, self.body = text.partition("\r\n\r\n")
        lines = head.split("\r\n")
        self.start = lines[0]
        self.headers = [tuple(part.strip() for part in line.split(":", 1)) for line in lines[1:]]
        self.at = time.monotonic()

    def all(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def get(self, name):
        values = self.all(name)
        return values[0] if values else ""

    @property
    def is_request(self):
        return not self.start.startswith("SIP/2.0 ")

    @property
    def method(self):
        return self.start.split()[0] if self.is_request else self.get("CSeq").split()[1]

    @property
    def code(self):
        return 0 if self.is_request else int(self.start.split()[1])

    @property
    def uri(self):
        return self.start.split()[1]

    def tag(self, name):
        found = re.search(r";tag=([^;\s]+)", self.get(name))
        return found[1] if found else ""


def uri_in(value):
    found = re.search(r"<([^>]+)>", value)
    return found[1] if found else value.split(";")[0]


class Call:
    """One dialog of a phone, either direction."""

    def __init__(self, phone, call_id):
        self.phone, self.call_id = phone, call_id
        self.local_tag = phone.token()
        self.remote_tag = self.target = self.local_uri = self.remote_uri = ""
        self.cseq, self.final, self.reasons, self.state = 0, 0, [], "new"
        self.invite = None
        self.acked = False


class Phone:
    counter = itertools.count(1)

    def __init__(self, server, username, password, domain, host="127.0.0.1", port=0):
        self.username, self.password, self.domain = username, password, domain
        self._open(server, host, port)
        self.log, self.calls = [], {}
        self.changed = threading.Condition()
        self.answers_after = self.refuses_with = None
        self.rings, self.silent = True, False
        self.crosses_cancel = False  # lifts the phone in the moment when the CANCEL arrives
        self.closed = False
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _open(self, server, host, port):
        self.server = server
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, port))
        self.host, self.port = self.socket.getsockname()

    def token(self):
        return f"{os.getpid():x}{next(Phone.counter):x}{self.port:x}"

    def close(self):
        """Ends the reader, too: while it reads, the port stays taken."""
        self.closed = True
        try:
            self.socket.shutdown(socket.SHUT_RD)
        except OSError:
            pass  # it has no peer, but the reader wakes up
        if threading.current_thread() is not self.reader:
            self.reader.join(5)
        self.socket.close()

    # ---- waiting ----
    def wait(self, test, seconds=10, what="an event"):
        with self.changed:
            if not self.changed.wait_for(test, seconds):
                seen = "\n".join(m.start for m in self.log)
                raise AssertionError(f"{self.username}: {what} did not come in {seconds} s; saw\n{seen}")

    def wait_call(self, state, seconds=10, nth=0):
        self.wait(lambda: len(self.calls) > nth and list(self.calls.values())[nth].state == state,
                  seconds, f"a call in state {state}")
        return list(self.calls.values())[nth]

    def requests(self, method):
        return [m for m in self.log if m.is_request and m.method == method]

    # ---- sending ----
    def _send(self, start, headers, body="", kind="application/sdp"):
        lines = [start] + [f"{name}: {value}" for name, value in headers]
        if body:
            lines.append("Content-Type: " + kind)
        lines.append(f"Content-Length: {len(body)}")
        data = "\r\n".join(lines) + "\r\n\r\n" + body
        if not self.closed:
            self.socket.sendto(data.encode(), self.server)

    def sdp(self):
        return (f"v=0\r\no=- {self.port} 1 IN IP4 {self.host}\r\ns=-\r\nc=IN IP4 {self.host}\r\n"
                f"t=0 0\r\nm=audio {self.port} RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\n"
                "a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n")

    def _via(self):
        return ("Via", f"SIP/2.0/UDP {self.host}:{self.port};rport;branch=z9hG4bK{self.token()}")

    def contact(self):
        return ("Contact", f"<sip:{self.username}@{self.host}:{self.port}>")

    def _credentials(self, challenge, method, uri):
        values = dict(re.findall(r'(\w+)="?([^",]+)"?', challenge))
        name = values.get("algorithm", "MD5")
        digest = hashlib.sha256 if name == "SHA-256" else hashlib.md5

        def h(text):
            return digest(text.encode()).hexdigest()
        cnonce, nc = self.token(), "00000001"
        ha1 = h(f"{self.username}:{values['realm']}:{self.password}")
        response = h(f"{ha1}:{values['nonce']}:{nc}:{cnonce}:auth:{h(f'{method}:{uri}')}")
        return (f'Digest username="{self.username}", realm="{values["realm"]}", '
                f'nonce="{values["nonce"]}", uri="{uri}", response="{response}", '
                f'algorithm={name}, qop=auth, nc={nc}, cnonce="{cnonce}"')

    def register(self, expires=3600, expect=200):
        uri = f"sip:{self.domain}"
        aor = f"<sip:{self.username}@{self.domain}>"
        call_id, cseq, extra = self.token(), 0, []
        for _ in range(2):
            cseq += 1
            before = len(self.log)
            self._send(f"REGISTER {uri} SIP/2.0",
                       [self._via(), ("Max-Forwards", "70"), ("From", f"{aor};tag={self.token()}"),
                        ("To", aor), ("Call-ID", call_id), ("CSeq", f"{cseq} REGISTER"),
                        self.contact(), ("Expires", str(expires))] + extra)
            self.wait(lambda: any(m.method == "REGISTER" for m in self.log[before:]), 5,
                      "an answer to REGISTER")
            answer = [m for m in self.log[before:] if m.method == "REGISTER"][-1]
            if answer.code != 401 or extra:
                break
            extra = [("Authorization", self._credentials(answer.get("WWW-Authenticate"),
                                                         "REGISTER", uri))]
        assert answer.code == expect, f"REGISTER: {answer.start}, expected {expect}"
        return answer

    def message(self, number, text):
        """SIP MESSAGE: the last answer."""
        uri, call_id, extra = f"sip:{number}@{self.domain}", self.token(), []
        for cseq in (1, 2):
            before = len(self.log)
            self._send(f"MESSAGE {uri} SIP/2.0",
                       [self._via(), ("Max-Forwards", "70"),
                        ("From", f"<sip:{self.username}@{self.domain}>;tag={self.token()}"),
                        ("To", f"<{uri}>"), ("Call-ID", call_id), ("CSeq", f"{cseq} MESSAGE")] + extra,
                       text, "text/plain")

            def answers():
                return [m for m in self.log[before:] if not m.is_request and m.method == "MESSAGE"]
            self.wait(answers, 5, "an answer to MESSAGE")
            answer = answers()[-1]
            if answer.code != 401:
                break
            extra = [("Authorization", self._credentials(answer.get("WWW-Authenticate"), "MESSAGE",
                                                         uri))]
        return answer

    def call(self, number, extra=()):
        call = Call(self, self.token())
        call.remote_uri = call.target = f"sip:{number}@{self.domain}"
        call.local_uri = f"sip:{self.username}@{self.domain}"
        call.extra = list(extra)
        call.outgoing = True
        self.calls[call.call_id] = call
        self._invite(call, [])
        return call

    def _invite(self, call, extra):
        call.cseq += 1
        call.via = self._via()
        self._send(f"INVITE {call.remote_uri} SIP/2.0",
                   [call.via, ("Max-Forwards", "70"),
                    ("From", f"<{call.local_uri}>;tag={call.local_tag}"), ("To", f"<{call.remote_uri}>"),
                    ("Call-ID", call.call_id), ("CSeq", f"{call.cseq} INVITE"), self.contact(),
                    ("Allow", "INVITE, ACK, CANCEL, BYE, UPDATE, INFO")] + extra + call.extra,
                   self.sdp())

    def _request(self, call, method, cseq, to_tag, via, uri=None, body=""):
        to = f"<{call.remote_uri}>" + (f";tag={to_tag}" if to_tag else "")
        self._send(f"{method} {uri or call.target} SIP/2.0",
                   [via, ("Max-Forwards", "70"), ("From", f"<{call.local_uri}>;tag={call.local_tag}"),
                    ("To", to), ("Call-ID", call.call_id), ("CSeq", f"{cseq} {method}")], body)

    def cancel(self, call):
        self._request(call, "CANCEL", call.cseq, "", call.via, uri=call.remote_uri)

    def hang_up(self, call):
        call.cseq += 1
        self._request(call, "BYE", call.cseq, call.remote_tag, self._via())
        self._set(call, "over")

    def _set(self, call, state):
        with self.changed:
            call.state = state
            self.changed.notify_all()

    def respond(self, request, code, call=None, body="", extra=()):
        headers = [("Via", via) for via in request.all("Via")]
        to = request.get("To")
        if call is not None and code > 100 and ";tag=" not in to:
            to += f";tag={call.local_tag}"
        headers += [("From", request.get("From")), ("To", to), ("Call-ID", request.get("Call-ID")),
                    ("CSeq", request.get("CSeq"))]
        if 100 < code < 300:
            headers.append(self.contact())
        self._send(f"SIP/2.0 {code} Answer", headers + list(extra), body)

    def answer(self, call):
        call.final = 200
        self._set(call, "talking")
        self.respond(call.invite, 200, call, self.sdp())

        def again(left, gap):
            if call.acked or left == 0 or self.closed:
                return
            self.respond(call.invite, 200, call, self.sdp())
            self._later(gap, lambda: again(left - 1, min(gap * 2, 4)))
        self._later(0.5, lambda: again(6, 1))

    def refuse(self, call, code, extra=()):
        call.final = code
        self.respond(call.invite, code, call, extra=extra)
        self._set(call, "over")

    @staticmethod
    def _later(seconds, what):
        timer = threading.Timer(seconds, what)
        timer.daemon = True
        timer.start()

    # ---- receiving ----
    def _read(self):
        while True:
            try:
                data = self.socket.recv(65536)
            except OSError:
                data = b""
            if self.closed:
                return
            if not data.strip():
                continue
            message = Message(data.decode(errors="replace"))
            with self.changed:
                self.log.append(message)
            if self.silent:
                pass
            elif message.is_request:
                self._on_request(message)
            else:
                self._on_response(message)
            with self.changed:
                self.changed.notify_all()

    def _on_request(self, request):
        call = self.calls.get(request.get("Call-ID"))
        if request.method == "INVITE" and call is None:
            self._on_new_call(request)
        elif request.method == "INVITE" and ";tag=" in request.get("To"):
            self.respond(request, 200, call, self.sdp())
        elif request.method == "ACK" and call is not None:
            call.acked = True
        elif request.method == "CANCEL" and call is not None:
            self.respond(request, 200, call)
            if call.final == 0 and self.crosses_cancel:
                call.reasons = request.all("Reason")
                self.answer(call)
            elif call.final == 0:
                call.final, call.reasons = 487, request.all("Reason")
                self.respond(call.invite, 487, call)
                self._set(call, "over")
        elif request.method == "BYE" and call is not None:
            self.respond(request, 200, call)
            call.acked, call.reasons = True, request.all("Reason")
            self._set(call, "over")
        elif request.method not in ("ACK", "INVITE"):
            known = call is not None or request.method in ("OPTIONS", "MESSAGE")
            self.respond(request, 200 if known else 481)

    def _on_new_call(self, request):
        call = Call(self, request.get("Call-ID"))
        call.outgoing = False
        call.invite, call.remote_tag = request, request.tag("From")
        call.remote_uri, call.local_uri = uri_in(request.get("From")), uri_in(request.get("To"))
        call.target = uri_in(request.get("Contact"))
        self.calls[call.call_id] = call
        self.respond(request, 100)
        if self.rings:
            self.respond(request, 180, call)
            self._set(call, "ringing")
        if self.refuses_with:
            self.refuse(call, self.refuses_with)
        elif self.answers_after is not None:
            self._later(self.answers_after, lambda: call.final == 0 and self.answer(call))

    def _on_response(self, response):
        call = self.calls.get(response.get("Call-ID"))
        if call is None or response.method != "INVITE":
            return
        if response.code == 401 and "Authorization" not in str(call.extra):
            self._request(call, "ACK", call.cseq, response.tag("To"), call.via, uri=call.remote_uri)
            call.extra.append(("Authorization", self._credentials(
                response.get("WWW-Authenticate"), "INVITE", call.remote_uri)))
            self._invite(call, [])
        elif response.code >= 300:
            self._request(call, "ACK", call.cseq, response.tag("To"), call.via, uri=call.remote_uri)
            call.final, call.reasons = response.code, response.all("Reason")
            self._set(call, "over")
        elif response.code >= 200:
            call.remote_tag, call.target = response.tag("To"), uri_in(response.get("Contact"))
            self._request(call, "ACK", int(response.get("CSeq").split()[0]), call.remote_tag, self._via())
            if call.final == 0:
                call.final = response.code
                self._set(call, "talking")
        elif response.code > 100:
            self._set(call, "ringing")
