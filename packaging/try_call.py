#!/usr/bin/env python3
"""In a network namespace of its own: starts the installed Harrier by the lines of its unit, gives it two
phones and a group, calls, looks at the record and at the panel. try_call.py ROOT-OF-THE-BARE-SYSTEM"""
import pathlib
import re
import shlex
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/e2e"))
from phone import Phone  # noqa: E402

ROOT = sys.argv[1]
LOG = pathlib.Path(ROOT, "tmp/harrier.log")
OFFICE = """
tenant: office.example
users:
  - {extension: "101", name: Alice, sip: {password: pw101}}
  - {extension: "102", name: Bob, sip: {password: pw102}}
groups:
  - {name: Sales, extensions: ["600"], members: ["102"]}
"""


def inside(command):
    """As the unit's user, with its only capability."""
    return ["setpriv", "--reuid=harrier", "--regid=harrier", "--clear-groups",
            "--inh-caps=-all,+net_bind_service", "--ambient-caps=-all,+net_bind_service",
            "--bounding-set=-all,+net_bind_service", "--no-new-privs", *command]


def run(command):
    done = subprocess.run(["chroot", ROOT, *inside(command)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def unit(key):
    text = pathlib.Path(ROOT, "lib/systemd/system/harrier.service").read_text()
    return shlex.split(re.search(rf"^{key}=(.*)$", text, re.M)[1])


def started():
    process = subprocess.Popen(["chroot", ROOT, *inside(unit("ExecStart"))], text=True,
                               stdout=subprocess.PIPE, stderr=LOG.open("w"))
    for line in process.stdout:
        if line.strip() == "harrier: ready":
            return process
    raise AssertionError(f"it ended: {LOG.read_text()}")


def call():
    server = ("127.0.0.1", 5060)
    alice, bob = (Phone(server, name, "pw" + name, "office.example") for name in ("101", "102"))
    bob.answers_after = 0.2
    alice.register()
    bob.register()
    mine = alice.call("600")
    alice.wait_call("talking")
    bob.wait_call("talking")
    alice.hang_up(mine)
    bob.wait_call("over")
    alice.close()
    bob.close()


def main():
    print(run(unit("ExecStartPre")).strip())
    process = started()
    try:
        assert "/setup?once=" in LOG.read_text(), "no link to begin with"
        page = urllib.request.urlopen("http://127.0.0.1:8080/", timeout=10).read().decode()
        assert "<script" in page and "web/dist" not in page, "the panel's files are not there"
        pathlib.Path(ROOT, "tmp/phones.yaml").write_text(OFFICE)
        run(["harrier", "apply", "/tmp/phones.yaml", "--data", "/var/lib/harrier"])
        call()
        until = time.monotonic() + 10
        while "answered" not in (shown := run(["harrier", "calls", "--data", "/var/lib/harrier"])):
            assert time.monotonic() < until, f"no record of the call: {shown}"
            time.sleep(0.1)
    finally:
        process.terminate()
    assert process.wait(30) == 0, "SIGTERM must end with 0"


main()
