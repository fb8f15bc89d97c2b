#!/usr/bin/env python3
"""Checks what no compiler checks: who includes whom, what pure rooms may use, sizes, left-overs.

Exit 1 on a finding. `tidy.py --self-test` proves that each kind of violation is found.
The rules are those of docs/architecture.md; tools/modules.txt is the include table.
"""
import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILE_LINES_MAX, LINE_COLUMNS_MAX = 500, 100
PURE_STD = set("""algorithm array bit cassert cctype charconv chrono climits compare concepts cstddef
cstdint cstdio cstdlib cstring deque functional initializer_list iterator limits list map memory
numeric optional ranges set span string string_view system_error tuple type_traits utility variant
vector""".split())
# Libraries that one pure room may use (docs/architecture.md: digests and ciphers).
PURE_LIBRARIES = {"sip": {"openssl/evp.h"},
                  "rtp": {"openssl/evp.h", "openssl/params.h", "openssl/types.h"}}
NO_OUTPUT = "pure code does no I/O: return a value"
BANNED_IN_PURE = {
    r"\b(steady|system|high_resolution|file|utc)_clock\b": "take `now` as an argument",
    r"\bclock_gettime\b|\bgettimeofday\b|(?<![\w.>])(std::|::)?(time|clock)\s*\(\s*(nullptr|NULL|0|&|\))":
        "take `now` as an argument",
    r"\b(v?f?printf|f?puts|f?putc(har)?|fopen|freopen|f(read|write|flush)|f?getc|f?gets|perror)\s*\("
    r"|\bstd::(cout|cerr|clog|cin)\b|\b(stdout|stderr|stdin)\b": NO_OUTPUT,
    r"\bstd::(thread|this_thread|mutex|atomic|jthread|condition_variable|future|async)\b":
        "pure code has one thread",
    r"\bstd::unordered_(map|set)\b": "iteration order is not fixed; use a sorted container",
    r"\b(random_device|mt19937|rand|getenv)\b": "nondeterministic: take base::Rng&",
    r"\bthrow\b|\bnew\s+[A-Z_a-z]+[({]|\bdelete\s+[a-z_]": "return a Result; own by value",
}
# The last words of a process that ends itself.
MAY_PRINT = {"src/base/assert.h"}
BANNED_EVERYWHERE = {
    r"\b(FIXME|TODO|XXX)\b": "finish it, or write an issue and say so to the user",
    r"\busing namespace std;": "name it",
    r"(\bfor \(.*: |& \w+ = ).*\bbackend\.snapshot\(\)->":
        "the snapshot ends with this expression: keep it in a variable",
}


def rules(root):
    table = {}
    for line in (root / "tools/modules.txt").read_text().splitlines():
        line = line.split("#")[0].strip()
        if line:
            folder, _, rest = line.partition(":")
            table[folder.strip()] = set(rest.split())
    return table


def check_include(line, folder, may, pure, is_test):
    found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
    if not found:
        return None
    path = found[2]
    if ".." in path:
        return "no .. in an include: name the file from src/"
    room = path.split("/")[0] if "/" in path else None
    if room != folder and "/detail/" in path and room in may:
        return f"{path} is the inside of {room}/"
    if room in may and room != "pure":
        if room != folder and room not in may.get(folder, set()) and not is_test:
            return f"{folder}/ may not include {room}/"
        return None
    if folder in pure and not is_test and path not in PURE_STD | PURE_LIBRARIES.get(folder, set()):
        return f"a pure room may not include <{path}>"
    return None


def sources(root):
    for top in ("src", "sim", "fuzz"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix in (".h", ".cc"):
                yield path


def findings(root):
    may = rules(root)
    pure = may.get("pure", set())
    for path in sources(root):
        rel = path.relative_to(root)
        folder = rel.parts[1] if rel.parts[0] == "src" else rel.parts[0]
        is_test = path.stem.endswith(("_test", "_fuzz", "_main")) or "testing" in rel.parts
        lines = path.read_text().splitlines()
        if len(lines) > FILE_LINES_MAX:
            yield f"{rel}:1: {len(lines)} lines, at most {FILE_LINES_MAX}"
        if path.suffix == ".h" and lines[:1] != ["#pragma once"]:
            yield f"{rel}:1: a header begins with #pragma once"
        bans = dict(BANNED_EVERYWHERE, **(BANNED_IN_PURE if folder in pure and not is_test else {}))
        for number, line in enumerate(lines, 1):
            code = re.sub(r'"(\\.|[^"\\])*"', '""', line.split("//")[0]) if "include" not in line \
                else line.split("//")[0]
            if len(line) > LINE_COLUMNS_MAX:
                yield f"{rel}:{number}: {len(line)} columns, at most {LINE_COLUMNS_MAX}"
            why = check_include(line.split("//")[0], folder, may, pure, is_test)
            if why:
                yield f"{rel}:{number}: {why}"
            for pattern, why in bans.items():
                text = line if pattern in BANNED_EVERYWHERE else code
                if why == NO_OUTPUT and rel.as_posix() in MAY_PRINT:
                    continue
                if re.search(pattern, text):
                    yield f"{rel}:{number}: {why}"


SELF_TEST = [
    ("src/hunt/x.cc", '#include "sip/x.h"'), ("src/hunt/x.cc", "#include <hunt/../sip/x.h>"),
    ("src/hunt/x.cc", '#include "../sip/x.h"'), ("src/hunt/x.cc", "#include <poll.h>"),
    ("src/hunt/x.cc", "#include <ctime>"), ("src/hunt/x.cc", "#include <spdlog/spdlog.h>"),
    ("src/hunt/x.cc", "#include <sqlite3.h>"),
    ("src/hunt/x.cc", "void f() { clock_gettime(0, nullptr); }"),
    ("src/hunt/x.cc", "void f() { std::this_thread::yield(); }"),
    ("src/hunt/x.cc", "std::random_device d;"),
    ("src/hunt/x.cc", "auto t = std::chrono::steady_clock::now();"),
    ("src/hunt/x.cc", "std::unordered_map<int, int> m;"), ("src/hunt/x.cc", "void f() { throw 1; }"),
    ("src/hunt/x.cc", 'void f() { std::printf("x"); }'), ("src/hunt/x.cc", 'auto* f = fopen("x", "r");'),
    ("src/hunt/x.cc", 'auto v = std::getenv("X");'), ("src/hunt/x.cc", "auto t = time(nullptr);"),
    ("src/hunt/x.cc", "auto t = std::time(&x);"), ("src/hunt/x.cc", 'void f() { fputs("x", stderr); }'),
    ("src/hunt/x.cc", "auto t = ::time(0);"), ("src/hunt/x.cc", "void f() { std::cerr << 1; }"),
    ("src/hunt/x.cc", "auto* p = new Thing{};"), ("src/net/x.cc", '#include "sip/x.h"'),
    ("src/net/x.cc", '#include "base/detail/x.h"'), ("src/net/x.cc", "// TO" + "DO: later"),
    ("src/net/x.cc", "int x;" + " " * 100 + "int y;"), ("src/net/x.h", "int x;"),
    ("src/net/x.cc", "\n" * 501), ("src/net/x.cc", "using namespace std;"),
    ("sim/x.cc", '#include "net/x.h"'),
    ("src/net/x.cc", "for (const auto& a : call.backend.snapshot()->office().admins) f(a);"),
    ("src/net/x.cc", "const auto& office = backend.snapshot()->office();"),
]


# What looks like a violation and is none.
SELF_TEST_GOOD = [
    ("src/hunt/x.cc", 'void f() { std::snprintf(b, 4, "%d", 1); }'), ("src/hunt/x.cc", "at = one.time(0);"),
    ("src/hunt/x.cc", "// printf(x) and time(nullptr) in words"),
    ("src/net/x.cc", "const auto snapshot = call.backend.snapshot();"),
]


def self_test():
    missed = []
    for (name, text), bad in [(c, True) for c in SELF_TEST] + [(c, False) for c in SELF_TEST_GOOD]:
        with tempfile.TemporaryDirectory() as d:
            root = pathlib.Path(d)
            for sub in ("src/hunt", "src/sip", "src/net", "src/base", "sim", "fuzz", "tools"):
                (root / sub).mkdir(parents=True)
            (root / "tools/modules.txt").write_text(
                "base:\nhunt: base\nsip: base\nnet: base\nsim: base hunt sip\npure: base sip hunt\n")
            (root / name).write_text(text + "\n")
            if bool(list(findings(root))) != bad:
                missed.append(text)
    count = len(SELF_TEST) + len(SELF_TEST_GOOD)
    print("\n".join("wrong: " + m for m in missed) or f"self-test: {count} passed, 0 failed")
    return 1 if missed else 0


def main():
    if "--self-test" in sys.argv:
        return self_test()
    found = list(findings(ROOT))
    print("\n".join(found) if found else "tidy: 1 passed, 0 failed")
    return 1 if found else 0


sys.exit(main())
