#!/usr/bin/env python3
"""Counts tests by label from CTest's JUnit file and the GoogleTest reports beside it.

count_tests.py PRESET JUNIT.xml      one line a label: "release unit 512 0"
count_tests.py --sum FILE [--failed] the table, and the closing line "N passed, N failed"
"""
import pathlib
import sys
import xml.etree.ElementTree as ET


def cases(preset, junit):
    root = ET.parse(junit).getroot()
    for case in root.iter("testcase"):
        name = case.get("name")
        label = name.split(".")[0]
        failed = case.get("status") not in ("run", "passed") or case.find("failure") is not None
        report = pathlib.Path(f"build/{preset}/reports/{name}.xml")
        if report.exists():
            suites = ET.parse(report).getroot()
            total, bad = int(suites.get("tests")), int(suites.get("failures"))
            yield label, total - bad, max(bad, int(failed))
        else:
            yield label, int(not failed), int(failed)


def one(preset, junit):
    sums = {}
    for label, good, bad in cases(preset, junit):
        have = sums.setdefault(label, [0, 0])
        have[0] += good
        have[1] += bad
    for label, (good, bad) in sorted(sums.items()):
        print(preset, label, good, bad)


def total(path, failed):
    good = bad = 0
    for line in pathlib.Path(path).read_text().splitlines():
        preset, label, passed, not_passed = line.split()
        print(f"   {preset:8} {label:6} {passed:>6} passed {not_passed:>4} failed")
        good += int(passed)
        bad += int(not_passed)
    if failed and bad == 0:
        bad = 1
    print(f"{good} passed, {bad} failed")


if sys.argv[1] == "--sum":
    total(sys.argv[2], "--failed" in sys.argv)
else:
    one(sys.argv[1], sys.argv[2])
