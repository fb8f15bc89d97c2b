"""A phone that vanishes without a word (reliability.md E4, G12): its cable is out, its connection looks
open. In a network of our own (unshare, as root), where an address can be taken away."""
import pathlib
import socket
import subprocess
import sys
import time

from secure import StreamPhone
from world import NotHere, World

HOUSE, AWAY = "10.99.0.1", "10.99.0.2"
OFFICE = """
tenant: office.example
users:
  - {extension: "101", name: Alice, sip: {password: pw101}}
  - {extension: "103", name: Carol, sip: {password: pw103}}
  - {extension: "104", name: Dave, sip: {password: pw104}}
groups:
  - {name: Turn, extensions: ["600"], strategy: sequential, members: [{ring: "103", for: 20}, {ring: "101", for: 20}]}
"""
CONFIG = (f'sip: {{listen: ["udp://{HOUSE}:0", "tcp://{HOUSE}:0"]}}\n'
          'http: {listen: "127.0.0.1:0"}\ndrain: 2\n')


class TcpPhone(StreamPhone):
    transport = "tcp"

    def connect(self, world):
        stream = socket.create_connection(world.server.listening["tcp"], 5, source_address=(AWAY, 0))
        stream.settimeout(None)
        return stream


def rings_after(world, count):
    """Seconds from the call of 104 to the `count`th INVITE at 101."""
    began = time.monotonic()
    call = world["104"].call("600")
    world["101"].wait_call("ringing", 10, nth=count - 1)
    taken = world["101"].requests("INVITE")[-1].at - began
    world["104"].cancel(call)
    world["104"].wait(lambda: call.final == 487, what="487")
    return taken


def scenario():
    for command in (f"addr add {HOUSE}/32 dev lo", f"addr add {AWAY}/32 dev lo", "link set lo up"):
        subprocess.run(["ip", *command.split()], check=True)
    with World(OFFICE, (), CONFIG) as world:
        world.phones = {user: world.phone(user, HOUSE) for user in ("101", "104")}
        for phone in world.phones.values():
            phone.register()
        vanished = TcpPhone(world, "103")
        vanished.register()
        subprocess.run(["ip", "addr", "del", f"{AWAY}/32", "dev", "lo"], check=True)
        first = rings_after(world, 1)
        assert first <= 3.5, f"the next member rang after {first:.1f} s"
        until = time.monotonic() + 5
        while any(item["user"] == "103" for item in
                  world.server.api("GET", "/api/v1/registrations")[1]["items"]):
            assert time.monotonic() < until, "the binding is still there"
            time.sleep(0.05)
        second = rings_after(world, 2)
        assert second <= 0.5, f"the dead phone was tried again for {second:.1f} s"


def test_wire_e4_a_member_who_vanishes_is_passed_over_in_time_and_not_tried_again():
    if subprocess.run(["unshare", "-n", "ip", "link", "set", "lo", "up"],
                      capture_output=True, check=False).returncode != 0:
        raise NotHere("nobody may make a network of his own here")
    done = subprocess.run(["unshare", "-n", sys.executable, pathlib.Path(__file__)],
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


if __name__ == "__main__":
    scenario()
