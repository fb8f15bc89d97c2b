#!/usr/bin/env python3
"""The ledger of what the RFCs demand: docs/rfc-ledger.csv, checked and counted.

A row is one MUST or MUST NOT of a section, in our words: rfc,section,level,requirement,applies,state,
file,test. `applies` is "ours" or "not ours: REASON"; `state` of what is ours is "done" (a test that
exists shows it), "refused: REASON" or "open". Fails on a row that is not so. `--self-test` proves that.
"""
import collections
import csv
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
COLUMNS = ["rfc", "section", "level", "requirement", "applies", "state", "file", "test"]
LEVELS = {"MUST", "MUST NOT"}


def tests():
    """Suite.Name of every unit test, and the name of every end-to-end test."""
    found = set()
    for top in ("src", "sim", "tests"):
        for path in (ROOT / top).rglob("*_test.cc"):
            found |= {f"{suite}.{name}" for suite, name in
                      re.findall(r"^TEST(?:_[FP])?\(\s*(\w+),\s*(\w+)\s*\)", path.read_text(), re.M)}
    for path in (ROOT / "tests").rglob("*.py"):
        found |= set(re.findall(r"^def (test_\w+)\(", path.read_text(), re.M))
    return found


def wrong_with(row, known, exists):
    """What is wrong with a row; None if nothing is."""
    if set(row) != set(COLUMNS) or None in row.values():
        return "has not the columns of the others"
    if not re.fullmatch(r"\d{4}", row["rfc"]) or not re.fullmatch(r"\d+(\.\d+)*", row["section"]):
        return "names no RFC and section"
    if row["level"] not in LEVELS or len(row["requirement"]) < 10:
        return "says no requirement"
    if row["applies"].startswith("not ours: "):
        return "is not ours, but has a state" if row["state"] or row["test"] or row["file"] else None
    if row["applies"] != "ours":
        return "is neither ours nor not"
    if row["state"] == "open" or row["state"].startswith("refused: "):
        return None if not row["test"] or row["test"] in known else f"names {row['test']}, which does not exist"
    if row["state"] != "done":
        return f"has the state '{row['state']}'"
    if row["test"] not in known:
        return f"names the test '{row['test']}', which does not exist"
    return None if exists(row["file"]) else f"names the file '{row['file']}', which does not exist"


def findings(rows, known, exists):
    seen = set()
    for number, row in enumerate(rows, 2):
        wrong = wrong_with(row, known, exists)
        if wrong is None and (row["rfc"], row["requirement"]) in seen:
            wrong = "stands there twice"
        seen.add((row.get("rfc"), row.get("requirement")))
        if wrong:
            yield f"docs/rfc-ledger.csv:{number}: {wrong}"


def totals(rows):
    """Lines of text: each RFC, then all."""
    count = collections.defaultdict(collections.Counter)
    for row in rows:
        word = "not ours" if row["applies"] != "ours" else row["state"].split(":")[0]
        count[row["rfc"]][word] += 1
        count["all"][word] += 1
    for rfc, words in count.items():
        ours = words.total() - words["not ours"]
        share = 100 * words["done"] / ours if ours else 100
        yield (f"{rfc:>5}: {words['done']} of {ours} done ({share:.1f} %), {words['refused']} refused, "
               f"{words['open']} open; {words['not ours']} not ours")


def self_test():
    good = dict(zip(COLUMNS, ["3261", "8.1.1", "MUST", "a request has a To", "ours", "done", "a.cc", "A.B"]))
    bad = [{"test": "A.C"}, {"file": "b.cc"}, {"state": "perhaps"}, {"applies": "theirs"}, {"rfc": "SIP"},
           {"level": "SHOULD"}, {"applies": "not ours: a proxy"}, {"requirement": ""}, {"section": "8.a"}]
    rows = [[dict(good, **change)] for change in bad] + [[good, good]]
    wrong = [r for r in rows if not list(findings(r, {"A.B"}, {"a.cc"}.__contains__))]
    wrong += [[good]] if list(findings([good], {"A.B"}, {"a.cc"}.__contains__)) else []
    print("\n".join(f"wrong: {r}" for r in wrong) or f"self-test: {len(rows) + 1} passed, 0 failed")
    return 1 if wrong else 0


def main():
    if "--self-test" in sys.argv:
        return self_test()
    with open(ROOT / "docs/rfc-ledger.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = list(findings(rows, tests(), lambda name: (ROOT / name).is_file()))
    print("\n".join(found) if found else "\n".join(totals(rows)))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
