"""Mail, end to end: the real server, a mail server on a real socket that keeps what it gets."""
import contextlib
import email
import email.policy
import pathlib
import shutil
import socketserver
import sqlite3
import threading
import time

from phone import Phone
from server import Server
from sound import SoundPhone, sines_in

OFFICE = """
tenant: office.example
timezone: Europe/Warsaw
language: LANGUAGE
users:
  - {extension: "101", name: Alice, email: alice@office.example, sip: {password: pw101}, mailbox: {pin: "1234"}}
  - {extension: "102", name: Bob, sip: {password: pw102}}
  - {extension: "104", name: Cora, sip: {password: pw104}}
groups:
  - {name: Sales, extensions: ["600"], strategy: ring_all, timeout: 1, members: ["101", "102"],
     email: {missed: [sales@office.example, boss@office.example], daily: [boss@office.example]}}
"""


class Talk(socketserver.StreamRequestHandler):
    """One connection of SMTP (RFC 5321)."""

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        sink, sender, to = self.server.sink, "", []
        self.say("220 sink ESMTP")
        while line := self.rfile.readline():
            words = line.decode().strip()
            verb = words.split(" ")[0].upper()
            if verb == "EHLO":
                self.say("250-sink\r\n250 SIZE 50000000")
            elif verb == "MAIL":
                sender, to = words.partition(":")[2].split(" ")[0], []
                self.say("250 ok")
            elif verb == "RCPT":
                address = words.partition(":")[2].split(" ")[0].strip("<>")
                code = sink.answers.get(address, 250)
                sink.asked.append(address)
                if code == 250:
                    to.append(address)
                self.say(f"{code} as you say")
            elif verb == "DATA":
                self.say("354 go on")
                data = b""
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    data += line[1:] if line.startswith(b"..") else line
                sink.mails.append((sender, to, email.message_from_bytes(data, policy=email.policy.default)))
                self.say("250 kept")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


class Sink:
    """A mail server. `answers`: what a RCPT gets, by address, instead of 250."""

    def __init__(self, port=0):
        self.mails, self.asked, self.answers = [], [], {}
        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", port), Talk)
        self.server.daemon_threads = True
        self.server.sink = self
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def wait(self, count, seconds=10):
        until = time.monotonic() + seconds
        while len(self.mails) < count:
            assert time.monotonic() < until, f"{len(self.mails)} mails, expected {count}"
            time.sleep(0.05)
        return self.mails


def config(port):
    return ('sip: {listen: ["udp://127.0.0.1:0", "tcp://127.0.0.1:0"]}\n'
            f'http: {{listen: "127.0.0.1:0"}}\ndrain: 2\nsmtp: "smtp://127.0.0.1:{port}"\n')


def free_port():
    sink = Sink()
    sink.close()
    return sink.port


@contextlib.contextmanager
def office(port, language="en", phone=Phone):
    """A server that sends its mail there, and phones 101, 102 and 104."""
    server = Server(OFFICE.replace("LANGUAGE", language), config=config(port)).start()
    phones = {}
    try:
        for user in ("101", "102", "104"):
            if phone is Phone:
                phones[user] = Phone(server.udp, user, "pw" + user, "office.example")
            else:
                phones[user] = phone(server.udp, user, 600)
            phones[user].register()
        yield server, phones
    finally:
        for one in phones.values():
            one.close()
        if server.process.poll() is None:
            server.kill()
        shutil.rmtree(server.folder, ignore_errors=True)


def miss_a_call(phones):
    call = phones["104"].call("600")
    phones["104"].wait(lambda: call.final == 480, 8, "480")


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def test_row_s1_12_a_missed_call_is_told_once_to_each_address():
    sink = Sink()
    with office(sink.port) as (server, phones):
        miss_a_call(phones)
        sink.wait(2)
        answered = phones["104"].call("600")
        phones["101"].answer(phones["101"].wait_call("ringing", nth=1))
        phones["104"].wait(lambda: answered.state == "talking", what="the answer")
        phones["104"].hang_up(answered)
        server.records(2)
        time.sleep(2.5)
        assert sorted(to for _, tos, _ in sink.mails for to in tos) == [
            "boss@office.example", "sales@office.example"], sink.mails
        sender, _, mail = sink.mails[0]
        assert sender == "<harrier@office.example>", sender
        assert mail["Subject"] == "Missed call for Sales from Cora (104)", mail["Subject"]
        text = text_of(mail)
        assert "  101 Alice: 0:01, did not answer" in text, text
        assert "Outcome:  nobody answered" in text, text
        assert "<b>Cora (104)</b>" in mail.get_body(("html",)).get_content()
    sink.close()


def test_a_call_that_the_caller_gave_up_is_told_in_polish():
    sink = Sink()
    with office(sink.port, "pl") as (_, phones):
        call = phones["104"].call("600")
        phones["101"].wait_call("ringing")
        phones["104"].wait(lambda: call.state == "ringing", what="180")
        phones["104"].cancel(call)
        sink.wait(2)
        mail = sink.mails[0][2]
        assert mail["Subject"] == "Nieodebrane połączenie do Sales od Cora (104)", mail["Subject"]
        assert "dzwoniący się rozłączył" in text_of(mail), text_of(mail)
    sink.close()


def test_a_dead_mail_server_and_kill_9_lose_no_mail():
    port = free_port()
    with office(port) as (server, phones):
        miss_a_call(phones)
        server.records(1)
        time.sleep(1.5)  # it was tried, and nobody is there
        server.kill()
        sink = Sink(port)
        server.start()
        sink.wait(2)
        time.sleep(2.5)
        assert len(sink.mails) == 2, sink.mails
        assert len({mail["Message-ID"] for _, _, mail in sink.mails}) == 2
        sink.close()


def test_an_address_that_is_refused_holds_up_no_other():
    sink = Sink()
    sink.answers = {"sales@office.example": 550}
    with office(sink.port) as (server, phones):
        miss_a_call(phones)
        sink.wait(1)
        time.sleep(2.5)
        assert [tos for _, tos, _ in sink.mails] == [["boss@office.example"]]
        assert sink.asked.count("sales@office.example") == 1, "it is not asked again"
    sink.close()


def test_a_message_comes_by_mail_with_its_recording():
    sink = Sink()
    with office(sink.port, phone=SoundPhone) as (_, phones):
        call = phones["104"].call("101")
        phones["101"].refuse(phones["101"].wait_call("ringing"), 486)
        phones["104"].wait(lambda: call.state == "talking", what="the mailbox's answer")
        phones["104"].wait_for(phones["104"].hears_something, 3, "hears no greeting")
        phones["104"].press("#")
        time.sleep(3)
        phones["104"].hang_up(call)
        sink.wait(1)
        _, to, mail = sink.mails[0]
        assert to == ["alice@office.example"]
        assert mail["Subject"] == "Message from Cora (104) in mailbox 101", mail["Subject"]
        (attached,) = list(mail.iter_attachments())
        assert attached.get_content_type() == "audio/wav"
        path = pathlib.Path("/tmp") / attached.get_filename()
        path.write_bytes(attached.get_payload(decode=True))
        try:
            assert sines_in(path) == [600]
        finally:
            path.unlink()
    sink.close()


def test_row_s1_13_the_day_that_ended_while_nobody_ran_is_told_with_its_calls():
    sink = Sink()
    with office(sink.port) as (server, phones):
        miss_a_call(phones)
        server.records(1)
        sink.wait(2)
        sink.mails.clear()
        server.stop()
        database = sqlite3.connect(server.data / "harrier.db")
        day = 86_400_000
        database.execute("UPDATE records SET started=started-?", (day,))
        database.execute("UPDATE meta SET value=CAST(value AS INTEGER)-? WHERE key='days_until'",
                         (day,))
        database.commit()
        database.close()
        server.start()
        sink.wait(1)
        _, to, mail = sink.mails[0]
        assert to == ["boss@office.example"]
        assert mail["Subject"].startswith("Calls of Sales on 2"), mail["Subject"]
        text = text_of(mail)
        assert "Calls:          1" in text and "Not answered:   1" in text, text
        (attached,) = list(mail.iter_attachments())
        assert attached.get_filename().startswith("calls-2"), attached.get_filename()
        lines = attached.get_content().splitlines()
        assert len(lines) == 2 and ",Sales," in lines[1], lines
        server.stop()
        server.start()
        time.sleep(2.5)
        assert len(sink.mails) == 1, "a restart tells nothing again"
    sink.close()
