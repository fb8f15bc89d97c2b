"""The end of the process: asked for (drain), and not (kill -9)."""
import contextlib
import random
import signal
import socket
import threading
import time

from server import Server
from world import OFFICE, World

CONFIG = ('sip: {{listen: ["udp://127.0.0.1:{port}", "tcp://127.0.0.1:0"]}}\n'
          'http: {{listen: "127.0.0.1:0"}}\ndrain: {drain}\n')


def _config(drain, port=0):
    return CONFIG.format(drain=drain, port=port)


def _options(server):
    """The status of an OPTIONS and its Retry-After."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(5)
        port = udp.getsockname()[1]
        udp.sendto((f"OPTIONS sip:office.example SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};"
                    f"branch=z9hG4bKo{port}{time.monotonic_ns()}\r\nMax-Forwards: 70\r\n"
                    "From: <sip:a@office.example>;tag=1\r\nTo: <sip:office.example>\r\n"
                    f"Call-ID: o{port}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n").encode(),
                   server.udp)
        answer = udp.recv(65536).decode()
        return int(answer.split()[1]), "Retry-After: " in answer


def _wait_draining(server):
    until = time.monotonic() + 5
    while server.api("GET", "/readyz")[0] != 503:
        assert time.monotonic() < until, "readyz stays 200"
        time.sleep(0.02)


def _ring_and_talk(world):
    """104 talks with 102, 101 rings 103."""
    talk = world["104"].call("102")
    world["102"].answer(world["102"].wait_call("ringing"))
    world["104"].wait(lambda: talk.state == "talking", what="the answer")
    ring = world["101"].call("103")
    world["103"].wait_call("ringing")
    world["101"].wait(lambda: ring.state == "ringing", what="180")
    return talk, ring


def test_goal_g6_while_draining_nothing_new_begins_and_all_that_runs_goes_on():
    with World(config=_config(30)) as world:
        talk, ring = _ring_and_talk(world)
        assert _options(world.server) == (200, False)
        world.server.process.send_signal(signal.SIGTERM)
        _wait_draining(world.server)
        assert _options(world.server) == (503, True)
        late = world["104"].call("103")
        world["104"].wait(lambda: late.final == 503, what="503")
        refusal = [m for m in world["104"].log if m.code == 503][-1]
        assert int(refusal.get("Retry-After")) > 0, refusal.start
        world["102"].register()
        world["103"].answer(world["103"].wait_call("ringing"))
        world["101"].wait(lambda: ring.state == "talking", what="the answer while draining")
        world["101"].hang_up(ring)
        world["103"].wait_call("over")
        assert world.server.process.poll() is None
        ended = time.monotonic()
        world["104"].hang_up(talk)
        world["102"].wait_call("over")
        assert world.server.process.wait(5) == 0
        assert time.monotonic() - ended < 3, "it waits although nothing runs any more"


def test_goal_g6_after_the_drain_what_is_left_is_ended_politely():
    with World(config=_config(1)) as world:
        talk, ring = _ring_and_talk(world)
        world.server.process.send_signal(signal.SIGTERM)
        world["104"].wait(lambda: talk.state == "over", 5, "a BYE for the caller")
        assert world["102"].wait_call("over").reasons
        world["101"].wait(lambda: ring.final == 480, 5, "a final answer")
        assert world["103"].wait_call("over").reasons, "the CANCEL has no Reason"
        assert world.server.process.wait(5) == 0
        again = Server(OFFICE, world.server.folder, _config(1))
        again.start()
        world.server = again
        records = again.records(2)
        assert [r["outcome"] for r in records] == ["answered", "failed"], records
        assert [r["ended_by"] for r in records] == ["server", "server"], records


def test_a_second_sigterm_ends_it_at_once():
    with World(config=_config(60)) as world:
        _ring_and_talk(world)
        world.server.process.send_signal(signal.SIGTERM)
        _wait_draining(world.server)
        world.server.process.send_signal(signal.SIGTERM)
        assert world.server.process.wait(3) == 0


def test_goal_g5_after_kill_9_it_is_back_in_two_seconds_and_nothing_is_missing():
    with World() as world:
        done = world["104"].call("102")
        world["102"].answer(world["102"].wait_call("ringing"))
        world["104"].wait(lambda: done.state == "talking", what="the answer")
        world["104"].hang_up(done)
        world["102"].wait_call("over")
        for phone in world.phones.values():
            phone.calls.clear()
        talk, ring = _ring_and_talk(world)
        world.server.kill()
        again = Server(OFFICE, world.server.folder, _config(2, world.server.udp[1]))
        began = time.monotonic()
        again.start()
        took = time.monotonic() - began
        world.server = again
        assert took < 2, f"ready after {took:.2f} s"
        assert _options(again)[0] == 200
        registered = {item["extension"] for item in again.api("GET", "/api/v1/registrations")[1]["items"]}
        assert registered == {"101", "102", "103", "104"}, registered
        records = again.records(3)
        assert [r["outcome"] for r in records] == ["answered", "interrupted", "interrupted"], records
        assert records[1]["answered"] and not records[2]["answered"], records
        before = len(world["104"].log)
        world["104"].hang_up(talk)
        world["104"].wait(lambda: any(m.code == 481 and m.method == "BYE"
                                      for m in world["104"].log[before:]), 5, "481 to BYE")
        before = len(world["101"].log)
        world["101"].cancel(ring)
        world["101"].wait(lambda: any(m.code == 481 and m.method == "CANCEL"
                                      for m in world["101"].log[before:]), 5, "481 to CANCEL")
        for phone in world.phones.values():
            phone.calls.clear()
        once_more = world["101"].call("103")
        world["103"].answer(world["103"].wait_call("ringing"))
        world["101"].wait(lambda: once_more.state == "talking", what="a call after the crash")
        world["101"].hang_up(once_more)
        assert len(again.records(4)) == 4


def _all_records(server):
    items, cursor = [], ""
    while True:
        page = server.api("GET", f"/api/v1/records?limit=1000&cursor={cursor}")[1]
        items += page["items"]
        cursor = page["next"]
        if not cursor:
            return items


def test_goal_g5_kills_at_any_moment_lose_and_double_no_record():
    world = World()
    with world:
        port = world.server.udp[1]
        talked, rng = [], random.Random(5)
        for _ in range(5):
            for phone in world.phones.values():
                phone.calls.clear()
            killer = threading.Timer(rng.uniform(0.02, 0.6), world.server.kill)
            killer.start()
            while killer.is_alive():
                call = world["104"].call("102")
                with contextlib.suppress(AssertionError):  # killed meanwhile
                    nth = len(world["102"].calls) - 1
                    world["102"].wait(lambda n=nth: len(world["102"].calls) > n + 1, 0.5)
                    world["102"].answer(list(world["102"].calls.values())[-1])
                    world["104"].wait(lambda c=call: c.state == "talking", 0.5)
                    world["104"].hang_up(call)
                if call.final == 200:
                    talked.append(call.call_id)
            killer.join()
            world.server = Server(OFFICE, world.server.folder, _config(2, port))
            world.server.start()
        until = time.monotonic() + 10
        while True:  # what was in the journal is in the store a moment after the start
            known = _all_records(world.server)
            answered = [r["sip_call_id"] for r in known if r["answered"]]
            if set(talked) <= set(answered) or time.monotonic() > until:
                break
            time.sleep(0.05)
        assert len(talked) > 5, talked
        assert sorted(set(answered)) == sorted(answered), "a record stands twice"
        assert set(talked) <= set(answered), set(talked) - set(answered)
        assert all(r["outcome"] in ("answered", "interrupted") for r in known), known
        registered = {i["extension"] for i in world.server.api("GET", "/api/v1/registrations")[1]["items"]}
        assert registered == {"101", "102", "103", "104"}, registered
