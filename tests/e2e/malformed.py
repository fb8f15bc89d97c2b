"""What is no SIP message, over UDP and TCP: answered where it can be, counted, never served."""
import socket
import time

from world import World

MALFORMED = """INVITE sip:600@office.example SIP/2.0
Via: SIP/2.0/{transport} {host}:{port};rport;branch=z9hG4bKmal{n}
Max-Forwards: {hops}
From: <sip:104@office.example>;tag=a{n}
To: <sip:600@office.example>
Call-ID: malformed-{n}
CSeq: 1 INVITE
Contact: <sip:104@{host}:{port}>
Content-Length: {length}

"""


def metric(world, line, least, seconds=5):
    """The value of one sample of /metrics, once it is at least that: facts are counted a bit later."""
    until = time.monotonic() + seconds
    while True:
        text = world.server.api("GET", "/metrics")[1]
        value = next((float(part.rsplit(" ", 1)[1]) for part in text.splitlines()
                      if part.startswith(line + " ")), 0)
        if value >= least or time.monotonic() > until:
            return value
        time.sleep(0.05)


def _malformed(transport, sock, n, hops="70", length="0"):
    host, port = sock.getsockname()
    return MALFORMED.format(transport=transport, host=host, port=port, n=n, hops=hops,
                            length=length).replace("\n", "\r\n").encode()


def test_wire_e3_malformed_requests_get_400_and_garbage_nothing():
    with World(users=("101",)) as world, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(5)
        for garbage in (b"\x00\xff" * 200, b"hello\r\n\r\n", b"INVITE sip:600 SIP/2.0\r\n\r\n"):
            udp.sendto(garbage, world.server.udp)
        udp.sendto(_malformed("UDP", udp, 1, hops="many"), world.server.udp)
        # The garbage came first: had it been answered, that answer would be the first one.
        answer = udp.recv(65536).decode()
        assert answer.startswith("SIP/2.0 400 ") and "Call-ID: malformed-1\r\n" in answer, answer
        assert 'Warning: 399 harrier "bad_max_forwards"' in answer, answer
        host, port = world.server.listening["tcp"]
        for n, length in enumerate(("x", "-1", "99999999"), 2):
            with socket.create_connection((host, port), 5) as tcp:
                smuggled = _malformed("TCP", tcp, 9)
                tcp.sendall(_malformed("TCP", tcp, n, length=length) + smuggled)
                got = b""
                while part := tcp.recv(65536):  # to the end: the connection is closed
                    got += part
                assert got.startswith(b"SIP/2.0 400 ") and got.count(b"SIP/2.0 400 ") == 1, got
                assert b"Call-ID: malformed-%d\r\n" % n in got and b"malformed-9" not in got, got
        with socket.create_connection((host, port), 5) as tcp:
            tcp.sendall(b"no request at all\r\n\r\n")
            assert tcp.recv(65536) == b"", "garbage is answered with the end of the connection"
        assert metric(world, 'harrier_sip_requests_refused_total{code="400"}', 4) == 4
        for reason, count in (("no_start_line", 2), ("bad_start_line", 1), ("no_via", 1)):
            sample = f'harrier_sip_messages_dropped_total{{reason="{reason}"}}'
            assert metric(world, sample, count) == count, reason
        assert metric(world, "harrier_sip_parse_errors_total", 8) == 8
        assert not world["101"].requests("INVITE")
        world["101"].register()
