#!/usr/bin/env python3
"""SIP phones for the browser tests, told what to do by lines of JSON on stdin; each is answered.

{"do": "register", "user": "101", "password": "…", "domain": "…", "server": ["127.0.0.1", 5060]}
{"do": "call", "user": "101", "number": "600"} · "answer" · "hang_up" · "cancel" · "unregister"
{"do": "guess", "user": "101", "host": "127.0.0.66", "times": 30, "domain": "…", "server": […]}
{"do": "wait", "user": "102", "state": "ringing" | "talking" | "over", "seconds": 10}
"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
from phone import Phone  # noqa: E402


class Desk:
    def __init__(self):
        self.phones = {}

    def last(self, user):
        return list(self.phones[user].calls.values())[-1]

    def register(self, user, password, domain, server, **_):
        phone = Phone(tuple(server), user, password, domain)
        phone.register()
        self.phones[user] = phone

    def guess(self, user, host, times, domain, server, **_):
        guesser = Phone(tuple(server), user, "wrong", domain, host)
        for _ in range(times):
            guesser.register(expect=401)
        guesser.close()

    def unregister(self, user, **_):
        self.phones[user].register(expires=0)

    def call(self, user, number, **_):
        self.phones[user].call(number)

    def answer(self, user, **_):
        self.phones[user].answer(self.last(user))

    def hang_up(self, user, **_):
        self.phones[user].hang_up(self.last(user))

    def cancel(self, user, **_):
        self.phones[user].cancel(self.last(user))

    def wait(self, user, state, seconds=10, **_):
        phone = self.phones[user]
        phone.wait(lambda: phone.calls and self.last(user).state == state, seconds,
                   f"a call in state {state}")


def main():
    desk = Desk()
    for line in sys.stdin:
        order = json.loads(line)
        try:
            getattr(desk, order.pop("do"))(**order)
            print(json.dumps({"ok": True}), flush=True)
        except Exception as error:  # told to the test, which fails with it
            print(json.dumps({"ok": False, "why": str(error)}), flush=True)
    for phone in desk.phones.values():
        phone.close()


main()
