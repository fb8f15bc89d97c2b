#!/usr/bin/env python3
"""How late rings begin while many hunts and talks go on: `./dev bench --accuracy [--hunts N]`.

Callers of group 603 hunt through five phones that ring and do not answer, 3 s each, so that N hunts
run at once; beside them calls of group 600 are answered and talk for 10 s, 20 new ones a second. How
late each ring began after its moment in the plan is the server's own metric
(harrier_hunt_timer_skew_seconds). The result goes to bench/ACCURACY.md.
"""
import argparse
import re
import sys
import time
import urllib.request

import run

HUNT_S = 15  # five phones, 3 s each
BESIDE = "127.0.77.4"  # who calls group 600
BESIDE_RATE, BESIDE_TALK_MS = 20, 10_000
LIMIT = 0.05  # seconds: the aim for 99 of 100


def skew(server):
    """Rings by how late they began at most, in seconds, and all of them."""
    text = urllib.request.urlopen(f"http://{server.address}:8080/metrics", timeout=10).read().decode()
    name = "harrier_hunt_timer_skew_seconds"
    upto = {float(edge): int(count) for edge, count in
            re.findall(name + r'_bucket\{le="([0-9.e+-]+)"\} (\d+)', text)}
    return upto, int(re.search(name + r"_count (\d+)", text)[1])


def measure(given):
    server = run.Harrier(given.harrier)
    try:
        before, rings_before = skew(server)
        rate = given.hunts / HUNT_S
        hunts = run.Calls(server, "603", int(rate * given.seconds), rate, 0, run.SILENT,
                          (run.CALLER, "caller_of_dead"))
        talks = run.Calls(server, "600", BESIDE_RATE * given.seconds, BESIDE_RATE, BESIDE_TALK_MS,
                          run.LIVE["600"], (BESIDE, "caller"))
        good = talks.wait()
        good = hunts.wait() and good
        after, rings_after = skew(server)
    finally:
        server.stop()
    if not good:
        raise SystemExit("a call failed: there is nothing to measure")
    return {edge: after[edge] - before.get(edge, 0) for edge in after}, rings_after - rings_before


def report(given, upto, rings):
    within = upto[LIMIT] / rings
    out = ["# How exactly rings begin", "", f"Machine: {run.machine()}.  ",
           f"Commit: {run.command('git', 'rev-parse', '--short=12', 'HEAD')}, "
           f"{time.strftime('%Y-%m-%d', time.gmtime())}.", "",
           f"{given.hunts} hunts at once through five phones of 3 s each, beside them {BESIDE_RATE} answered "
           f"calls a second that talk for {BESIDE_TALK_MS // 1000} s; {given.seconds} s, {rings} rings. How "
           "late a ring began after its moment in the plan:", "", "| at most | share of the rings |",
           "| --- | --- |"]
    out += [f"| {edge * 1000:g} ms | {count / rings * 100:.2f} % |" for edge, count in sorted(upto.items())]
    out += ["", f"Aim: 99 % within {LIMIT * 1000:g} ms; measured {within * 100:.2f} %.", ""]
    (run.HERE / "ACCURACY.md").write_text("\n".join(out))
    print("\n".join(out))
    return within >= 0.99


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--harrier", default=str(run.ROOT / "build/release/harrier"))
    parser.add_argument("--hunts", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=60)
    given = parser.parse_args()
    upto, rings = measure(given)
    return 0 if report(given, upto, rings) else 1


if __name__ == "__main__":
    sys.exit(main())
