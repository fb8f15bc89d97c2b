#!/usr/bin/env python3
"""Every rule, row and peer defect has a test, and the tests of this release ran.

tests/rows.csv: id,issue,source,test. `test` is a GoogleTest name (Suite.Name) or a name of
tests/e2e or tests/rest; it may be empty for an issue that is not FINISHED. Fails on a missing id, on a
row of a finished issue without a test, and on one whose test did not run (reports of build/release).
"""
import csv
import pathlib
import sys
import xml.etree.ElementTree as ET

ROOT = pathlib.Path(__file__).resolve().parent.parent
FINISHED = {"2"}
COUNTS = {"S0": 18, "S1": 20, "S2": 12, "S3": 17, "S4": 24}


def required():
    ids = [f"rule_{n}" for n in range(1, 16)]
    for document, count in COUNTS.items():
        ids += [f"row_{document}_{n}" for n in range(1, count + 1)]
    return ids + [f"peer_B{n}" for n in range(1, 17)]


def ran(reports):
    names = set()
    for path in sorted(reports.glob("*.xml")):
        for case in ET.parse(path).getroot().iter("testcase"):
            if case.find("failure") is None and case.get("status") != "notrun":
                name = case.get("name").split("/")[0]
                suite = case.get("classname", "").split("/")[-1 if "/" not in name else 0]
                names |= {name, f"{suite}.{name}"}
                names |= {f"{part}.{name}" for part in case.get("classname", "").split("/")}
    return names


def findings(rows, names):
    known = {row["id"] for row in rows}
    for wanted in required():
        if wanted not in known:
            yield f"tests/rows.csv has no row for {wanted}"
    for row in rows:
        if row["issue"] not in FINISHED:
            continue
        if not row["test"]:
            yield f"{row['id']}: issue {row['issue']} is finished, but it names no test"
        elif row["test"] not in names:
            yield f"{row['id']}: {row['test']} did not run"


def main():
    with open(ROOT / "tests/rows.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = ran(ROOT / "build/release/reports")
    found = list(findings(rows, names))
    print("\n".join(found) if found else f"rows: {len(rows)} rows, all of issue 2 have a test that ran")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
