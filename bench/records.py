#!/usr/bin/env python3
"""How long a page of call records takes with many of them, over the API of a real server.

usage: records.py [--harrier build/release/harrier] [--records 1000000] [--runs 5]

Fills the database of a fresh data folder, starts the server and asks for pages as the panel and a
user's own page do. Prints the median and the slowest of each question, in ms; 1 when a median is over
200 ms, the goal of the panel. Not one of the tests: it measures this machine.
"""
import argparse
import http.client
import json
import pathlib
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

GOAL_MS = 200
OFFICE = """
tenant: office.example
users:
%s
groups:
  - {name: Sales, extensions: ["8001"], members: ["101", "102"]}
"""
GROUPS = ("Sales", "Support", "Night", "")
OUTCOMES = ("answered", "answered", "answered", "no_answer", "abandoned", "busy")
YEAR_MS = 365 * 24 * 3600 * 1000


def rows(count, now_ms):
    """Calls of a year, a hundred users; the same each time."""
    for i in range(count):
        started = now_ms - YEAR_MS + i * YEAR_MS // count
        user = "%d" % (101 + i * 7 % 100)
        outcome = OUTCOMES[i * 5 % len(OUTCOMES)]
        answered = outcome == "answered"
        wait, talk = 2000 + i * 37 % 40000, (i * 91 % 600000 if answered else 0)
        attempts = json.dumps([{
            "target": user, "path": [], "contacts": [{"uri": "sip:%s@192.0.2.7:5060" % user,
                                                     "sip_status": 200, "ended_at_ms": None}],
            "round": 1, "stage": 1, "planned_at_ms": 0, "planned_for_ms": 20000,
            "dialled_at_ms": 0, "ringing_at_ms": 90, "ended_at_ms": wait,
            "result": "won" if answered else "timed_out", "why": ""}])
        yield ("call-%d" % i, "office.example", started, started + wait if answered else None,
               started + wait + talk, "+4860%07d" % (i * 13 % 9999999), "", "8001",
               GROUPS[i % 4], "", outcome, user if answered else "", wait, talk, "", "caller", 200,
               16, "sip-%d@192.0.2.7" % i, "", attempts, "{}")


class Server:
    def __init__(self, harrier, folder):
        users = "".join('  - {extension: "%d", sip: {password: "pw%d"}, web_password: "password %d"}\n'
                        % (e, e, e) for e in range(101, 201))
        self.harrier, self.folder, self.data = harrier, folder, folder / "data"
        self.data.mkdir()
        (folder / "harrier.yaml").write_text(
            'sip: {listen: ["udp://127.0.0.1:0"]}\nhttp: {listen: "127.0.0.1:0"}\ndrain: 1\n')
        (folder / "office.yaml").write_text(OFFICE % users)

    def __enter__(self):
        self.process = subprocess.Popen(
            [self.harrier, "serve", "--config", self.folder / "harrier.yaml", "--data", self.data,
             "--office", self.folder / "office.yaml"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            if "listening http://" in line:
                self.port = int(line.rsplit(":", 1)[1])
            if line.strip() == "harrier: ready":
                break
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def token(self):
        return subprocess.run([self.harrier, "token", "create", "--data", self.data], check=True,
                              capture_output=True, text=True).stdout.strip()

    def get(self, path, headers):
        """The body, and how many ms it took."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        began = time.monotonic()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        took = (time.monotonic() - began) * 1000
        connection.close()
        if answer.status != 200:
            raise RuntimeError("%s: %d %s" % (path, answer.status, body[:200]))
        return body, took

    def log_in(self, login, password):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", "/api/v1/session",
                           json.dumps({"login": login, "password": password}),
                           {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        return {"Cookie": answer.getheader("Set-Cookie").partition(";")[0]}


def fill(database, count):
    table = sqlite3.connect(database)
    table.execute("PRAGMA synchronous=OFF")
    names = ('id,tenant,started,answered,ended,"from",from_name,dialled,"group",crm_account,outcome,'
             'answered_by,wait_ms,talk_ms,final_destination,ended_by,sip_code,q850,sip_call_id,'
             'recording,attempts,plan')
    sql = "INSERT INTO records(%s) VALUES(%s)" % (names, ",".join("?" * 22))
    with table:
        table.executemany(sql, rows(count, int(time.time() * 1000)))
    table.close()


def iso(ms_ago):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - ms_ago / 1000))


def questions(server, headers, own):
    """Name, path and headers of each page that is asked for."""
    listed = "/api/v1/records?limit=50"
    page = json.loads(server.get(listed, headers)[0])
    month = "&from=" + urllib.parse.quote(iso(30 * 24 * 3600 * 1000))
    for name, path in (
            ("newest", listed), ("the next page", listed + "&cursor=" + page["next"]),
            ("oldest first", listed + "&sort=started"), ("a month", listed + month),
            ("a group", listed + "&group=Sales"), ("abandoned", listed + "&outcome=abandoned"),
            ("answered by one", listed + "&answered_by=117"),
            ("one caller", listed + "&caller=%2B48600000013"),
            ("a text that is often there", listed + "&q=Sales"),
            ("a text that is rare", listed + "&q=%2B48600000013"),
            ("a text that is not there", listed + "&q=nobody"),
            ("longest wait", listed + "&sort=-wait_ms"),
            ("longest wait of a group and month", listed + month + "&group=Sales&sort=-wait_ms"),
            ("by caller", listed + "&sort=from"), ("figures of a month", "/api/v1/statistics?" + month[1:]),
            ("one call", "/api/v1/records/call-77")):
        yield name, path, headers
    yield "a thousand as CSV", "/api/v1/records?limit=1000", {**headers, "Accept": "text/csv"}
    yield "a user's own calls", "/api/v1/me/records?limit=50", own


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--harrier", default="build/release/harrier")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    slow = 0
    with tempfile.TemporaryDirectory(prefix="harrier-records-") as name:
        server = Server(pathlib.Path(given.harrier).resolve(), pathlib.Path(name))
        with server:
            headers = {"Authorization": "Bearer " + server.token()}
        fill(server.data / "harrier.db", given.records)
        print("%d records; goal: %d ms a page" % (given.records, GOAL_MS))
        with server:
            own = server.log_in("117", "password 117")
            for what, path, with_headers in questions(server, headers, own):
                took = [server.get(path, with_headers)[1] for _ in range(given.runs)]
                median = statistics.median(took)
                slow += median > GOAL_MS
                print("%-36s %7.1f ms, slowest %7.1f%s"
                      % (what, median, max(took), "  OVER" if median > GOAL_MS else ""), flush=True)
    return 1 if slow else 0


sys.exit(main())
