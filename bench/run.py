#!/usr/bin/env python3
"""CPU and memory a call, beside Kamailio: `./dev bench [--calls N] [--rate N] [--pairs N] [--held N]`.

sipp is the caller and the members; the addresses are 127.0.77.x, port 5060, which must be free. The two
servers work in turns. A run in which one call failed does not count and is repeated (at most twice).
The table goes to bench/RESULTS.md.
"""
import argparse
import os
import pathlib
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "tests/e2e"))
from phone import Phone  # noqa: E402

TICK = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count()
CALLER = "127.0.77.3"
LIVE = {"600": [("101", "127.0.77.11", "is_cancelled"), ("102", "127.0.77.12", "is_cancelled"),
                ("103", "127.0.77.13", "answers")],
        "601": [("201", "127.0.77.21", "is_busy"), ("202", "127.0.77.22", "is_busy"),
                ("203", "127.0.77.23", "answers")]}
SILENT = [(f"40{n}", f"127.0.77.4{n}", "is_cancelled") for n in range(1, 6)]  # bench/accuracy.py
DEAD = [("301", "127.0.77.31"), ("302", "127.0.77.32"), ("303", "127.0.77.33")]
WHAT = {"600": "three ring at once, one answers, two are cancelled",
        "601": "two are busy, the third answers"}
FIRST_CALLS = 100  # before the clock runs: caches, allocator, first pages
TIMER_B = 34  # seconds until an INVITE without any answer is given up


class Harrier:
    name, address = "Harrier", "127.0.77.1"

    def __init__(self, binary):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="harrier-bench-"))
        self.log = open(self.folder / "log", "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [binary, "serve", "--config", HERE / "harrier.yaml", "--data", self.folder / "data",
             "--office", HERE / "office.yaml"], stdout=subprocess.PIPE, stderr=self.log, text=True)
        for line in self.process.stdout:
            if line.strip() == "harrier: ready":
                break
        else:
            raise SystemExit("the server did not start:\n" + (self.folder / "log").read_text())
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        phones = [(user, host) for members in LIVE.values() for user, host, _ in members] + DEAD
        phones += [(user, host) for user, host, _ in SILENT]
        for user, host in phones:
            phone = Phone((self.address, 5060), user, "bench-" + user, "bench.example", host, 5060)
            phone.register()
            phone.close()

    def processes(self):
        return [self.process.pid]

    def stop(self):
        self.process.terminate()
        self.process.wait(90)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Kamailio:
    name, address = "Kamailio", "127.0.77.2"

    def __init__(self, _):
        self.folder = tempfile.mkdtemp(prefix="kamailio-bench-")
        self.process = subprocess.Popen(
            ["kamailio", "-f", HERE / "kamailio.cfg", "-DD", "-E", "-n", str(CORES), "-Y", self.folder],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        until = time.monotonic() + 10
        while not listens(self.address):
            if self.process.poll() is not None or time.monotonic() > until:
                raise SystemExit("Kamailio did not start: " + self.process.stderr.read())
            time.sleep(0.05)
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def processes(self):
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [self.process.pid] + [int(pid) for pid in children.read_text().split()]

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:  # its main process sometimes waits for ever for a child
            for pid in self.processes():
                os.kill(pid, signal.SIGKILL)
            self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)


def listens(host):
    wanted = "".join(f"{int(part):02X}" for part in reversed(host.split("."))) + f":{5060:04X}"
    return any(line.split()[1] == wanted for line in
               pathlib.Path("/proc/net/udp").read_text().splitlines()[1:])


def cpu(server):
    """utime + stime of all processes and their threads, in seconds; nothing of theirs has ended."""
    ticks = 0
    for pid in server.processes():
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICK


def memory(server):
    """Proportional set size of all processes in kB: a page that two share counts once."""
    total = 0
    for pid in server.processes():
        for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total


def sipp(folder, scenario, host, calls, *more):
    return subprocess.Popen(
        ["sipp", *more, "-sf", HERE / "scenarios" / f"{scenario}.xml", "-i", host, "-p", "5060",
         "-m", str(calls), "-nostdin", "-nd", "-buff_size", "4194304", "-trace_err", "-error_file",
         folder / f"{host}.errors"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Calls:
    """Members that wait and a caller that calls; `wait` says whether every call went well."""

    def __init__(self, server, number, calls, rate, talk_ms, members, caller=(CALLER, "caller")):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-sipp-"))
        self.members = [sipp(self.folder, scenario, host, calls) for _, host, scenario in members]
        until = time.monotonic() + 10
        while not all(listens(host) for _, host, _ in members):
            if time.monotonic() > until:
                raise SystemExit("a member does not listen: is 127.0.77.x:5060 free?")
            time.sleep(0.02)
        host, scenario = caller
        self.caller = sipp(self.folder, scenario, host, calls, f"{server.address}:5060", "-s", number,
                           "-r", str(rate), "-d", str(talk_ms), "-l", str(calls))
        self.patience = calls / rate + talk_ms / 1000 + 60

    def wait(self):
        until = time.monotonic() + self.patience
        good = True
        for process in [self.caller, *self.members]:
            try:
                good = process.wait(max(0.1, until - time.monotonic())) == 0 and good
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                good = False
        if not good:
            for path in sorted(self.folder.glob("*.errors")):
                print(f"  {path.name}: {path.read_text()[:600]}", flush=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        return good


def run_calls(server, number, calls, rate, talk_ms=300):
    caller = (CALLER, "caller" if number in LIVE else "caller_of_dead")
    return Calls(server, number, calls, rate, talk_ms, LIVE.get(number, []), caller).wait()


def one_run(kind, number, given):
    """CPU µs a call of one fresh server."""
    for _ in range(3):
        server = kind(given.harrier)
        try:
            good = run_calls(server, number, FIRST_CALLS, given.rate)
            before = cpu(server)
            good = run_calls(server, number, given.calls, given.rate) and good
            used = cpu(server) - before
        finally:
            server.stop()
        if good:
            return used / given.calls * 1e6
        print(f"{kind.name} {number}: a call failed, the run does not count", flush=True)
    raise SystemExit(f"{kind.name} {number}: calls fail, there is nothing to measure")


def dead_run(given):
    """CPU µs a call of Harrier when no phone of the group says a word."""
    sockets = []
    server = Harrier(given.harrier)
    try:
        for _, host in DEAD:  # open, but nobody reads: no ICMP error tells that they are dead
            quiet = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            quiet.bind((host, 5060))
            sockets.append(quiet)
        before = cpu(server)
        good = run_calls(server, "602", given.dead_calls, given.rate)
        time.sleep(TIMER_B)
        used = cpu(server) - before
    finally:
        server.stop()
        for quiet in sockets:
            quiet.close()
    if not good:
        raise SystemExit("calls to dead phones fail otherwise than with 480")
    return used / given.dead_calls * 1e6


def idle_run(given):
    """CPU µs a second of Harrier without calls: what dead_run's waiting costs by itself."""
    server = Harrier(given.harrier)
    try:
        before = cpu(server)
        time.sleep(TIMER_B)
        return (cpu(server) - before) / TIMER_B * 1e6
    finally:
        server.stop()


def held_run(kind, given):
    """Bytes a held call: memory with `held` answered calls less the memory before them. They come slowly:
    what the set-up of a call takes for half a minute is not to be counted as held."""
    server = kind(given.harrier)
    try:
        # What grows once and not by the call is full before: rings of events, caches, the journal.
        good = run_calls(server, "600", 10 * FIRST_CALLS, given.rate)
        before = memory(server)
        up = given.held / given.held_rate
        talk_ms = int(up + TIMER_B + 25) * 1000
        calls = Calls(server, "600", given.held, given.held_rate, talk_ms, LIVE["600"])
        # All are up, and what belongs to their set-up (transactions of 32 s) is gone.
        time.sleep(up + TIMER_B + 15)
        held = memory(server)
        good = calls.wait() and good
    finally:
        server.stop()
    if not good:
        raise SystemExit(f"{kind.name}: held calls failed")
    return (held - before) * 1024 / given.held


def command(*words):
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=False)
    return done.stdout.strip()


def machine():
    model = next((line.split(":", 1)[1].strip() for line in
                  pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    version = command("kamailio", "-v").splitlines()[0].removeprefix("version: ")
    return (f"{model}, {CORES} cores, Linux {platform.release()}; {version}; "
            f"{command('sipp', '-v').split('.SIP')[0].splitlines()[0].strip() or 'sipp'}")


def spread(values):
    return f"{statistics.median(values):.0f} ({min(values):.0f} to {max(values):.0f})"


def report(given, figures, dead, held):
    changed = " with uncommitted changes" if command("git", "status", "--porcelain", "src") else ""
    out = ["# Results of `./dev bench`", "",
           f"Machine: {machine()}.  ",
           f"Commit: {command('git', 'rev-parse', '--short=12', 'HEAD')}{changed}, "
           f"{time.strftime('%Y-%m-%d', time.gmtime())}.", "",
           f"{given.pairs} pairs of runs in turns, {given.calls} calls each at {given.rate} a second, after "
           f"{FIRST_CALLS} calls that are not counted; release build, default settings, records, metrics "
           f"and log on; Kamailio with {CORES} children and [kamailio.cfg](kamailio.cfg). CPU is utime + "
           "stime of all processes and threads between first and last call. Median (lowest to highest).",
           "", "| calls | Harrier, CPU µs a call | Kamailio, CPU µs a call | Harrier / Kamailio |",
           "| --- | --- | --- | --- |"]
    for number, what in WHAT.items():
        ours, theirs = figures["Harrier", number], figures["Kamailio", number]
        ratio = statistics.median(ours) / statistics.median(theirs)
        out.append(f"| {what} | {spread(ours)} | {spread(theirs)} | {ratio:.2f} |")
    live = statistics.median(figures["Harrier", "600"])
    out += ["", f"Dead phones (three that say nothing, the caller gets 480; until the last retransmission, "
                f"median of three runs of {given.dead_calls} calls): "
                f"{dead:.0f} µs a call, {dead / live:.2f} times the price of three live ones.", "",
            f"Memory a held call with both session descriptions ({given.held} held calls, proportional set "
            f"size): Harrier {held['Harrier']:.0f} bytes; Kamailio {held['Kamailio']:.0f} bytes (a proxy "
            "keeps nothing of an answered call).", ""]
    (HERE / "RESULTS.md").write_text("\n".join(out))
    print("\n".join(out))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--harrier", default=str(ROOT / "build/release/harrier"))
    parser.add_argument("--calls", type=int, default=3000)
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--held", type=int, default=4000)
    parser.add_argument("--held-rate", type=int, default=20)
    parser.add_argument("--dead-calls", type=int, default=1000)
    parser.add_argument("--quick", action="store_true", help="one pair of 500 calls, no report")
    given = parser.parse_args()
    if given.quick:
        given.calls, given.pairs = 500, 1
    figures = {(kind.name, number): [] for kind in (Harrier, Kamailio) for number in WHAT}
    for pair in range(given.pairs):
        order = (Harrier, Kamailio) if pair % 2 == 0 else (Kamailio, Harrier)
        for number in WHAT:
            for kind in order:
                value = one_run(kind, number, given)
                figures[kind.name, number].append(value)
                print(f"pair {pair + 1}, {number}, {kind.name}: {value:.0f} µs a call", flush=True)
    if given.quick:
        return
    idle = idle_run(given)
    # One run is short and a disturbance shows in it.
    dead = statistics.median(dead_run(given) for _ in range(3))
    print(f"dead phones: {dead:.0f} µs a call; idle: {idle:.0f} µs a second", flush=True)
    held = {kind.name: held_run(kind, given) for kind in (Harrier, Kamailio)}
    report(given, figures, dead, held)


if __name__ == "__main__":
    main()
