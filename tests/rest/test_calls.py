"""Live calls, records, registrations and explain, with real phones that ring."""
import csv
import io
import re

import kit
from phone import Phone

OFFICE = """
tenant: office.example
timezone: Europe/Warsaw
country: PL
users:
  - {extension: "101", name: Alice, sip: {password: "alice-secret"}}
  - {extension: "102", name: Bob, sip: {password: "bob-secret"}}
groups:
  - {name: Sales, extensions: ["8001"], crm_account: "4711", timeout: 60, members: ["101", "102"],
     finally: {busy: true}}
  - {name: Turns, extensions: ["8002"], strategy: sequential,
     members: [{ring: "101", for: 10}, {ring: "102", for: 15}]}
"""
FIELDS = ("id,tenant,started,answered,ended,from,from_name,dialled,group,crm_account,outcome,"
          "answered_by,wait_ms,talk_ms,final_destination,ended_by,sip_code,q850,sip_call_id,"
          "recording,attempts").split(",")
ATTEMPT = ("target,path,contacts,round,stage,planned_at_ms,planned_for_ms,dialled_at_ms,"
           "ringing_at_ms,ended_at_ms,result,why").split(",")
TIME = r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z"


class Calls(kit.Case):
    OFFICE = OFFICE

    def setUp(self):
        self.alice = self.phone("ring")
        self.bob = self.phone("ring")
        self.assertEqual(self.alice.register("101", "alice-secret").status, 200)
        self.assertEqual(self.bob.register("102", "bob-secret").status, 200)
        self.caller = self.phone("ring")
        self.caller.user = "600700800"

    def tearDown(self):
        self.alice.register("101", "alice-secret", expires=0)
        self.bob.register("102", "bob-secret", expires=0)

    def phone(self, behaviour):
        phone = Phone(self.server.sip, behaviour)
        self.addCleanup(phone.close)
        return phone

    def record_of(self, call):
        """The record, once it is in the store."""
        reply = kit.eventually(lambda: self.found("/api/v1/records/" + call.call_id), "a record")
        return reply.json()

    def found(self, target):
        reply = self.server.get(target)
        return reply if reply.status == 200 else None

    def live(self, call):
        for item in self.server.get("/api/v1/calls").json()["items"]:
            if item["sip_call_id"] == call.call_id:
                return item
        return None

    def answered_call(self, number="8001"):
        call = self.caller.call(number)
        self.alice.wait_for_request("INVITE")
        call.wait_for_ringing()
        self.alice.answer()
        self.assertEqual(call.wait_for_final().status, 200)
        return call

    def test_a_ringing_call_is_shown_with_plan_state_and_legs(self):
        call = self.caller.call("8001", "Anna")
        self.alice.wait_for_request("INVITE")
        self.bob.wait_for_request("INVITE")
        call.wait_for_ringing()
        item = kit.eventually(lambda: self.live(call), "a live call")
        self.assertEqual((item["from"], item["from_name"], item["dialled"], item["group"]),
                         ("600700800", "Anna", "8001", "Sales"))
        self.assertEqual((item["answered"], item["ended"]), (None, None))
        one = self.server.get("/api/v1/calls/" + item["id"]).json()
        self.assertEqual(sorted(leg["target"] for leg in one["legs"] if leg["target"]),
                         ["101", "102"], one["legs"])
        self.assertTrue(one["state"])
        rings = one["plan"]["plan"]["stages"][0]["rings"]
        self.assertEqual(sorted(ring["target"] for ring in rings), ["101", "102"])
        self.assertEqual(one["plan"]["plan"]["finally"], {"busy": True})
        self.check_problem(self.server.get("/api/v1/records/" + item["id"]), 404)
        self.assertEqual(call.cancel().status, 487)
        record = self.record_of(call)
        self.assertEqual((record["outcome"], record["ended_by"]), ("abandoned", "caller"))
        self.assertEqual({a["result"] for a in record["attempts"]}, {"caller_gave_up"})

    def test_an_answered_call_leaves_a_record_with_every_field_of_the_contract(self):
        call = self.answered_call()
        self.assertEqual(call.hang_up().status, 200)
        record = self.record_of(call)
        self.assertEqual([key for key in record if key != "plan"], FIELDS)
        self.assertEqual(record["attempts"] and list(record["attempts"][0]), ATTEMPT + ["group"])
        self.assertEqual(record["attempts"][0]["group"], "Sales")
        known = {key: record[key] for key in (
            "tenant", "from", "from_name", "dialled", "group", "crm_account", "outcome",
            "answered_by", "ended_by", "sip_code", "sip_call_id", "recording")}
        self.assertEqual(known, {
            "tenant": "office.example", "from": "600700800", "from_name": "Caller",
            "dialled": "8001", "group": "Sales", "crm_account": "4711", "outcome": "answered",
            "answered_by": "101", "ended_by": "caller", "sip_code": 200,
            "sip_call_id": call.call_id, "recording": ""})
        for field in ("started", "answered", "ended"):
            self.assertRegex(record[field], TIME)
        self.assertLessEqual(record["started"], record["answered"])
        self.assertLessEqual(record["answered"], record["ended"])
        results = {a["target"]: a["result"] for a in record["attempts"]}
        self.assertEqual(results, {"101": "won", "102": "answered_elsewhere"})
        contact = record["attempts"][0]["contacts"][0]
        self.assertEqual(sorted(contact), ["ended_at_ms", "sip_status", "uri"])

    def test_row_s2_4_the_other_phone_is_told_that_the_call_was_answered_elsewhere(self):
        call = self.answered_call()
        cancel = self.bob.wait_for_request("CANCEL")
        self.assertRegex(cancel.one("reason"), r"(?i)SIP\s*;\s*cause=200")
        call.hang_up()
        self.alice.wait_for_request("BYE")

    def test_the_ended_call_is_still_found_under_calls_and_drawn_by_trace(self):
        call = self.answered_call()
        call.hang_up()
        record = self.record_of(call)
        ended = self.server.get("/api/v1/calls/" + record["id"]).json()
        self.assertEqual((ended["state"], ended["legs"]), ("ended", []))
        self.assertEqual(ended["attempts"], record["attempts"])
        for name in (record["id"], call.call_id, "last"):
            traced = self.server.run("trace", name)
            self.assertEqual((traced.returncode, traced.stderr), (0, ""), name)
            self.assertIn("101", traced.stdout)
            self.assertIn("102", traced.stdout)
        self.assertEqual(kit.json.loads(self.server.run("trace", "last", "--json").stdout)["id"],
                         record["id"])
        listed = self.server.run("calls")
        self.assertEqual(listed.returncode, 0, listed)
        self.assertIn("8001", listed.stdout)

    def test_calls_follow_draws_while_it_rings(self):
        before = self.watchers()
        for flags in ((), ("--json",)):
            with self.subTest(flags=flags):
                watching = kit.subprocess.Popen(
                    [kit.BINARY, "calls", "--follow", *flags], stdout=kit.subprocess.PIPE,
                    text=True, env={**kit.os.environ, "HARRIER_DATA": self.server.data})
                self.addCleanup(watching.stdout.close)
                self.addCleanup(watching.wait)
                self.addCleanup(watching.terminate)
                kit.eventually(lambda: self.watchers() > before, "somebody who watches")
                call = self.caller.call("8001")
                self.assertEqual(call.wait_for_ringing().status, 180)
                seen = ""
                while "101" not in seen or "102" not in seen:
                    line = watching.stdout.readline()
                    self.assertTrue(line, seen)
                    seen += line
                call.cancel()
                while ("call.ended" if flags else "abandoned") not in seen:
                    line = watching.stdout.readline()
                    self.assertTrue(line, seen)
                    seen += line
                watching.terminate()
                watching.wait()
                kit.eventually(lambda: self.watchers() == before, "nobody who watches")
                self.alice.invite = self.bob.invite = None

    def watchers(self):
        text = self.server.get("/metrics").text()
        found = re.search(r"(?m)^harrier_event_subscribers (\d+)$", text)
        return int(found.group(1))

    def test_delete_hangs_up_both_sides(self):
        call = self.answered_call()
        item = self.live(call)
        self.assertEqual(self.server.delete("/api/v1/calls/" + item["id"]).status, 204)
        self.alice.wait_for_request("BYE")
        self.caller.wait_for_request("BYE")
        record = self.record_of(call)
        self.assertEqual((record["outcome"], record["ended_by"]), ("answered", "server"))
        self.check_problem(self.server.delete("/api/v1/calls/" + item["id"]), 404)

    def test_delete_ends_a_call_that_rings(self):
        call = self.caller.call("8001")
        self.bob.wait_for_request("INVITE")
        call.wait_for_ringing()
        item = kit.eventually(lambda: self.live(call), "a live call")
        self.assertEqual(self.server.delete("/api/v1/calls/" + item["id"]).status, 204)
        self.assertGreaterEqual(call.wait_for_final().status, 400)
        self.bob.wait_for_request("CANCEL")
        self.assertEqual(self.record_of(call)["ended_by"], "server")

    def test_an_unknown_number_is_404_and_leaves_a_record(self):
        call = self.caller.call("8999")
        self.assertEqual(call.wait_for_final().status, 404)
        record = self.record_of(call)
        self.assertEqual((record["dialled"], record["outcome"], record["sip_code"],
                          record["attempts"]), ("8999", "failed", 404, []))

    def test_registrations_show_who_is_where(self):
        items = self.server.get("/api/v1/registrations").json()["items"]
        mine = [item for item in items if item["username"] == "101"]
        self.assertEqual(len(mine), 1, items)
        self.assertEqual(mine[0]["user"], "101")
        self.assertEqual(mine[0]["source"], "127.0.0.1:%d" % self.alice.port)
        self.assertEqual((mine[0]["transport"], mine[0]["user_agent"]),
                         ("udp", "rest test phone"))
        self.assertRegex(mine[0]["expires"], TIME)

    def test_explain_says_who_would_ring_now(self):
        self.bob.register("102", "bob-secret", expires=0)
        told = self.server.post("/api/v1/explain", {"number": "8002", "from": "600700800"})
        self.assertEqual(told.status, 200, told)
        story = told.json()
        self.assertEqual(list(story), ["number", "from", "at", "decisions", "plan", "skipped"])
        self.assertEqual(list(story["plan"]),
                         ["stages", "rounds", "repeat_from", "limit_ms", "finally"])
        stage = story["plan"]["stages"][0]
        self.assertEqual([ring["target"] for ring in stage["rings"]], ["101"])
        self.assertEqual(stage["rings"][0]["for_ms"], 10_000)
        self.assertEqual([skipped["target"] for skipped in story["skipped"]], ["102"])
        for decision in story["decisions"]:
            self.assertEqual(list(decision), ["what", "because", "setting"])
        drawn = self.server.run("explain", "8002", "--from", "600700800")
        self.assertEqual(drawn.returncode, 0, drawn)
        self.assertIn("101", drawn.stdout)
        self.assertIn("102", drawn.stdout)

    def test_explain_refuses_what_it_cannot_read(self):
        for body, status in (("{", 400), ({}, 422), ({"number": "8001", "fro": "x"}, 422),
                             ({"number": "8001", "at": "tomorrow"}, 422), ([], 422)):
            self.check_problem(self.server.post("/api/v1/explain", body), status)
        unreadable = self.server.run("explain", "8001", "--at", "tomorrow")
        self.assertEqual(unreadable.returncode, 1)
        self.assertIn("RFC 3339", unreadable.stderr)
        self.assertEqual(self.server.run("explain").returncode, 2)


class Records(kit.Case):
    """One busy and two unknown calls, then questions about them."""
    OFFICE = OFFICE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        phone = Phone(cls.server.sip, "busy")
        cls.addClassCleanup(phone.close)
        phone.register("101", "alice-secret")
        caller = Phone(cls.server.sip)
        cls.addClassCleanup(caller.close)
        cls.calls = []
        for user, name, number in (("600100100", 'Anna, "A" Nowak', "8001"),
                                   ("600200200", "Piotr", "8998"),
                                   ("600300300", "Ewa", "8999")):
            caller.user = user
            call = caller.call(number, name.replace('"', '\\"'))
            call.wait_for_final()
            cls.calls.append(call.call_id)
        kit.eventually(lambda: len(cls.items()) == 3, "three records")

    @classmethod
    def items(cls, query=""):
        return cls.server.get("/api/v1/records?" + query).json()["items"]

    def dialled(self, query):
        return [item["dialled"] for item in self.items(query)]

    def test_the_newest_comes_first_and_sort_turns_it_round(self):
        self.assertEqual(self.dialled(""), ["8999", "8998", "8001"])
        self.assertEqual(self.dialled("sort=started"), ["8001", "8998", "8999"])
        self.assertEqual(self.dialled("sort=dialled"), ["8001", "8998", "8999"])
        self.assertEqual(self.dialled("sort=-from"), ["8999", "8998", "8001"])

    def test_filters_and_q_choose(self):
        self.assertEqual(self.dialled("group=Sales"), ["8001"])
        self.assertEqual(self.dialled("outcome=failed&sort=dialled"), ["8998", "8999"])
        self.assertEqual(self.dialled("caller=600200200"), ["8998"])
        self.assertEqual(self.dialled("dialled=8999"), ["8999"])
        self.assertEqual(self.dialled("q=PIOTR"), ["8998"])
        self.assertEqual(self.dialled("from=2099-01-01T00:00:00Z"), [])
        self.assertEqual(len(self.dialled("until=2099-01-01T00:00:00Z")), 3)

    def test_limit_and_cursor_walk_through_all_once(self):
        seen, cursor = [], ""
        for _ in range(3):
            reply = self.server.get("/api/v1/records?limit=1&cursor=" + cursor).json()
            seen += [item["dialled"] for item in reply["items"]]
            cursor = reply["next"]
        self.assertEqual((seen, cursor), (["8999", "8998", "8001"], ""))

    def test_questions_that_cannot_be_read_are_400(self):
        for query in ("limit=0", "limit=1001", "limit=x", "sort=colour", "cursor=zzz",
                      "from=yesterday"):
            self.check_problem(self.server.get("/api/v1/records?" + query), 400)

    def test_csv_has_the_fields_of_the_contract_in_its_order(self):
        reply = self.server.get("/api/v1/records?sort=started",
                                headers={"Accept": "text/csv"})
        self.assertEqual(reply.header("Content-Type"), "text/csv; charset=utf-8")
        rows = list(csv.reader(io.StringIO(reply.text(), newline="")))
        self.assertEqual(rows[0], FIELDS)
        first = dict(zip(rows[0], rows[1]))
        self.assertEqual(first["dialled"], "8001")
        self.assertEqual(first["from_name"], self.items("sort=started")[0]["from_name"])
        self.assertIn("Anna, ", first["from_name"])
        self.assertEqual(kit.json.loads(first["attempts"]),
                         self.items("sort=started")[0]["attempts"])
        self.assertEqual(len(rows), 4)

    def test_simulate_replays_the_csv_for_the_running_office(self):
        text = self.server.get("/api/v1/records", headers={"Accept": "text/csv"}).text()
        file = self.server.write("records.csv", text)
        done = self.server.run("simulate", "--to", "8001", "--records", file, "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        (run,) = kit.json.loads(done.stdout)
        self.assertEqual(run["configuration"], "the running office")
        self.assertEqual(run["figures"][0], {"what": "calls", "value": 1})
        other = self.server.run("simulate", "--to", "101", "--records", file)
        self.assertEqual(other.returncode, 1)
        self.assertIn("none of its 3 calls was to 101", other.stderr)

    def test_csv_pages_by_a_header(self):
        reply = self.server.get("/api/v1/records?limit=2", headers={"Accept": "text/csv"})
        cursor = reply.header("X-Next-Cursor")
        rest = self.server.get("/api/v1/records?limit=2&cursor=" + cursor,
                               headers={"Accept": "text/csv"})
        rows = list(csv.reader(io.StringIO(rest.text(), newline="")))
        self.assertEqual([row[FIELDS.index("dialled")] for row in rows[1:]], ["8001"])
        self.assertIsNone(rest.header("X-Next-Cursor"))

    def test_records_are_still_there_after_kill_9(self):
        before = self.items()
        self.server.kill()
        self.server.start()
        self.assertEqual(self.items(), before)


class FreshServer(kit.Case):
    OFFICE = OFFICE

    def test_at_first_the_list_is_empty_and_trace_says_so(self):
        self.assertEqual(self.server.get("/api/v1/records").json(), {"items": [], "next": ""})
        self.check_problem(self.server.get("/api/v1/records/none"), 404)
        self.check_problem(self.server.get("/api/v1/calls/none"), 404)
        traced = self.server.run("trace", "last")
        self.assertEqual((traced.returncode, traced.stdout), (1, ""))
        self.assertIn("no call", traced.stderr)

    def test_metrics_count_calls_by_their_outcome(self):
        caller = Phone(self.server.sip)
        self.addCleanup(caller.close)

        def failed():
            found = re.search(r'harrier_calls_total\{result="failed"\} (\d+)',
                              self.metrics())
            return int(found.group(1)) if found else 0
        before = failed()
        self.assertEqual(caller.call("7777").wait_for_final().status, 404)
        kit.eventually(lambda: failed() == before + 1, "one more failed call in the metrics")

    def metrics(self):
        return self.server.get("/metrics").text()

