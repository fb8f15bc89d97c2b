#!/usr/bin/env python3
"""Proves that the tests can fail: breaks the code on purpose, one small patch at a time.

mutants.py [WORD…]   only those whose id or description contains a word
tools/mutants.txt names them:

  == ID | TEST PROGRAMS | what the patch breaks
  file PATH
  - the old text, one line or several, exactly as it stands
  + the new text

Each is applied in a copy of the tree (build/mutants/tree), the named programs are built and run until
one fails. A mutant that no test sees, one whose old text is not there exactly once, and one that does
not compile are failures. The table goes to build/mutants/table.txt.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / "build/mutants"
TREE = WORK / "tree"
BUILD = WORK / "build"
RELEASE = ["-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O2 -g1"]
# What a mutant does not use any more is no error of his.
UNUSED = "".join(f'#pragma GCC diagnostic ignored "-Wunused-{what}"\n'
                 for what in ("variable", "but-set-variable", "parameter", "but-set-parameter", "function",
                              "const-variable"))
SLOW = 1.0  # seconds; such tests are asked last
PATIENCE = 900  # seconds for a program of the code as it is; a mutant may hang, which is seen, too
TIMES = 20  # so many times what the program took then, and a minute


class Mutant:
    def __init__(self, head):
        self.id, programs, self.what = (part.strip() for part in head.split("|", 2))
        self.programs = programs.split()
        self.file, self.old, self.new = "", [], []


def read(path):
    mutants = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("== "):
            mutants.append(Mutant(line[3:]))
        elif line.startswith("file "):
            mutants[-1].file = line[5:].strip()
        elif line.startswith(("- ", "+ ")) or line in ("-", "+"):
            (mutants[-1].old if line[0] == "-" else mutants[-1].new).append(line[2:])
        elif line.strip() and not line.startswith("#"):
            sys.exit(f"{path}:{number}: not a line of a mutant: {line}")
    return mutants


def copy_tree():
    """The files of the project as they are, without touching what has not changed."""
    TREE.mkdir(parents=True, exist_ok=True)
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        names = [n for n in listed.stdout.decode().split("\0") if n and (ROOT / n).is_file()]
    else:  # not a clone: everything but what was built
        names = [str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if p.is_file()]
        names = [n for n in names if not n.startswith(("build/", ".git/"))]
    for name in names:
        here, there = ROOT / name, TREE / name
        if there.exists() and there.read_bytes() == here.read_bytes():
            continue
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(here, there)
    wanted = set(names)
    for path in [p for p in TREE.rglob("*") if p.is_file()]:
        if str(path.relative_to(TREE)) not in wanted:
            path.unlink()


def build(programs):
    done = subprocess.run(["cmake", "--build", str(BUILD), "--target", *programs],
                          capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def run(program, tests="*", patience=PATIENCE):
    """What the program of this name says: "" when all is well, else the first test that failed."""
    path = next((p for p in (BUILD / program, BUILD / "sim" / program, BUILD / "tests" / program)
                 if p.exists()), None)
    if path is None:
        sys.exit(f"mutants: no program {program} was built")
    try:
        done = subprocess.run([str(path), "--gtest_fail_fast", f"--gtest_filter={tests}",
                               f"--gtest_output=xml:{WORK / program}.xml"], cwd=TREE,
                              capture_output=True, text=True, errors="replace", timeout=patience,
                              check=False)
    except subprocess.TimeoutExpired:
        return "hangs"
    if done.returncode == 0:
        return ""
    failed = re.search(r"\[  FAILED  \] (\S+)", done.stdout)
    return failed[1] if failed else f"ends with {done.returncode}"


def slow_tests(program):
    """Of the run of the code as it is: those that take longer than all others are worth."""
    cases = ET.parse(WORK / f"{program}.xml").getroot().iter("testcase")
    return [f"{case.get('classname')}.{case.get('name')}" for case in cases
            if float(case.get("time", 0)) > SLOW]


def run_quick_first(program, slow, took):
    patience = TIMES * took + 60
    if not slow:
        return run(program, "*", patience)
    return run(program, "-" + ":".join(slow), patience) or run(program, ":".join(slow), patience)


def seen_by(mutant, slow, took):
    """(the test that sees it, or "") and what is wrong with the mutant, or ""."""
    path = TREE / mutant.file
    text = path.read_text()
    old, new = "\n".join(mutant.old), "\n".join(mutant.new)
    if text.count(old) != 1:
        return "", f"its old text stands {text.count(old)} times in {mutant.file}"
    path.write_text(UNUSED + text.replace(old, new))
    try:
        trouble = build(mutant.programs)
        if trouble:
            errors = [line for line in trouble.splitlines() if "error" in line]
            return "", "it does not compile: " + (errors or ["?"])[0]
        for program in mutant.programs:
            failed = run_quick_first(program, slow[program], took[program])
            if failed:
                return f"{program}: {failed}", ""
        return "", ""
    finally:
        path.write_text(text)


def main():
    words = sys.argv[1:]
    mutants = [m for m in read(ROOT / "tools/mutants.txt")
               if not words or any(w in m.id or w in m.what for w in words)]
    if not mutants:
        sys.exit("mutants: none of that name")
    copy_tree()
    # As the release preset compiles: ccache has most of it, and the tests run fast.
    subprocess.run(["cmake", "-S", str(TREE), "-B", str(BUILD), "-G", "Ninja",
                    *RELEASE], check=True, stdout=subprocess.DEVNULL)
    programs = sorted({program for m in mutants for program in m.programs})
    print(f"== {len(mutants)} mutants; first the code as it is: {' '.join(programs)}", flush=True)
    trouble = build(programs)
    if trouble:
        sys.exit("mutants: the code as it is does not build\n" + trouble[-3000:])
    took = {}
    for program in programs:
        began = time.monotonic()
        failed = run(program)
        took[program] = time.monotonic() - began
        if failed:
            sys.exit(f"mutants: the code as it is fails {program}: {failed}")
    slow = {program: slow_tests(program) for program in programs}
    table, alive = [], 0
    for mutant in mutants:
        began = time.monotonic()
        test, trouble = seen_by(mutant, slow, took)
        alive += not test
        verdict = f"seen by {test}" if test else "NOT SEEN" + (f" ({trouble})" if trouble else "")
        table.append(f"{mutant.id:12} {mutant.what}\n             {verdict}")
        print(f"{table[-1]} ({time.monotonic() - began:.0f} s)", flush=True)
    (WORK / "table.txt").write_text("\n".join(table) + "\n")
    print(f"{len(mutants) - alive} passed, {alive} failed")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
