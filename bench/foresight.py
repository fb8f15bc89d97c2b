#!/usr/bin/env python3
"""How many calls a second are simulated, on one core: `./dev bench --foresight`.

With the hunts alone (`harrier simulate`: a group of ten members, rung together and one after
another) and with full SIP (`harrier_simulator --speed`: ten phones ring for each call on a virtual
network). Then a million calls, with the most memory that they took. CPU time is counted, not the
clock's: other work of the machine is not. The result goes to bench/FORESIGHT.md.
"""
import argparse
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
HUNTS_AIM, SIP_AIM = 20_000, 1_500  # calls a second
MEMBERS = 10
RUNS = 3  # the quickest counts: what else runs on the machine takes caches, too


def office(strategy):
    numbers = [str(101 + i) for i in range(MEMBERS)]
    users = "".join(f"  - {{extension: \"{n}\", name: \"User {n}\", sip: {{password: \"secret {n}\"}}}}\n"
                    for n in numbers)
    members = ", ".join(f'"{n}"' for n in numbers)
    return (f"tenant: office.example\nusers:\n{users}groups:\n  - {{name: Sales, extensions: [\"600\"], "
            f"strategy: {strategy}, timeout: 30, members: [{members}]}}\n")


def run(*command):
    """Its CPU seconds, its most memory in bytes and what it said."""
    started = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    said = started.stdout.read()
    _, status, used = os.wait4(started.pid, 0)
    if status != 0:
        raise SystemExit(f"{' '.join(command)} failed: {said}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, said


def simulate(given, strategy, calls, folder):
    path = folder / f"{strategy}.yaml"
    path.write_text(office(strategy))
    return run(given.harrier, "simulate", "--office", str(path), "--to", "600", "--calls", str(calls),
               "--rate", "60", "--seed", "1")


def sip_rate(given):
    """As the simulator counts: without the start and the end of the program."""
    _, _, said = run(given.simulator, "--speed", str(given.sip_calls))
    return float(re.search(r"(\d+) calls a second", said)[1])


def measure(given):
    lines, good = [], True
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for strategy in ("ring_all", "sequential"):
            seconds = min(simulate(given, strategy, given.calls, folder)[0] for _ in range(RUNS))
            rate = given.calls / seconds
            good = good and rate >= HUNTS_AIM
            lines.append(("the hunt alone, " + strategy, f"{given.calls:,}", f"{rate:,.0f}", f"{HUNTS_AIM:,}"))
        rate = max(sip_rate(given) for _ in range(RUNS))
        good = good and rate >= SIP_AIM
        lines.append(("full SIP, ring_all", f"{given.sip_calls:,}", f"{rate:,.0f}", f"{SIP_AIM:,}"))
        _, few, _ = simulate(given, "ring_all", 10_000, folder)
        seconds, many, _ = simulate(given, "ring_all", 1_000_000, folder)
    return lines, (few, many, seconds), good


def report(lines, memory):
    few, many, seconds = memory
    model = next((line.split(":", 1)[1].strip() for line in
                  pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    commit = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, text=True,
                            capture_output=True, check=False).stdout.strip()
    out = ["# How fast calls are simulated", "", f"Machine: {model}, Linux {platform.release()}; one core.  ",
           f"Commit: {commit}, {time.strftime('%Y-%m-%d', time.gmtime())}. Again: `./dev bench --foresight`.", "",
           f"A group of {MEMBERS} members. Calls a second of CPU time, the quickest of {RUNS} runs; of the hunts "
           "with the start of the program and the report, of SIP without:", "",
           "| what | calls | calls a second | aim |", "| --- | --- | --- | --- |"]
    out += ["| " + " | ".join(line) + " |" for line in lines]
    out += ["", f"A million calls took {seconds:.1f} s of CPU time and at most {many / 1e6:.1f} MB; ten thousand "
            f"took {few / 1e6:.1f} MB.", "",
            "The simulated callers, members and talks are drawn, hunted and counted in the first two; the third "
            "parses and writes each SIP message of eleven phones and checks every dialog, too. Its phones and checks keep "
            "all that they saw, so that a run of many calls is slower: try `--sip-calls 5000`.", ""]
    text = "\n".join(out)
    (ROOT / "bench/FORESIGHT.md").write_text(text)
    print(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--harrier", default=str(ROOT / "build/release/harrier"))
    parser.add_argument("--simulator", default=str(ROOT / "build/release/sim/harrier_simulator"))
    parser.add_argument("--calls", type=int, default=200_000)
    parser.add_argument("--sip-calls", type=int, default=1_000)
    given = parser.parse_args()
    lines, memory, good = measure(given)
    report(lines, memory)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
