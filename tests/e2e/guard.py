"""Who guesses, scans or floods, on real sockets; others at loopback addresses of their own."""
import pathlib
import random
import re
import socket
import statistics
import subprocess
import tempfile
import threading
import time

from malformed import metric
from phone import Phone
from server import BINARY
from world import World

FILTER = pathlib.Path(__file__).resolve().parents[2] / "packaging/fail2ban/filter.d/harrier.conf"
GUESSER = "127.0.0.66"


def _log_line(world, event, seconds=5):
    until = time.monotonic() + seconds
    while True:
        found = [line for line in list(world.server.errors) if f" event={event} " in line]
        if found:
            return found
        assert time.monotonic() < until, f"no line {event} in the log"
        time.sleep(0.05)


def _is_silent(world, host):
    """True if a request from there gets no answer while one from elsewhere gets one."""
    answers = {}
    for where in (host, "127.0.0.1"):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.bind((where, 0))
            udp.settimeout(1 if where == host else 5)
            port = udp.getsockname()[1]
            udp.sendto((f"INVITE sip:600@office.example SIP/2.0\r\nVia: SIP/2.0/UDP {where}:{port};"
                        f"branch=z9hG4bKs{port}\r\nMax-Forwards: 70\r\nFrom: <sip:a@b.example>;tag=1\r\n"
                        f"To: <sip:600@office.example>\r\nCall-ID: s{port}\r\nCSeq: 1 INVITE\r\n"
                        "Content-Length: 0\r\n\r\n").encode(), world.server.udp)
            try:
                answers[where] = udp.recv(65536).decode()
            except TimeoutError:
                answers[where] = ""
    assert answers["127.0.0.1"].startswith("SIP/2.0 401 "), answers
    return answers[host] == ""


def test_threat_t3_guessing_ends_in_a_ban_that_is_seen_told_and_lifted():
    with World(users=("104",)) as world:
        guesser = Phone(world.server.udp, "101", "wrong", "office.example", GUESSER)
        world.phones["guesser"] = guesser
        for _ in range(30):
            guesser.register(expect=401)
        assert _is_silent(world, GUESSER)
        items = world.server.api("GET", "/api/v1/bans")[1]["items"]
        assert [(b["id"], b["reason"]) for b in items] == [(GUESSER, "guessed_passwords")], items
        assert metric(world, "harrier_bans_active", 1) == 1
        line = _log_line(world, "ban.added")[0]
        patterns = [part.strip() for part in
                    FILTER.read_text().split("failregex =")[1].split("ignoreregex")[0].splitlines()]
        tags = {"<SUBNET>": r"(?P<host>[0-9a-f.:/]+)", "<ADDR>": r"(?P<host>[0-9a-f.:]+)"}
        for tag, means in tags.items():
            patterns = [pattern.replace(tag, means) for pattern in patterns]
        assert any((found := re.match(p, line)) and found["host"] == GUESSER for p in patterns), line
        wrong = _log_line(world, "auth.failed")[0]
        assert any(re.match(p, wrong) for p in patterns), wrong
        status, out, err = world.server.harrier("bans")
        assert status == 0 and GUESSER in out and "guessed_passwords" in out, (out, err)
        assert world.server.harrier("bans", "--lift", GUESSER)[0] == 0
        assert world.server.harrier("bans", "--lift", GUESSER)[0] == 1
        assert "who=local" in _log_line(world, "ban.lifted")[0]
        guesser.register(expect=401)
        world["104"].register()


def test_goal_g20_an_account_is_locked_for_guessers_and_open_for_its_own_phone():
    with World(users=("104",)) as world:
        for n in range(7):
            guesser = Phone(world.server.udp, "104", "wrong", "office.example", f"127.0.1.{n + 1}")
            world.phones[f"guesser {n}"] = guesser
            guesser.register(expect=401)
        right = Phone(world.server.udp, "104", "pw104", "office.example", "127.0.1.99")
        world.phones["right"] = right
        right.register(expect=401)
        world["104"].register()
        assert world.server.api("GET", "/api/v1/bans")[1]["items"] == []


def test_threat_t2_a_wrong_password_and_an_unknown_name_take_the_same_time():
    with World() as world:
        took = {"known": [], "unknown": []}
        for n in range(4):  # an account is locked after five
            for user in ("101", "102", "103", "104"):
                for kind, name in (("known", user), ("unknown", "9" + user)):
                    phone = Phone(world.server.udp, name, "wrong", "office.example", f"127.0.3.{n + 1}")
                    world.phones[f"{name} {n}"] = phone
                    answer = phone.register(expect=401)
                    began = phone.log[0].at  # the challenge; what follows is the same work here
                    took[kind].append(answer.at - began)
        known, unknown = (statistics.median(took[kind]) for kind in ("known", "unknown"))
        assert abs(known - unknown) < 0.001, (known, unknown)


def test_goal_g19_a_stranger_gets_one_answer_of_at_most_twice_the_size():
    with World(users=()) as world:
        for method in ("INVITE", "REGISTER", "SUBSCRIBE", "MESSAGE", "OPTIONS"):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
                udp.bind(("127.0.0.1", 0))
                udp.settimeout(5)
                port = udp.getsockname()[1]
                request = (f"{method} sip:600@office.example SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};"
                           f"branch=z9hG4bKg{port}\r\nMax-Forwards: 70\r\n"
                           "From: <sip:101@office.example>;tag=456248\r\nTo: <sip:600@office.example>\r\n"
                           f"Call-ID: 843817637684230@998sdasdh09\r\nCSeq: 1826 {method}\r\n"
                           f"Contact: <sip:101@127.0.0.1:{port}>\r\nEvent: presence\r\n"
                           "Content-Length: 0\r\n\r\n").encode()
                udp.sendto(request, world.server.udp)
                answer = udp.recv(65536)
                assert len(answer) <= 2 * len(request), (method, len(request), len(answer))
                for telling in (b"Server:", b"User-Agent:", b"Date:"):
                    assert telling not in answer, answer
                assert method == "OPTIONS" or b"Allow:" not in answer or b" 405 " in answer, answer
                udp.settimeout(0.8)  # T1 is 0.5 s
                try:
                    again = udp.recv(65536)
                except TimeoutError:
                    again = b""
                assert again == b"", (method, again)


FLOOD = """<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="flood">
  <send><![CDATA[
INVITE sip:600@office.example SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[call_number]@office.example>;tag=[call_number]
To: <sip:600@office.example>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:x@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Length: 0

]]></send>
</scenario>
"""
GOOD_CALLS = 12  # at least


def _resident_kb(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1])


def _expect_memory_as(before_kb, process):
    if re.search("asan|tsan", BINARY):
        return  # sanitizers keep what is freed
    grown = _resident_kb(process) - before_kb
    assert grown < 40_000, f"{grown} kB more than before"


def _good_calls(world, least, goes_on):
    """104 calls 102, who answers, until that says no; how many calls that were."""
    count = 0
    while count < least or goes_on():
        call = world["104"].call("102")
        callee = world["102"].wait_call("ringing", 5, nth=count)
        world["102"].answer(callee)
        world["104"].wait(lambda c=call: c.state == "talking", 5, "the answer")
        world["104"].hang_up(call)
        world["102"].wait(lambda c=callee: c.state == "over", 5, "the BYE")
        count += 1
    return count


def _is_running(process):
    """Looks every tenth of a second."""
    try:
        process.wait(0.1)
    except subprocess.TimeoutExpired:
        return True
    return False


def test_threat_t6_good_calls_beside_a_flood_lose_nothing_and_memory_stays():
    with World() as world, tempfile.TemporaryDirectory() as folder:
        scenario = pathlib.Path(folder) / "flood.xml"
        scenario.write_text(FLOOD)
        before = _resident_kb(world.server.process)
        host, port = world.server.udp
        flood = subprocess.Popen(
            ["sipp", "-sf", scenario, f"{host}:{port}", "-i", "127.0.0.77", "-r", "2000", "-m", "6000",
             "-nostdin", "-timeout", "20"], cwd=folder, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        try:
            good = _good_calls(world, GOOD_CALLS, lambda: _is_running(flood))
        finally:
            flood.terminate()
            flood.wait(10)
        held_back = metric(world, "harrier_sip_requests_held_back_total", 1000)
        assert held_back >= 1000, held_back
        records = world.server.records(good)
        assert all(record["outcome"] == "answered" for record in records), records
        assert not world["101"].requests("INVITE")
        _expect_memory_as(before, world.server.process)


TORTURE = sorted((pathlib.Path(__file__).resolve().parents[1] / "torture").glob("*.dat"))
MUTANTS = 3000


def _mutants(seed):
    """The torture messages with bytes changed, doubled, cut off and moved: the same for a seed."""
    rng = random.Random(seed)
    messages = [path.read_bytes() for path in TORTURE]
    for _ in range(MUTANTS):
        message = bytearray(rng.choice(messages))
        for _ in range(rng.randint(1, 8)):
            at = rng.randrange(len(message) + 1)
            what = rng.randrange(4)
            if what == 0 and at < len(message):
                message[at] = rng.randrange(256)
            elif what == 1:
                message[at:at] = message[at:at + rng.randint(1, 200)]
            elif what == 2:
                del message[at:at + rng.randint(1, 40)]
            else:
                message[at:at] = rng.choice(messages)[:rng.randint(1, 120)]
        yield bytes(message)


class Stranger:
    """Sends what it is told and keeps all answers; a ping after some messages, so that none is lost."""

    def __init__(self, server, host):
        self.server = server
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.socket.settimeout(5)
        self.answers, self.sent, self.unanswered = [], 0, 0

    def send(self, message):
        self.socket.sendto(message[:65_000], self.server)
        self.sent += 1
        self.unanswered += len(message)
        if self.unanswered > 40_000:  # what any receive buffer takes
            self.ping()

    def ping(self):
        self.unanswered = 0
        host, port = self.socket.getsockname()
        name = f"ping-{self.sent}"
        self.socket.sendto((f"OPTIONS sip:office.example SIP/2.0\r\nVia: SIP/2.0/UDP {host}:{port};"
                            f"branch=z9hG4bK{name}\r\nMax-Forwards: 70\r\nFrom: <sip:a@b.example>;tag=1\r\n"
                            f"To: <sip:office.example>\r\nCall-ID: {name}\r\nCSeq: 1 OPTIONS\r\n"
                            "Content-Length: 0\r\n\r\n").encode(), self.server)
        while f"Call-ID: {name}\r\n".encode() not in (answer := self.socket.recv(65536)):
            self.answers.append(answer)


def test_goal_g14_what_a_stranger_sends_lets_nobody_in_and_disturbs_nobody():
    config = ('sip: {listen: ["udp://127.0.0.1:0"]}\nhttp: {listen: "127.0.0.1:0"}\n'
              "limits: {stranger_requests: 1000000}\n")
    with World(config=config) as world:
        office = world.server.harrier("export", "--secrets")[1]
        before = _resident_kb(world.server.process)
        stranger = Stranger(world.server.udp, "127.0.0.88")
        done = []

        def send_all():
            for message in [path.read_bytes() for path in TORTURE] + list(_mutants(14)):
                stranger.send(message)
            stranger.ping()
            done.append(True)

        sender = threading.Thread(target=send_all)
        sender.start()
        good = _good_calls(world, GOOD_CALLS, sender.is_alive)
        sender.join()
        assert done, f"no answer to a ping after {stranger.sent} messages"
        assert len(stranger.answers) > MUTANTS / 4, len(stranger.answers)
        for answer in stranger.answers:
            code, method = answer.split(b" ", 2)[1], re.search(rb"(?m)^CSeq: *\d+ *(\w+)", answer)
            assert not code.startswith(b"2") or (method and method[1] == b"OPTIONS"), answer
        assert len(world.server.records(good)) == good, "a stranger's call has a record"
        assert len(world.server.api("GET", "/api/v1/registrations")[1]["items"]) == 4
        assert world.server.harrier("export", "--secrets")[1] == office
        assert metric(world, "harrier_bugs_total", 0) == 0
        _expect_memory_as(before, world.server.process)


def test_threat_t18_one_address_cannot_take_all_connections():
    config = ('sip: {listen: ["udp://127.0.0.1:0", "tcp://127.0.0.1:0"]}\n'
              'http: {listen: "127.0.0.1:0"}\nlimits: {address_connections: 5}\n')
    with World(users=(), config=config) as world:
        at = world.server.listening["tcp"]
        held = [socket.create_connection(at, 5, source_address=("127.0.0.66", 0)) for _ in range(5)]
        with socket.create_connection(at, 5, source_address=("127.0.0.66", 0)) as sixth:
            assert sixth.recv(1) == b"", "the sixth connection is closed at once"
        with socket.create_connection(at, 5, source_address=("127.0.0.67", 0)) as other:
            other.sendall(b"\r\n\r\n")
            assert other.recv(2) == b"\r\n"
        for connection in held:
            connection.close()
        until = time.monotonic() + 5
        while True:
            with socket.create_connection(at, 5, source_address=("127.0.0.66", 0)) as again:
                again.sendall(b"\r\n\r\n")
                if again.recv(2) == b"\r\n":
                    break
            assert time.monotonic() < until, "places of closed connections are not free again"
