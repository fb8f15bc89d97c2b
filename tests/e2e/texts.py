"""Texts between users (RFC 3428) with real SIP: they outlive kill -9 and the absence of phones."""
import contextlib
import time

from phone import Phone
from server import Server

OFFICE = """
tenant: office.example
users:
  - {extension: "101", name: Alice, sip: {password: pw101}}
  - {extension: "102", name: Bob, sip: {password: pw102}}
"""


def wait_for_log(server, text, seconds=10):
    until = time.monotonic() + seconds
    while not any(text in line for line in server.errors):
        assert time.monotonic() < until, f"{text!r} is not in the log"
        time.sleep(0.02)


@contextlib.contextmanager
def phones(server):
    made = [Phone(server.udp, user, "pw" + user, "office.example") for user in ("101", "102")]
    try:
        yield made
    finally:
        for phone in made:
            phone.close()


def test_row_s1_20_a_text_waits_through_kill_9_for_a_phone():
    server = Server(OFFICE).start()
    try:
        with phones(server) as (alice, _):
            assert alice.message("102", "Hello Bob, are you there?").code == 202
            assert alice.message("102", "Call me").code == 202
        server.kill()
        server.start()
        with phones(server) as (_, bob):
            bob.register()
            bob.wait(lambda: len(bob.requests("MESSAGE")) == 2, what="both texts")
            first, second = bob.requests("MESSAGE")
            assert (first.body, second.body) == ("Hello Bob, are you there?", "Call me")
            assert "<sip:101@office.example>" in first.get("From"), first.get("From")
            assert '"Alice"' in first.get("From") and first.get("Date").endswith("GMT")
            wait_for_log(server, "event=text.gone")
            time.sleep(0.3)  # the second one's end is in the journal
        server.kill()
        server.start()
        with phones(server) as (_, bob):
            bob.register()
            time.sleep(0.5)
            assert bob.requests("MESSAGE") == [], "what was delivered does not come again"
    finally:
        server.kill()
