"""An office, a server that runs it, and one registered phone a user."""
import pathlib
import shutil
import time

from phone import Phone
from server import Server

OFFICE = """
tenant: office.example
users:
  - {extension: "101", name: Alice, sip: {password: pw101}}
  - {extension: "102", name: Bob, sip: {password: pw102}}
  - {extension: "103", name: Carol, sip: {password: pw103}}
  - {extension: "104", name: Dave, sip: {password: pw104}}
groups:
  - {name: All, extensions: ["600"], strategy: ring_all, timeout: 3, members: ["101", "102", "103"]}
  - {name: Turn, extensions: ["601"], strategy: sequential, members: [{ring: "101", for: 1}, {ring: "102", for: 1}]}
  - {name: Random, extensions: ["602"], strategy: random, members: [{ring: "101", for: 1}, {ring: "102", for: 1}]}
  - {name: Robin, extensions: ["603"], strategy: round_robin, members: [{ring: "101", for: 1}, {ring: "102", for: 1}]}
  - {name: Idle, extensions: ["604"], strategy: longest_idle, members: [{ring: "101", for: 1}, {ring: "102", for: 1}]}
  - {name: Few, extensions: ["605"], strategy: fewest_calls, members: [{ring: "101", for: 1}, {ring: "102", for: 1}]}
  - {name: Weight, extensions: ["606"], strategy: weighted, members: [{ring: "101", for: 1}, {ring: "102", for: 1, weight: 0}]}
  - {name: Stagger, extensions: ["607"], strategy: staggered, timeout: 3, members: ["101", {ring: "102", after: 1}]}
  - {name: Roll, extensions: ["608"], strategy: rollover, timeout: 3, members: [{ring: "101", for: 1}, {ring: "102", for: 1}]}
  - {name: Staged, extensions: ["609"], strategy: stages, stages: [{ring: ["101"], for: 1}, {ring: ["101", "102"], for: 1}]}
  - {name: Chained, extensions: ["610"], strategy: ring_all, timeout: 1, members: ["101"], finally: {group: Turn}}
  - {name: Out, extensions: ["611"], strategy: ring_all, timeout: 8, members: [{ring: "+48123456789", confirm: never}]}
chain:
  - {sip_number: "101", next_number: "102", service_number: "8008001", start_number: "101", for: 1}
  - {sip_number: "102", next_number: "0000", for: 1}
"""


class NotHere(Exception):
    """This machine does not allow what the test needs: told and counted as skipped, never as passed."""


class World:
    """A server and one registered phone a user."""

    def __init__(self, office=OFFICE, users=("101", "102", "103", "104"), config="",
                 server=Server):
        self.server = server(office, None, config).start()
        self.phones = {user: self.phone(user) for user in users}
        for phone in self.phones.values():
            phone.register()

    def phone(self, user, host="127.0.0.1"):
        return Phone(self.server.udp, user, "pw" + user, "office.example", host)

    def __getitem__(self, user):
        return self.phones[user]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for phone in self.phones.values():
            phone.close()
        if self.server.process.poll() is None:
            self.server.process.kill()
            self.server.process.wait()
        shutil.rmtree(self.server.folder, ignore_errors=True)


ELSEWHERE = ['SIP;cause=200;text="Call completed elsewhere"', "Q.850;cause=26"]


def wait_for_port(port):
    """Until somebody has this UDP port."""
    until = time.monotonic() + 10
    while f":{port:04X} " not in pathlib.Path("/proc/net/udp").read_text():
        assert time.monotonic() < until, f"nobody listens on UDP port {port}"
        time.sleep(0.02)
