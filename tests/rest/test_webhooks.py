"""Webhooks and action URLs: real calls, a real HTTP server that is told of them."""
import base64
import json
import time
import urllib.parse

import kit
from http_sink import Sink, signature
from phone import Phone

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
OLD = "whsec_" + base64.b64encode(b"the one before, 24 bytes and more").decode()
OFFICE = """
tenant: office.example
users:
  - {extension: "101", name: Alice, sip: {password: "alice-secret"}}
groups:
  - {name: Sales, extensions: ["8001"], crm_account: "4711", timeout: 60, members: ["101"]}
"""


class HookCase(kit.Case):
    OFFICE = OFFICE
    EXTRA = "webhooks: {allow: [\"127.0.0.0/8\"]}\n"

    def setUp(self):
        done = self.server.run("apply", self.server.office, "--prune")
        self.assertEqual(done.returncode, 0, done)
        self.sink = Sink()
        self.addCleanup(self.sink.close)
        self.alice = self.phone("ring")
        self.assertEqual(self.alice.register("101", "alice-secret").status, 200)
        self.caller = self.phone("ring")
        self.caller.user = "600700800"

    def tearDown(self):
        self.alice.register("101", "alice-secret", expires=0)

    def phone(self, behaviour):
        phone = Phone(self.server.sip, behaviour)
        self.addCleanup(phone.close)
        return phone

    def hook(self, **given):
        body = {"name": "crm", "url": self.sink.url + "/hook", "secret": SECRET, **given}
        made = self.server.post("/api/v1/webhooks", body)
        self.assertEqual(made.status, 201, made)
        return made.json()

    def action_urls(self, **urls):
        etag = self.server.get("/api/v1/groups/sales").header("ETag")
        done = self.server.patch("/api/v1/groups/sales", {"action_url": urls}, etag=etag)
        self.assertEqual(done.status, 200, done)

    def call(self, answer):
        call = self.caller.call("8001", "Anna & Co")
        self.alice.wait_for_request("INVITE")
        call.wait_for_ringing()
        if answer:
            self.alice.answer()
            self.assertEqual(call.wait_for_final().status, 200)
            call.hang_up()
        else:
            call.cancel()
        return call

    def told(self, kind):
        """The body of the first event of that type."""
        found = self.sink.wait_for(lambda t: t.method == "POST" and json.loads(t.body)["type"] == kind,
                                   kind)
        return found, json.loads(found.body)

    def deliveries(self, query="", count=1):
        def look():
            items = self.server.get("/api/v1/deliveries" + query).json()["items"]
            return items if len(items) >= count else None
        return kit.eventually(look, "deliveries " + query)


class Hooks(HookCase):
    def test_the_events_of_a_call_are_posted_and_signed(self):
        self.hook(old_secret=OLD, events=["call.answered", "call.ended"])
        self.call(answer=True)
        answered, _ = self.told("call.answered")
        ended, event = self.told("call.ended")
        self.assertEqual(ended.headers["Content-Type"], "application/json")
        self.assertEqual(ended.headers["webhook-signature"].split(" "),
                         [signature(SECRET, ended), signature(OLD, ended)])
        self.assertLess(abs(int(ended.headers["webhook-timestamp"]) - time.time()), 60)
        record = event["data"]["record"]
        self.assertEqual((record["outcome"], record["answered_by"], record["group"]),
                         ("answered", "101", "Sales"))
        self.assertEqual(ended.headers["webhook-id"], event["id"])
        self.assertEqual(event["call"], record["id"])
        self.assertEqual({json.loads(t.body)["type"] for t in self.sink.told},
                         {"call.answered", "call.ended"})
        log = self.deliveries("?state=delivered&call=" + record["id"], 2)
        self.assertEqual([(d["type"], d["status"], d["tries"], d["webhook"]) for d in log],
                         [("call.ended", 200, 1, "crm"), ("call.answered", 200, 1, "crm")])
        self.assertNotIn(SECRET, self.server.get("/api/v1/webhooks/crm").text())

    def test_a_missed_call_makes_two_events(self):
        self.hook()
        self.call(answer=False)
        _, missed = self.told("call.missed")
        self.assertEqual((missed["data"]["group"], missed["data"]["outcome"]), ("Sales", "abandoned"))
        self.told("call.ended")
        self.told("call.attempt.ringing")

    def test_row_S1_15_action_urls_on_ring_answer_missed_and_end(self):
        self.action_urls(**{moment: self.sink.url + "/{event}?tel={caller}&name={caller_name}"
                            "&agent={agent}&who={agent_name}&account={crm_account}&to={called}"
                            "&was={outcome}" for moment in ("ring", "answer", "missed", "end")})
        self.call(answer=True)
        self.sink.wait_for(lambda t: t.target.startswith("/end"), "end")
        self.call(answer=False)
        self.sink.wait_for(lambda t: t.target.startswith("/missed"), "missed")
        told = {}
        for one in self.sink.told:
            self.assertEqual(one.method, "GET")
            path, _, query = one.target.partition("?")
            told.setdefault(path, dict(urllib.parse.parse_qsl(query, keep_blank_values=True)))
        common = {"tel": "600700800", "name": "Anna & Co", "account": "4711", "to": "8001"}
        self.assertEqual(told["/ring"], {**common, "agent": "101", "who": "Alice", "was": ""})
        self.assertEqual(told["/answer"], {**common, "agent": "101", "who": "Alice", "was": ""})
        self.assertEqual(told["/end"], {**common, "agent": "101", "who": "Alice", "was": "answered"})
        self.assertEqual(told["/missed"], {**common, "agent": "", "who": "", "was": "abandoned"})

    def test_a_ringing_call_is_answered_by_a_link_once(self):
        self.action_urls(ring=self.sink.url + "/ring?link={answer_path}")
        call = self.caller.call("8001", "Anna")
        self.alice.wait_for_request("INVITE")
        call.wait_for_ringing()
        ring = self.sink.wait_for(lambda t: t.target.startswith("/ring"), "ring")
        link = urllib.parse.parse_qs(ring.target.partition("?")[2])["link"][0]
        self.assertEqual(self.server.get(link[:-4] + "AAAA").status, 404)
        done = self.server.get(link)
        self.assertEqual(done.status, 200, done)
        notify = self.alice.wait_for_request("NOTIFY")
        self.assertEqual(notify.one("event"), "talk")
        self.assertEqual(notify.one("call-id"), self.alice.invite.one("call-id"))
        self.assertEqual(self.server.get(link).status, 410)
        self.alice.answer()
        self.assertEqual(call.wait_for_final().status, 200)
        call.hang_up()
        self.call(answer=False)
        late = self.sink.wait_for(lambda t: t.target.startswith("/ring") and t is not ring, "ring")
        link = urllib.parse.parse_qs(late.target.partition("?")[2])["link"][0]
        self.assertEqual(self.server.get(link).status, 410)

    def test_a_failure_is_tried_again_with_the_same_id(self):
        self.hook(events=["call.ended"])
        self.sink.answers = [500]
        self.call(answer=False)
        first, _ = self.told("call.ended")
        waiting = kit.eventually(lambda: [d for d in self.deliveries("?state=waiting")
                                          if d["tries"] == 1], "the first try")[0]
        self.assertEqual((waiting["status"], waiting["tries"]), (500, 1))
        self.assertTrue(waiting["due"])
        kit.eventually(lambda: len(self.sink.told) == 2, "a second try, after five seconds")
        again = self.sink.told[1]
        self.assertEqual(again.headers["webhook-id"], first.headers["webhook-id"])
        self.assertEqual(again.body, first.body)
        self.assertEqual(self.deliveries("?state=delivered&type=call.ended")[0]["tries"], 2)

    def test_a_redirect_is_not_followed_and_a_delivery_can_be_sent_again(self):
        self.hook(events=["trunk.up"])
        self.sink.answers = [302]
        sent = self.server.post("/api/v1/webhooks/crm/test")
        self.assertEqual(sent.status, 202, sent)
        self.told("test")
        one = kit.eventually(lambda: [d for d in self.deliveries("?type=test&state=waiting")
                                      if d["tries"] == 1], "the first try")[0]
        self.assertEqual(one["status"], 302)
        again = self.server.post("/api/v1/deliveries/%s/resend" % one["id"])
        self.assertEqual((again.status, again.json()["state"]), (202, "waiting"), again)
        self.deliveries("?type=test&state=delivered")
        self.assertEqual([t.target for t in self.sink.told if b'"test"' in t.body],
                         ["/hook", "/hook"])
        self.assertEqual(self.server.post("/api/v1/deliveries/999999/resend").status, 404)

    def test_a_webhook_that_is_gone_is_switched_off(self):
        self.hook(events=["call.ended"])
        self.sink.answers = [410]
        self.call(answer=False)
        self.told("call.ended")
        kit.eventually(lambda: not self.server.get("/api/v1/webhooks/crm").json()["enabled"], "off")
        self.assertIn(410, [d["status"] for d in self.deliveries("?state=failed")])
        self.assertEqual(self.server.post("/api/v1/webhooks/crm/test").status, 409)

    def test_what_is_wrong_with_a_webhook_is_told(self):
        refused = self.server.post("/api/v1/webhooks", {
            "name": "bad", "url": "ftp://x/", "secret": "short", "events": ["call.endet"]})
        self.assertEqual(refused.status, 422, refused)
        self.assertEqual({e["pointer"] for e in refused.json()["errors"]},
                         {"/url", "/secret", "/events/0"})


class Restart(HookCase):
    def tearDown(self):
        pass  # after the start nobody knows the phone's port any more

    def test_the_end_of_a_call_outlives_kill_9(self):
        self.hook(events=["call.ended"])
        self.sink.answers = [503] * 3
        self.call(answer=False)
        self.told("call.ended")
        self.server.kill()
        with self.sink.changed:
            self.sink.answers.clear()
            before = len(self.sink.told)
        self.server.start()
        kit.eventually(lambda: len(self.sink.told) > before, "the delivery after the start")
        self.assertEqual(self.sink.told[-1].headers["webhook-id"],
                         self.sink.told[0].headers["webhook-id"])


class Private(kit.Case):
    OFFICE = OFFICE

    def test_addresses_that_are_not_public_are_not_asked(self):
        sink = Sink()
        self.addCleanup(sink.close)
        for number, host in enumerate(("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0")):
            name = "hook%d" % number
            made = self.server.post("/api/v1/webhooks", {
                "name": name, "url": "http://%s:%d/" % (host, sink.port), "secret": SECRET})
            self.assertEqual(made.status, 201, made)
            self.assertEqual(self.server.post("/api/v1/webhooks/%s/test" % name).status, 202)
            failed = kit.eventually(lambda: self.server.get(
                "/api/v1/deliveries?state=failed&webhook=" + name).json()["items"], "failed " + host)
            self.assertIn("not public", failed[0]["trouble"])
        self.assertEqual(sink.told, [])


if __name__ == "__main__":
    kit.unittest.main()
