"""IPv6 on the wire: phones on ::1, and one call between the two families with sound both ways."""
import socket
import struct

from phone import Phone
from sound import SoundPhone
from world import ELSEWHERE, OFFICE, World

CONFIG = ('sip: {listen: ["udp://127.0.0.1:0", "udp://[::1]:0", "tcp://[::1]:0"]}\n'
          'http: {listen: "127.0.0.1:0"}\ndrain: 2\n')


class Six:
    """Makes a phone of one on ::1."""

    def _open(self, server, _host, port):
        self.socket = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        self.socket.bind(("::1", port))
        self.server = server
        self.host, self.port = "[::1]", self.socket.getsockname()[1]

    def sdp(self):
        return super().sdp().replace("IP4 [::1]", "IP6 ::1")


class SixPhone(Six, Phone):
    pass


class SixSoundPhone(Six, SoundPhone):
    family = socket.AF_INET6


def six(world):
    host, port = world.server.listening_all["udp"][1]
    return host.strip("[]"), port


def test_phones_on_ipv6_register_call_and_answer():
    with World(OFFICE, (), CONFIG) as world:
        phones = {user: SixPhone(six(world), user, "pw" + user, "office.example")
                  for user in ("101", "102", "103", "104")}
        for phone in phones.values():
            answer = phone.register()
            assert f"sip:{phone.username}@[::1]:{phone.port}" in answer.get("Contact")
            assert ";received=::1" in answer.get("Via"), answer.get("Via")
        call = phones["104"].call("600")
        ringing = phones["102"].wait_call("ringing")
        invite = ringing.invite
        assert invite.get("Via").startswith("SIP/2.0/UDP [::1]:"), invite.get("Via")
        assert invite.get("Contact").startswith("<sip:[::1]:"), invite.get("Contact")
        assert "c=IN IP6 ::1" in invite.body and "o=- " in invite.body, invite.body
        phones["102"].answer(ringing)
        phones["104"].wait(lambda: call.state == "talking", what="the answer")
        assert phones["101"].wait_call("over").reasons == ELSEWHERE
        phones["104"].hang_up(call)
        phones["102"].wait_call("over")
        assert world.server.records(1)[0]["answered_by"] == "102"
        for phone in phones.values():
            phone.close()


def mapped_address(answer):
    """The XOR-MAPPED-ADDRESS of a STUN answer."""
    assert answer[:2] == b"\x01\x01" and answer[20:22] == b"\0\x20", answer
    port = struct.unpack("!H", answer[26:28])[0] ^ 0x2112
    family = socket.AF_INET6 if answer[25] == 2 else socket.AF_INET
    hidden = answer[28:44 if answer[25] == 2 else 32]
    return socket.inet_ntop(family, bytes(a ^ b for a, b in zip(hidden, answer[4:20]))), port


def test_rfc5626_stun_on_the_sip_port_tells_the_address_in_both_families():
    with World(OFFICE, (), CONFIG) as world:
        for family, own, place in ((socket.AF_INET, "127.0.0.1", 0), (socket.AF_INET6, "::1", 1)):
            with socket.socket(family, socket.SOCK_DGRAM) as phone:
                phone.bind((own, 0))
                phone.settimeout(5)
                host, port = world.server.listening_all["udp"][place]
                phone.sendto(struct.pack("!HHI", 1, 0, 0x2112A442) + b"transaction!",
                             (host.strip("[]"), port))
                assert mapped_address(phone.recv(512)) == (own, phone.getsockname()[1])


def test_a_call_from_ipv6_to_ipv4_is_heard_both_ways():
    with World(OFFICE, (), CONFIG) as world:
        caller = SixSoundPhone(six(world), "104", speaks=440)
        callee = SoundPhone(world.server.listening_all["udp"][0], "101", speaks=880)
        for phone in (caller, callee):
            phone.register()
        call = caller.call("101")
        ringing = callee.wait_call("ringing")
        assert "c=IN IP4 127.0.0.1" in ringing.invite.body, ringing.invite.body
        callee.answer(ringing)
        caller.wait(lambda: call.state == "talking", what="the answer")
        caller.wait_for(lambda: caller.hears(880), 5, "does not hear the callee")
        callee.wait_for(lambda: callee.hears(440), 5, "does not hear the caller")
        caller.hang_up(call)
        callee.wait_call("over")
        for phone in (caller, callee):
            phone.close()
