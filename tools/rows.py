#!/usr/bin/env python3
"""Every rule, row and peer defect has a test, and the tests of this release ran.

tests/rows.csv: id,issue,source,test. `test` is the whole name of a test, Suite.Name; it may be empty
for an issue that is not FINISHED. Fails on a missing id, on a row of a finished issue without a test,
and on one whose test did not run and pass (reports of build/release). `--self-test` proves that.
"""
import csv
import pathlib
import sys
import tempfile
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
    """Suite.Name of each test of which every case, in every report that has one, ran and passed."""
    passed = {}
    for path in sorted(reports.glob("*.xml")):
        for case in ET.parse(path).getroot().iter("testcase"):
            # "Instance/Suite" and "Name/0" of tests with parameters, "Suite/0" of typed ones.
            suite = [part for part in case.get("classname", "").split("/") if not part.isdigit()][-1]
            name = f"{suite}.{case.get('name').split('/')[0]}"
            good = case.find("failure") is None and case.find("skipped") is None \
                and case.get("status") != "notrun" and case.get("result", "completed") == "completed"
            passed[name] = passed.get(name, True) and good
    return {name for name, good in passed.items() if good}


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


CASES = [
    ('<testcase classname="RowsS0" name="Row_1" status="run" result="completed"/>', {"RowsS0.Row_1"}),
    ('<testcase classname="Rows" name="Row_1" status="run" result="completed"/>'
     '<testcase classname="RowsS0" name="Row_1" status="notrun" result="suppressed"/>', {"Rows.Row_1"}),
    ('<testcase classname="A" name="B"><failure/></testcase><testcase classname="A" name="C"/>', {"A.C"}),
    ('<testcase classname="A" name="B" status="run" result="skipped"><skipped/></testcase>', set()),
    ('<testcase classname="All/A" name="B/0"/><testcase classname="All/A" name="B/1"/>', {"A.B"}),
    ('<testcase classname="All/A" name="B/0"/><testcase classname="All/A" name="B/1"><failure/>'
     '</testcase>', set()),
    ('<testcase classname="A/0" name="B"/>', {"A.B"}),
]


def self_test():
    wrong = 0
    for text, names in CASES:
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "unit.xml").write_text(f"<testsuites><testsuite>{text}</testsuite></testsuites>")
            found = ran(pathlib.Path(folder))
        if found != names:
            wrong += 1
            print(f"wrong: {sorted(found)} of {text}")
    print(f"self-test: {len(CASES) - wrong} passed, {wrong} failed")
    return 1 if wrong else 0


def main():
    if "--self-test" in sys.argv:
        return self_test()
    with open(ROOT / "tests/rows.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = ran(ROOT / "build/release/reports")
    found = list(findings(rows, names))
    print("\n".join(found) if found else f"rows: {len(rows)} rows, all of issue 2 have a test that ran")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
