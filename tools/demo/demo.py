#!/usr/bin/env python3
"""`./dev up --demo`: three scripted phones and a caller make real calls to the example groups.

Real SIP over real sockets; the pictures come from `harrier calls --follow` (on a terminal, while it
rings) and `harrier trace` (what was planned and what happened). Runs one round of calls.
"""
import pathlib
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/e2e"))
from phone import Phone  # noqa: E402

SERVER = ("127.0.0.1", 5060)
CALLER = "127.0.0.9"  # trusted by the server of the demonstration: it needs no account
PEOPLE = {"101": "alice-101-example", "102": "bob-102-example", "103": "carol-103-example"}
# number, who answers after how many seconds of ringing, what it shows
CALLS = [("600", {"102": 3}, "everybody rings, Bob is the first"),
         ("601", {"102": 4}, "Alice rings 10 s, then Bob, who answers after 4 s"),
         ("607", {"103": 3}, "people join one by one; Carol, the last, answers"),
         ("600", {}, "nobody answers, and the caller gives up after 6 s")]


def trace(data, what="last"):
    done = subprocess.run([ROOT / "build/release/harrier", "trace", what, "--data", data],
                          capture_output=True, text=True, check=False)
    print(done.stdout or done.stderr, flush=True)


def register(phone):
    for _ in range(50):  # the server is starting
        try:
            phone.register()
            return
        except AssertionError:
            time.sleep(0.1)
    phone.register()


def follow(data):
    if not sys.stdout.isatty():
        return None
    return subprocess.Popen([ROOT / "build/release/harrier", "calls", "--follow", "--data", data])


def one_call(caller, number, answered, data):
    picture = follow(data)
    try:
        call = caller.call(number)
        try:
            caller.wait(lambda: call.state in ("talking", "over"), 40 if answered else 6)
            time.sleep(2)  # they talk, so that there is something to see
            if call.state == "talking":
                caller.hang_up(call)
        except AssertionError:
            caller.cancel(call)
            caller.wait(lambda: call.state == "over", 5)
        time.sleep(1)  # the record is written
    finally:
        if picture is not None:
            picture.terminate()
            picture.wait()


def main(data):
    phones = {}
    try:
        play(phones, data)
        while True:
            time.sleep(60)
    finally:  # nothing of it is left for phones that come later
        for phone in phones.values():
            phone.register(expires=0)


def play(phones, data):
    for number, (user, password) in enumerate(PEOPLE.items(), 10):
        phones[user] = Phone(SERVER, user, password, "office.example", f"127.0.0.{number}")
        register(phones[user])
    caller = Phone(SERVER, "+48600100200", "", "office.example", CALLER)
    for number, answers, what in CALLS:
        print(f"\n=== +48 600 100 200 dials {number}: {what}\n", flush=True)
        for user, phone in phones.items():
            phone.answers_after = answers.get(user)
        one_call(caller, number, bool(answers), data)
        trace(data)
    print("That was the demonstration; the server runs on. Ctrl-C ends it.", flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # the picture is ended, too
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        pass
