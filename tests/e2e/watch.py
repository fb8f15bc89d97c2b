"""The SIP messages of a call afterwards: as a ladder, as a capture file, at a capture server."""
import re
import socket
import struct
import time

from malformed import metric
from world import World


def _answered_call(world):
    call = world["104"].call("600")
    world["102"].answer(world["102"].wait_call("ringing"))
    world["104"].wait(lambda: call.state == "talking", what="the answer")
    world["104"].hang_up(call)
    world["102"].wait_call("over")
    return call, world.server.records(1)[0]["id"]


def _messages(world, name):
    """All messages of a call, once both BYEs are answered."""
    until = time.monotonic() + 5
    while True:
        items = world.server.api("GET", f"/api/v1/calls/{name}/sip")[1]["items"]
        ends = {item["call_id"] for item in items
                if item["start"].startswith("200") and re.search(r"CSeq: \d+ BYE", item["text"])}
        if len(ends) == 2:
            return items
        assert time.monotonic() < until, [item["start"] for item in items]
        time.sleep(0.05)


def _pcap(data):
    """The datagrams of a capture file: (source port, target port, text)."""
    assert struct.unpack(">I", data[:4])[0] == 0xA1B2C3D4 and struct.unpack(">I", data[20:24])[0] == 101
    at, found = 24, []
    while at < len(data):
        size = struct.unpack(">I", data[at + 8:at + 12])[0]
        packet = data[at + 16:at + 16 + size]
        assert packet[0] == 0x45 and packet[9] == 17, packet[:20]
        found.append((*struct.unpack(">HH", packet[20:24]), packet[28:].decode()))
        at += 16 + size
    return found


def test_the_messages_of_a_call_are_shown_with_all_its_legs_and_without_secrets():
    with World() as world:
        call, name = _answered_call(world)
        items = _messages(world, name)
        once = {item["text"]: item["start"].split()[0] for item in items}  # without repetitions
        starts = list(once.values())
        assert starts[0] == "INVITE" and starts.count("INVITE") == 5, starts  # two of the caller's
        assert len({item["call_id"] for item in items}) == 4, "the caller's leg and three members'"
        assert starts.count("CANCEL") == 2 and starts.count("BYE") == 2, starts
        text = "".join(item["text"] for item in items)
        assert "Authorization: Digest" in text
        for secret in re.findall(r'(?:response|nonce)="([^"]*)"', text):
            assert set(secret) == {"x"}, secret
        status, out, err = world.server.harrier("trace", name, "--sip")
        assert status == 0 and out.count("\n") == len(items) + 1, err
        assert "harrier" in out.splitlines()[0] and "► " not in out.splitlines()[0]
        assert f"127.0.0.1:{world['104'].port}" in out.splitlines()[0]
        file = world.server.folder / "call.pcap"
        assert world.server.harrier("trace", call.call_id, "--pcap", str(file))[0] == 0
        captured = _pcap(file.read_bytes())
        assert len(captured) == len(items)
        assert captured[0][:2] == (world["104"].port, world.server.udp[1]), captured[0]
        assert captured[0][2].startswith("INVITE sip:600@office.example SIP/2.0\r\n")


def _hep(datagram):
    assert datagram[:4] == b"HEP3" and struct.unpack(">H", datagram[4:6])[0] == len(datagram)
    at, chunks = 6, {}
    while at < len(datagram):
        kind, size = struct.unpack(">HH", datagram[at + 2:at + 6])
        chunks[kind] = datagram[at + 6:at + size]
        at += size
    return chunks


def test_a_capture_server_gets_every_message_and_one_that_is_dead_costs_nothing():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as capture:
        capture.bind(("127.0.0.1", 0))
        capture.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_000_000)
        capture.settimeout(5)
        config = ('sip: {listen: ["udp://127.0.0.1:0"]}\nhttp: {listen: "127.0.0.1:0"}\n'
                  f'hep: {{to: "127.0.0.1:{capture.getsockname()[1]}", id: 77, password: "let me in"}}\n'
                  'log: {pii: hidden}\n')
        with World(config=config) as world:
            call, _ = _answered_call(world)
            seen, until = [], time.monotonic() + 5
            while not any(c[15].startswith(b"SIP/2.0 200") and b"BYE" in c[15] for c in seen):
                assert time.monotonic() < until, "the answer to BYE did not come"
                seen.append(_hep(capture.recv(65536)))
            for chunks in seen:
                assert struct.unpack(">I", chunks[12])[0] == 77 and chunks[14] == b"let me in"
                assert chunks[1] == b"\x02" and chunks[2] == b"\x11" and chunks[11] == b"\x01"
                assert chunks[3] == chunks[4] == bytes([127, 0, 0, 1])
                assert b"sip:104@" not in chunks[15] and b"sip:102@" not in chunks[15], chunks[15]
            legs = [c for c in seen if c[17].decode() == call.call_id]
            assert len({c[15] for c in legs if c[15].startswith(b"INVITE")}) == 5, len(legs)
            assert metric(world, 'harrier_hep_messages_total{result="sent"}', len(seen)) >= len(seen)
            capture.close()
            for phone in world.phones.values():
                phone.calls.clear()
            again = world["104"].call("102")
            world["102"].answer(world["102"].wait_call("ringing"))
            world["104"].wait(lambda: again.state == "talking", what="the answer without a capture server")
            world["104"].hang_up(again)
