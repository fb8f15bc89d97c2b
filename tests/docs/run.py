#!/usr/bin/env python3
"""The documents say what is true: their examples are accepted, their pictures are the program's own.

run.py [--update] [--report FILE]. HARRIER is the binary. In README.md and docs/*.md
  ```yaml           is an office file (or harrier.yaml) that `harrier check` accepts; what it takes for
                    granted (tenant, users 101 to 103, group Night, a trunk) is added
  ```sh             lines with `harrier COMMAND` are run against a server with examples/office.yaml
  <!-- explain: N --> the block behind it is what `harrier explain N` draws; --update writes it
  <!-- metrics -->    the table behind it is the list of metrics in the code; --update writes it
Links to files of the project must lead somewhere.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import time
import traceback
import xml.etree.ElementTree as ET

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/e2e"))
from phone import Phone  # noqa: E402
from server import BINARY, Server  # noqa: E402

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
SERVER_KEYS = ("sip:", "http:", "store:", "timers:", "log:", "limits:")
# What an example may take for granted: list, what names the thing, its line.
GRANTED = [("users", f'extension: "{n}"', f'  - {{extension: "{n}", name: User {n}, sip: {{password: pw{n}}}}}\n')
           for n in (101, 102, 103)]
GRANTED += [("groups", "name: Night", '  - {name: Night, extensions: ["8099"], members: ["103"]}\n'),
            ("trunks", "uri:", '  - {name: line, uri: "sip:192.0.2.60", allow_from: ["192.0.2.60"]}\n')]
# One moment for all pictures: a Monday morning.
AT = "2026-03-02T10:00:00+01:00"
PASSWORDS = {"101": "alice-101-example", "102": "bob-102-example", "103": "carol-103-example"}
# Commands of the documents that do not end or that need another world.
NOT_RUN = ("serve", "calls --follow", "token", "import")


def blocks(page, kind):
    return re.findall(rf"^```{kind}\n(.*?)^```$", page.read_text(), re.M | re.S)


def whole(text):
    """An example with what it takes for granted."""
    if "tenant:" not in text:
        text = "tenant: office.example\n" + text
    for key, name, line in GRANTED:
        if name in text:
            continue
        if f"\n{key}:\n" in text:
            text = text.replace(f"\n{key}:\n", f"\n{key}:\n{line}", 1)
        else:
            text += f"{key}:\n{line}"
    return text


def test_yaml_examples_are_accepted():
    count = 0
    folder = ROOT / "build/docs-test"
    folder.mkdir(parents=True, exist_ok=True)
    for page in PAGES:
        for text in blocks(page, "yaml"):
            file = folder / "example.yaml"
            is_server = text.startswith(SERVER_KEYS)
            file.write_text(text if is_server else whole(text))
            done = subprocess.run([BINARY, "check"] + (["--config"] if is_server else []) + [file],
                                  capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{page.name}:\n{file.read_text()}\n{done.stdout}{done.stderr}"
            count += 1
    assert count >= 8, f"only {count} examples were found"


class World:
    """The example office with its three phones registered."""

    def __enter__(self):
        self.server = Server((ROOT / "examples/office.yaml").read_text()).start()
        self.phones = [Phone(self.server.udp, user, password, "office.example")
                       for user, password in PASSWORDS.items()]
        for phone in self.phones:
            phone.register()
        return self

    def __exit__(self, *_):
        for phone in self.phones:
            phone.close()
        self.server.kill()
        shutil.rmtree(self.server.folder, ignore_errors=True)

    def one_call(self):
        caller = self.phones[0]
        call = caller.call("102")
        self.phones[1].answer(self.phones[1].wait_call("ringing"))
        caller.wait(lambda: call.state == "talking")
        caller.hang_up(call)
        self.server.records(1)


def test_commands_run():
    with World() as world:
        world.one_call()
        count = 0
        for page in PAGES:
            for line in "\n".join(blocks(page, "sh")).splitlines():
                found = re.match(r"(?:build/release/)?harrier (.+)", line.strip())
                if not found or found[1].startswith(NOT_RUN):
                    continue
                words = re.sub(r"--data \S+", "", found[1]).split()
                data = [] if words[0] == "check" else ["--data", str(world.server.data)]
                done = subprocess.run([BINARY, *words, *data], cwd=ROOT, capture_output=True, text=True,
                                      timeout=20, check=False)
                assert done.returncode == 0, f"{page.name}: {line}\n{done.stdout}{done.stderr}"
                count += 1
        assert count >= 8, f"only {count} commands were found"


PICTURE = re.compile(r"^<!-- explain: (\S+) -->\n```text\n(.*?)^```$", re.M | re.S)


def drawn(world, number):
    status, out, errors = world.server.harrier("explain", number, "--from", "+48600100200", "--at", AT)
    assert status == 0, errors
    return out.rstrip("\n") + "\n"


def test_pictures_are_current():
    with World() as world:
        count = 0
        for page in PAGES:
            for number, shown in PICTURE.findall(page.read_text()):
                real = drawn(world, number)
                assert shown == real, f"{page.name}: explain {number} draws\n{real}\nrun {__file__} --update"
                count += 1
        assert count >= 5, f"only {count} pictures were found"


def test_links_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target} is not there"


METRIC = re.compile(r'MetricKind::(\w+),\s*"(\w+)",\s*"([\w,]*)",\s*((?:"[^"]*"\s*)+)\}')
METRIC_TABLE = re.compile(r"(?<=<!-- metrics -->\n)(?:\|.*\n)+")


def metrics():
    """Name to kind, labels and help of each metric, as the code declares them."""
    found = METRIC.findall((ROOT / "src/obs/metrics_list.h").read_text())
    assert len(found) > 50, found
    return {name: (kind.lower(), [label for label in labels.split(",") if label],
                   "".join(re.findall('"([^"]*)"', told))) for kind, name, labels, told in found}


def metric_table():
    lines = ["| name | kind | labels | what it says |", "|---|---|---|---|"]
    lines += [f"| `{name}` | {kind} | {', '.join(f'`{label}`' for label in labels)} | {told} |"
              for name, (kind, labels, told) in metrics().items()]
    return "\n".join(lines) + "\n"


def test_the_table_of_metrics_is_current():
    assert METRIC_TABLE.findall((ROOT / "docs/metrics.md").read_text()) == [metric_table()], \
        f"run {__file__} --update"


def test_alerts_and_dashboard_ask_for_metrics_that_exist():
    known = metrics()
    rules = (ROOT / "packaging/prometheus/harrier.rules.yml").read_text()
    asked = re.findall(r"expr: (?:>\n)?(.*?)\n {8}\w+:", rules, re.S)
    panels = json.loads((ROOT / "packaging/grafana/harrier.json").read_text())["panels"]
    asked += [f"{target['expr']} {target['legendFormat']}" for panel in panels
              for target in panel.get("targets", [])]
    assert len(asked) > 40, asked
    for expression in asked:
        names = re.findall(r"\b(?:harrier|process)_\w+", expression)
        assert names or expression.startswith("up{"), expression
        labels = {"instance", "job"}
        for name in names:
            plain = name.removesuffix("_bucket")
            assert plain in known, f"{name} is no metric: {expression}"
            assert (plain == name) == (known[plain][0] != "histogram"), expression
            labels |= set(known[plain][1]) | ({"le"} if plain != name else set())
        used = {part.strip() for by in re.findall(r"by \(([^)]*)\)", expression) for part in by.split(",")}
        used |= set(re.findall(r"(\w+)=~?\"", expression) + re.findall(r"\{\{(\w+)\}\}", expression))
        assert used <= labels, f"{used - labels} is no label of {names}: {expression}"


def quoted(file, pattern):
    """What the code writes between quotes, each once, in order."""
    found = list(dict.fromkeys(re.findall(f'"({pattern})"', (ROOT / "src" / file).read_text())))
    assert found, f"{file}: nothing was found, look at the pattern"
    return found


def test_words_of_the_code_stand_in_the_documents():
    word, event = r"[a-z]+(?:_[a-z]+)*_?", r"[a-z]+\.[a-z]+"
    words = (ROOT / "docs/words.md").read_text()
    for file in ("hunt/plan.cc", "hunt/legs.cc", "hunt/machine.cc", "facts/call_record.cc"):
        for name in quoted(file, word):
            if name not in ("caller", "callee", "server"):  # who ended a call: in call-records.md
                shown = f"`{name}NNN`" if name.endswith("_") else f"`{name}`"
                assert shown in words, f"docs/words.md does not have {shown} of src/{file}"
    lines = (ROOT / "docs/formats/log-fields.md").read_text()
    for file in ("obs/lines.cc", "obs/observer.cc", "app/serve.cc"):
        for name in quoted(file, event):
            if not name.endswith((".db", ".key", ".lock", ".sock")):
                assert f"| `{name}` |" in lines, f"log-fields.md does not have event {name} of src/{file}"
    table = lines[lines.index("## Fields"):]
    names = re.findall(r'(?:\{|emplace_back\()"([a-z_]+)",', (ROOT / "src/obs/lines.cc").read_text())
    assert len(names) > 30, names
    for name in names:
        assert re.search(rf"^\|[^|]*`{name}`", table, re.M), f"log-fields.md does not have field {name}"
    for name in quoted("facts/fact.cc", word):
        assert f"`{name}`" in table, f"log-fields.md does not have {name} of auth.failed"


def update():
    with World() as world:
        for page in PAGES:
            text = page.read_text()
            new = PICTURE.sub(
                lambda m: f"<!-- explain: {m[1]} -->\n```text\n{drawn(world, m[1])}```", text)
            new = METRIC_TABLE.sub(lambda _: metric_table(), new)
            if new != text:
                page.write_text(new)
                print(f"{page.relative_to(ROOT)}: drawn anew")


def main():
    if "--update" in sys.argv:
        return update()
    suite, failures = ET.Element("testsuite", name="docs"), 0
    tests = [value for name, value in sorted(globals().items()) if name.startswith("test_")]
    for test in tests:
        began = time.monotonic()
        case = ET.SubElement(suite, "testcase", classname="docs", name=test.__name__)
        try:
            test()
            print(f"ok     {test.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
        except Exception:  # noqa: BLE001 - every failure is reported, whatever it is
            failures += 1
            ET.SubElement(case, "failure").text = traceback.format_exc()
            print(f"FAILED {test.__name__}\n{traceback.format_exc()}", flush=True)
    if "--report" in sys.argv:
        report = pathlib.Path(sys.argv[sys.argv.index("--report") + 1])
        report.parent.mkdir(parents=True, exist_ok=True)
        root = ET.Element("testsuites", tests=str(len(tests)), failures=str(failures))
        root.append(suite)
        ET.ElementTree(root).write(report)
    print(f"{len(tests) - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
