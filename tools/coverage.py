#!/usr/bin/env python3
"""Holds the coverage of lines to its floors, which are only ever raised.

coverage.py SUMMARY.json   as `gcovr --json-summary` writes it; exit 1 below a floor
"""
import json
import sys

PURE = {"base", "facts", "model", "sip", "sdp", "rtp", "registrar", "hunt", "service", "foresight",
        "call"}
FLOORS = {"pure rooms": 95.0, "shell": 70.0, "all": 80.0}


def parts_of(path):
    room = path.split("/")[1] if path.startswith("src/") else ""
    if not room:
        return []
    return ["all", "pure rooms" if room in PURE else "shell", "src/" + room]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        files = json.load(file)["files"]
    lines = {}
    for one in files:
        for part in parts_of(one["filename"]):
            covered, total = lines.get(part, (0, 0))
            lines[part] = (covered + one["line_covered"], total + one["line_total"])
    below = []
    for part, (covered, total) in sorted(lines.items()):
        share = 100.0 * covered / total if total else 100.0
        floor = FLOORS.get(part)
        print(f"   {part:14} {share:5.1f} % of {total} lines" + (f" (floor {floor:.0f})" if floor else ""))
        if floor and share < floor:
            below.append(part)
    for part in below:
        print(f"coverage: {part} is below its floor of {FLOORS[part]:.0f} %")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
