#!/usr/bin/env python3
"""Runs one file of tests against a harrier binary and writes a report as GoogleTest does.

usage: run.py --harrier build/dev/harrier [--report FILE] test_things.py [-k PATTERN]
"""
import argparse
import importlib.util
import os
import sys
import time
import unittest
from xml.sax.saxutils import quoteattr


class Recorder(unittest.TextTestResult):
    """Notes each test with its time and what went wrong."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.cases = []
        self.began = 0.0

    def startTest(self, test):
        super().startTest(test)
        self.began = time.monotonic()

    def note(self, test, trouble=""):
        suite, _, name = test.id().rpartition(".")
        self.cases.append((suite.rpartition(".")[2], name, time.monotonic() - self.began, trouble))

    def addSuccess(self, test):
        super().addSuccess(test)
        self.note(test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.note(test, "failed: %s" % err[1])

    def addError(self, test, err):
        super().addError(test, err)
        self.note(test, "error: %s" % err[1])

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.note(test, "%s: %s" % (subtest, err[1]))


def write_report(path, cases):
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    failed = sum(1 for case in cases if case[3])
    with open(path, "w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        out.write('<testsuites tests="%d" failures="%d" name="AllTests">\n' % (len(cases), failed))
        for suite in sorted({case[0] for case in cases}):
            out.write("  <testsuite name=%s>\n" % quoteattr(suite))
            for _, name, seconds, trouble in (c for c in cases if c[0] == suite):
                out.write('    <testcase name=%s classname=%s status="run" result="completed" '
                          'time="%.3f"' % (quoteattr(name), quoteattr(suite), seconds))
                if trouble:
                    out.write("><failure message=%s/></testcase>\n" % quoteattr(trouble[:500]))
                else:
                    out.write("/>\n")
            out.write("  </testsuite>\n")
        out.write("</testsuites>\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--harrier", required=True)
    parser.add_argument("--report")
    parser.add_argument("-k", dest="pattern", action="append")
    parser.add_argument("file")
    given = parser.parse_args()
    os.environ["HARRIER_BINARY"] = os.path.abspath(given.harrier)
    sys.dont_write_bytecode = True
    sys.path.insert(0, os.path.dirname(os.path.abspath(given.file)))
    name = os.path.splitext(os.path.basename(given.file))[0]
    spec = importlib.util.spec_from_file_location(name, given.file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    loader = unittest.TestLoader()
    if given.pattern:
        loader.testNamePatterns = ["*%s*" % pattern for pattern in given.pattern]
    result = unittest.TextTestRunner(resultclass=Recorder, verbosity=2).run(
        loader.loadTestsFromModule(module))
    if given.report:
        write_report(given.report, result.cases)
    if result.testsRun == 0:
        sys.exit("no test ran")
    sys.exit(0 if result.wasSuccessful() else 1)


if __name__ == "__main__":
    main()
