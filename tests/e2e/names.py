"""Where a trunk's name leads (RFC 3263), asked of a real nameserver: one of our own on loopback, which
the server finds in a resolv.conf that only it sees (unshare, as root)."""
import os
import pathlib
import socket
import struct
import subprocess
import threading

from phone import Phone
from server import Server
from world import OFFICE, NotHere, World

NAMESERVER = f"127.7.{os.getpid() // 250 % 250 + 1}.{os.getpid() % 250 + 1}"  # nobody else's
TRUNKED = OFFICE + 'trunks: [{name: carrier, uri: "sip:carrier.example", numbers: ["+48"]}]\n'
A, SRV, NAPTR = 1, 33, 35


def name(text):
    return b"".join(bytes([len(part)]) + part.encode() for part in text.split(".")) + b"\0"


def text(value):
    return bytes([len(value)]) + value.encode()


def naptr(order, service, replacement):
    return struct.pack("!HH", order, 0) + text("s") + text(service) + text("") + name(replacement)


def srv(priority, port, target):
    return struct.pack("!HHH", priority, 0, port) + name(target)


class Nameserver:
    """Answers from `zone`: (name, type) -> records; `asked` is what came."""

    def __init__(self, zone):
        self.zone, self.asked = zone, []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((NAMESERVER, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                query, peer = self.socket.recvfrom(4096)
            except OSError:
                return
            at, labels = 12, []
            while query[at]:
                labels.append(query[at + 1:at + 1 + query[at]].decode())
                at += 1 + query[at]
            kind = struct.unpack("!H", query[at + 1:at + 3])[0]
            key = ".".join(labels).lower(), kind
            self.asked.append(key)
            records = self.zone.get(key, [])
            head = query[:2] + struct.pack("!HHHHH", 0x8180, 1, len(records), 0, 0)
            answers = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(data)) + data
                               for data in records)
            self.socket.sendto(head + query[12:at + 5] + answers, peer)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


class ServerWithNames(Server):
    def command(self):
        resolv = pathlib.Path(self.folder) / "resolv.conf"
        resolv.write_text(f"nameserver {NAMESERVER}\n")
        script = f'mount --bind {resolv} /etc/resolv.conf && exec "$@"'
        return ["unshare", "-m", "sh", "-c", script, "sh", *super().command()]


def test_rfc3263_a_trunks_name_leads_by_naptr_and_srv_and_past_a_dead_server():
    if subprocess.run(["unshare", "-m", "sh", "-c", "mount --bind /etc/hosts /etc/resolv.conf"],
                      capture_output=True, check=False).returncode != 0:
        raise NotHere("nobody may mount here: the server cannot have a resolv.conf of its own")
    closed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    closed.bind(("127.0.0.2", 0))
    carrier = Phone(("127.0.0.1", 9), "carrier", "", "carrier.example", host="127.0.0.3")
    zone = {("carrier.example", NAPTR): [naptr(20, "SIP+D2T", "tcp.carrier.example"),
                                         naptr(10, "SIP+D2U", "udp.carrier.example")],
            ("udp.carrier.example", SRV): [srv(20, carrier.port, "alive.carrier.example"),
                                           srv(10, closed.getsockname()[1], "dead.carrier.example")],
            ("dead.carrier.example", A): [socket.inet_aton("127.0.0.2")],
            ("alive.carrier.example", A): [socket.inet_aton("127.0.0.3")]}
    closed.close()
    with Nameserver(zone) as nameserver, World(TRUNKED, ("104",), server=ServerWithNames) as world:
        carrier.server = world.server.udp
        call = world["104"].call("+48123456789")
        ringing = carrier.wait_call("ringing", 5)
        assert ringing.invite.uri == "sip:+48123456789@carrier.example", ringing.invite.start
        carrier.answer(ringing)
        world["104"].wait(lambda: call.state == "talking", what="the answer")
        world["104"].hang_up(call)
        carrier.wait_call("over")
        record = world.server.records(1)[0]
        assert record["outcome"] == "answered", record
        contacts = [contact["sip_status"] for contact in record["attempts"][0]["contacts"]]
        assert contacts == [503, 200], contacts
        assert ("carrier.example", NAPTR) in nameserver.asked
        assert ("carrier.example", A) not in nameserver.asked
    carrier.close()
