"""Every operation of the API's description against a real server, each answer compared with it."""
import os
import sqlite3

import kit
from browser import Browser
from described import Described, wav
from phone import Phone

OFFICE = """
tenant: office.example
timezone: Europe/Warsaw
admins:
  - {email: admin@office.example, password: "correct horse battery"}
users:
  - {extension: "101", name: Alice, sip: {password: "alice-secret"}, web_password: "alice alice 1", mailbox: {pin: "1234"}, permissions: {own_chain: true}, rules: [{name: work, stages: [{ring: ["101"], for: 20}]}]}
  - {extension: "102", name: Bob, sip: {password: "bob-secret"}}
  - {extension: "103", sip: {password: "third-secret"}}
groups:
  - {name: Sales, extensions: ["8001"], timeout: 60, members: ["101", {ring: "102", after: 6, for: 15}], strategy: staggered, finally: {mailbox: general}, flags: [{flag: night, to: {mailbox: general}}]}
chain: [{sip_number: "101", next_number: "102"}]
mailboxes: [{name: general, extension: "900", pin: "0000"}]
ivrs: [{name: "1", extension: "700", greeting: welcome, keys: {"1": {group: Sales}}, otherwise: {hangup: true}}]
queues: [{name: Support, extension: "600", members: ["101"]}]
schedules: [{name: business, open: ["Mo-Fr 08:00-16:00"], holidays: pl}]
flags: [{name: night, code: "*30", schedule: business}]
numbers: [{number: "+48587622000", to: {group: Sales}}]
trunks: [{name: carrier, uri: "sip:127.0.0.1:9", numbers: ["+48587622000"]}]
sounds: [{name: welcome, file: sounds/welcome.wav}]
"""
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
# A thing of each kind that can be made, and what is changed of it.
THINGS = {
    "users": ({"extension": "150", "name": "Cora", "sip": {"password": "cora-secret"}}, "150",
              {"name": "Cora B"}),
    "groups": ({"name": "Night", "extensions": ["8009"], "members": ["102"]}, "night",
               {"description": "after hours"}),
    "numbers": ({"number": "+48587622999", "to": {"user": "101"}}, "+48587622999",
                {"to": {"user": "102"}}),
    "chain": ({"sip_number": "103", "next_number": "101"}, "103", {"for": 25}),
    "trunks": ({"name": "second", "uri": "sip:127.0.0.1:9"}, "second", {"channels": 4}),
    "schedules": ({"name": "weekend", "open": ["Sa-Su"]}, "weekend", {"open": ["Sa 10:00-12:00"]}),
    "flags": ({"name": "sick"}, "sick", {"on": True}),
    "mailboxes": ({"name": "second", "extension": "901"}, "second", {"email": ["a@office.example"]}),
    "ivrs": ({"name": "2", "extension": "701", "otherwise": {"busy": True}}, "2", {"timeout": 9}),
    "queues": ({"name": "Desk", "extension": "601", "members": ["102"]}, "desk", {"max_wait": 60}),
    "tests": ({"name": "By night", "number": "8001", "at": "2026-03-02T23:00:00+01:00",
               "phones": ["101"], "expect": {"stages": [{"ring": ["101"]}]}}, "by-night",
              {"seed": 3}),
    "reports": ({"name": "Sales", "email": ["a@office.example"], "every": "week",
                 "group": "Sales"}, "sales", {"every": "month"}),
    "sounds": ({"name": "goodbye", "file": "sounds/goodbye.wav"}, "goodbye",
               {"file": "sounds/bye.wav"}),
    "webhooks": ({"name": "shop", "url": "http://127.0.0.1:9/", "secret": SECRET}, "shop",
                 {"events": ["call.ended"]}),
}
V1 = "/api/v1"


class Operations(kit.Case):
    OFFICE = OFFICE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = None

    def test_every_operation_answers_as_it_is_described(self):
        self.api = Described(self, self.server)
        ask = self.api.ask
        for step in (self.open_operations, self.things, self.switches, self.calls, self.messages,
                     self.hooks, self.calendars, self.phones,
                     self.office, self.history, self.accounts, self.oneself):
            step(ask)
        self.assertEqual(sorted(self.api.operations() - self.api.called), [])

    def open_operations(self, ask):
        for path in ("/healthz", "/readyz", "/metrics", "/version", V1 + "/openapi.json",
                     V1 + "/setup"):
            ask("get", path, status=200)
        ask("post", V1 + "/setup", body={"once": "guess", "email": "a@b.example",
                                         "password": "long enough 1"}, status=403)
        link = ask("post", V1 + "/setup/links", status=201).json()["link"]
        browser = Browser(self.server)
        made = ask("post", V1 + "/setup", who=browser, status=201,
                   body={"once": link.partition("once=")[2], "email": "b@office.example",
                         "password": "long enough 1"})
        self.assertEqual(made.json()["role"], "administrator")

    def things(self, ask):
        for kind, (body, name, change) in THINGS.items():
            path, one = V1 + "/" + kind, V1 + "/" + kind + "/{id}"
            at = {"id": name}
            expand = {"users": "state", "groups": "health", "trunks": "state", "schedules": "now",
                      "flags": "now"}.get(kind)
            ask("get", path, query="?limit=1", status=200)
            if expand:
                page = ask("get", path, query="?expand=" + expand, status=200).json()
                self.assertIn(expand, page["items"][0])
            ask("get", path, query="?expand=nothing", status=400)
            ask("get", path, query="?nothing=1", status=400)
            ask("post", path, query="?dry_run=1", body=body, status=200)
            ask("get", one, at, status=404)
            made = ask("post", path, body=body, status=201)
            ask("post", path, body=body, status=409)
            ask("post", path, body="{", status=400)
            refused = ask("post", path, body={**body, "nonsense": 1}, status=422).json()
            self.assertEqual(refused["errors"][0]["pointer"], "/nonsense")
            read = ask("get", one, at, status=200)
            etag = read.header("ETag")
            self.assertEqual(made.header("ETag"), etag)
            same = self.server.get(V1 + "/%s/%s" % (kind, name), headers={"If-None-Match": etag})
            self.assertEqual((same.status, same.body), (304, b""))
            ask("patch", one, at, body=change, status=428)
            dry = ask("patch", one, at, query="?dry_run=1", body=change, status=200,
                      headers={"If-Match": etag})
            patched = ask("patch", one, at, body=change, status=200, headers={"If-Match": etag})
            self.assertEqual({**dry.json(), "revision": 0, "warnings": 0},
                             {**patched.json(), "revision": 0, "warnings": 0})
            stale = ask("put", one, at, body=read.json(), status=412, headers={"If-Match": etag})
            self.assertEqual(stale.json()["current"],
                             {k: v for k, v in patched.json().items() if k != "warnings"})
            put = ask("put", one, at, body=read.json(), status=200,
                      headers={"If-Match": patched.header("ETag")})
            ask("delete", one, at, status=428)
            ask("delete", one, at, status=204, headers={"If-Match": put.header("ETag")})

    def switches(self, ask):
        for kind, name in (("groups", "sales"), ("queues", "support")):
            path = V1 + "/" + kind + "/{id}/members/{member}/"
            at = {"id": name, "member": "101"}
            ask("delete", path + "login", at, status=204)
            self.assertFalse(self.server.get(V1 + "/%s/%s" % (kind, name)).json()
                             ["members"][0]["logged_in"])
            ask("put", path + "login", at, status=204)
            ask("put", path + "pause", at, body={"until": "2030-01-01T00:00:00Z"}, status=204)
            ask("put", path + "pause", at, body={"until": "soon"}, status=422)
            ask("delete", path + "pause", at, status=204)
            ask("put", path + "login", {**at, "member": "199"}, status=404)
        flag = V1 + "/flags/{id}/state"
        ask("put", flag, {"id": "night"}, body={"on": True}, status=200)
        ask("put", flag, {"id": "night"}, body={"on": "yes"}, status=422)
        now = ask("get", V1 + "/now", status=200).json()
        self.assertTrue(now["flags"][0]["on"])  # by its hours it may be on already
        self.assertIn(now["flags"][0]["because"], ("by_hand", "schedule"))
        ask("put", flag, {"id": "night"}, body={"on": False}, status=200)
        sound = V1 + "/sounds/{id}/audio"
        at = {"id": "welcome"}
        ask("get", sound, at, status=404)
        etag = self.server.get(V1 + "/sounds/welcome").header("ETag")
        ask("put", sound, at, body=wav(), status=428)
        ask("put", sound, at, body=b"no sound at all", status=422, headers={"If-Match": etag})
        kept = ask("put", sound, at, body=wav(), status=200, headers={"If-Match": etag})
        self.assertNotIn("..", kept.json()["file"])
        self.assertEqual(ask("get", sound, at, status=200).body, wav())
        speech, etag = V1 + "/sounds/{id}/speech", kept.header("ETag")
        ask("post", speech, at, body={"text": "Hello"}, status=428)
        ask("post", speech, {"id": "nope"}, body={"text": "Hello"}, status=404)
        wrong = ask("post", speech, at, body={"language": "xx"}, status=422,
                    headers={"If-Match": etag}).json()
        self.assertEqual({one["pointer"] for one in wrong["errors"]}, {"/text", "/language"})
        ask("post", speech, at, body={"text": "-w /tmp/x Dzień dobry", "language": "pl"}, status=200,
            headers={"If-Match": etag})
        spoken = ask("get", sound, at, status=200).body
        self.assertEqual((spoken[:4], len(spoken) > 10_000), (b"RIFF", True))
        trunk = V1 + "/trunks/{id}/test"
        dead = ask("post", trunk, {"id": "carrier"}, status=200).json()
        self.assertEqual((dead["reached"], dead["sip_status"]), (False, 0), dead)
        self.server.patch(V1 + "/trunks/carrier", {"uri": "sip:127.0.0.1:%d" % self.server.sip[1]},
                          etag="*")
        alive = ask("post", trunk, {"id": "carrier"}, status=200).json()
        self.assertTrue(alive["reached"], alive)

    def calls(self, ask):
        alice = Phone(self.server.sip, "answer")
        self.addCleanup(alice.close)
        self.assertEqual(alice.register("101", "alice-secret").status, 200)
        caller = Phone(self.server.sip, "ring")
        self.addCleanup(caller.close)
        caller.user = "600700800"
        seen = ask("get", V1 + "/registrations", query="?user=101", status=200).json()["items"]
        self.assertEqual((seen[0]["extension"], seen[0]["name"]), ("101", "Alice"))
        self.assertEqual(ask("get", V1 + "/registrations", query="?user=102", status=200)
                         .json()["items"], [])
        health = ask("get", V1 + "/groups/{id}/health", {"id": "sales"}, status=200).json()
        self.assertEqual((health["can_ring"], health["of"]), (1, 2))
        self.assertEqual(health["members"][1]["why"], "not_registered")
        for body in ({"number": "8001"}, {"number": "8001", "phones": "all", "seed": 7},
                     {"phones": ["102"], "group": {"name": "Draft", "members": ["101", "102"]}}):
            ask("post", V1 + "/explain", body=body, status=200)
        for body in ({"number": "8001", "calls": 200}, {"group": "Sales", "calls": 200, "seed": 7,
                     "advice": True}):
            ask("post", V1 + "/simulate", body=body, status=200)
        ask("post", V1 + "/simulate", body={"group": "Sales", "calls": 1}, status=422)
        draft = ask("post", V1 + "/explain", body={"group": {"name": "Draft", "member": []}},
                    status=422).json()
        self.assertEqual(draft["errors"][0]["pointer"], "/group/member")
        call = caller.call("8001")
        self.assertEqual(call.wait_for_final().status, 200)
        live = kit.eventually(lambda: self.server.get(V1 + "/calls").json()["items"], "a live call")
        at = {"id": live[0]["id"]}
        ask("get", V1 + "/calls", status=200)
        ask("get", V1 + "/calls/{id}", at, status=200)
        messages = ask("get", V1 + "/calls/{id}/sip", at, status=200).json()["items"]
        self.assertEqual(messages[0]["direction"], "in")
        self.assertTrue(messages[0]["start"].startswith("INVITE sip:8001@"), messages[0])
        ladder = self.server.get(V1 + "/calls/" + at["id"] + "/sip",
                                 headers={"Accept": "text/plain"})
        self.assertIn("INVITE", ladder.text())
        ask("get", V1 + "/calls/{id}/pcap", at, status=200)
        ask("get", V1 + "/calls/{id}/sip", {"id": "none"}, status=404)
        ask("get", V1 + "/calls/{id}/pcap", {"id": "none"}, status=404)
        ask("post", V1 + "/calls/{id}/actions", at, body={"action": "sing"}, status=422)
        ask("post", V1 + "/calls/{id}/pickup", at, body={"user": "102"}, status=409)
        ask("post", V1 + "/calls/{id}/pickup", at, body={"user": "nobody"}, status=422)
        wrong = ask("post", V1 + "/calls/{id}/transfer", at, body={"to": "199"}, status=422).json()
        self.assertEqual(wrong["errors"][0]["code"], "unknown_number")
        ask("post", V1 + "/calls/{id}/transfer", {"id": "none"}, body={"to": "102"}, status=404)
        ask("post", V1 + "/calls/{id}/actions", at, body={"action": "hangup"}, status=204)
        ask("delete", V1 + "/calls/{id}", {"id": "none"}, status=404)
        kit.eventually(lambda: self.server.get(V1 + "/records/" + at["id"]).status == 200, "record")
        ask("get", V1 + "/records", status=200)
        ask("get", V1 + "/records", query="?sort=colour", status=400)
        none = ask("post", V1 + "/calls", body={"from": "102", "to": "900"}, status=409).json()
        self.assertEqual(none["errors"][0]["code"], "no_phone")
        made = ask("post", V1 + "/calls", body={"from": "Alice", "to": "900"}, status=201).json()
        kit.eventually(lambda: self.server.get(V1 + "/calls/" + made["id"]).json()["state"]
                       == "serving", "the mailbox")
        ask("delete", V1 + "/calls/{id}", made, status=204)
        kit.eventually(lambda: self.server.get(V1 + "/records/" + made["id"]).status == 200, "end")
        ask("get", V1 + "/records/{id}", at, status=200)
        story = ask("get", V1 + "/records/{id}/story", at, status=200).json()
        won = next(v for v in story["verdicts"] if v["result"] == "won")
        self.assertEqual((won["target"], won["name"], won["user"]), ("101", "Alice", "101"))
        self.assertEqual(won["planned"]["from_ms"], 0)
        self.assertLess(won["late_ms"], 500)
        spared = next(v for v in story["verdicts"] if v["target"] == "102")
        self.assertEqual((spared["result"], spared["planned"], spared["ringing"]),
                         ("not_reached", {"from_ms": 6000, "to_ms": 21000}, None))
        self.assertEqual([m["what"] for m in story["timeline"]][:2], ["arrived", "dialled"])
        ask("get", V1 + "/records/{id}/recording", at, status=404)
        figures = ask("get", V1 + "/statistics", status=200).json()["items"]
        self.assertEqual([(f["group"], f["outcome"], f["calls"]) for f in figures],
                         [("", "no_answer", 1), ("Sales", "answered", 1)])
        ask("get", V1 + "/statistics", query="?from=yesterday", status=400)
        sales = {"id": "8001"}
        told = ask("get", V1 + "/groups/{id}/statistics", sales, status=200).json()
        self.assertEqual((told["calls"], told["outcomes"], told["answered_share"]),
                         (1, {"answered": 1}, 1))
        member = next(m for m in told["members"] if m["member"] == "101")
        self.assertEqual((member["rang"], member["answered"], member["missed"]), (1, 1, 0))
        ask("get", V1 + "/groups/{id}/statistics", sales, query="?in_time_s=0", status=400)
        ask("get", V1 + "/groups/{id}/statistics", {"id": "none"}, status=404)
        stream = kit.EventStream(self.server)
        self.addCleanup(stream.close)
        self.assertIn("200 OK", stream.head)
        self.server.put(V1 + "/flags/night/state", {"on": True})
        told = stream.wait_for("config.changed")[0]
        self.api.validate(told, {"$ref": "#/components/schemas/Event"}, "event")
        self.server.put(V1 + "/flags/night/state", {"on": False})
        self.api.called.add((V1 + "/events", "get"))

    def leave(self, name, box):
        folder = os.path.join(self.server.data, "media", "messages")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, name + ".wav"), "wb") as file:
            file.write(wav())
        database = sqlite3.connect(os.path.join(self.server.data, "harrier.db"))
        with database:
            database.execute(
                'INSERT INTO messages(id,box,call,file,"from",from_name,at_ms,length_ms,heard,saved,'
                "handled_by) VALUES(?,?,'c1',?,'+48600100200','Ann',1772366400250,1000,0,0,'')",
                (name, box, "messages/" + name + ".wav"))
        database.close()

    def messages(self, ask):
        self.leave("m-1", "general/general")
        path = V1 + "/mailboxes/{id}/messages"
        at = {"id": "900", "message": "m-1"}
        ask("get", path, at, status=200)
        ask("get", path + "/{message}", at, status=200)
        ask("get", path + "/{message}/audio", at, status=200)
        ask("patch", path + "/{message}", at, body={"heard": True}, status=200)
        ask("patch", path + "/{message}", at, body={"loud": True}, status=422)
        ask("delete", path + "/{message}", at, status=204)

    def hooks(self, ask):
        hook = {"name": "crm", "url": "http://127.0.0.1:9/", "secret": SECRET, "events": ["trunk.up"]}
        self.assertEqual(self.server.post(V1 + "/webhooks", hook).status, 201)
        ask("post", V1 + "/webhooks/{id}/test", {"id": "crm"}, status=202)
        ask("post", V1 + "/webhooks/{id}/test", {"id": "none"}, status=404)
        found = kit.eventually(lambda: self.server.get(
            V1 + "/deliveries?webhook=crm&state=failed").json()["items"], "a delivery that failed")
        listed = ask("get", V1 + "/deliveries", query="?webhook=crm&limit=1", status=200).json()
        self.assertEqual((listed["items"][0]["type"], listed["next"]), ("test", found[0]["id"]))
        ask("get", V1 + "/deliveries", query="?cursor=x", status=400)
        ask("get", V1 + "/deliveries", query="?limit=0", status=400)
        again = V1 + "/deliveries/{id}/resend"
        ask("post", again, {"id": found[0]["id"]}, status=202)
        ask("post", again, {"id": "999999"}, status=404)

    def phones(self, ask):
        path = V1 + "/users/{id}/devices/{device}/provision"
        at = {"id": "101", "device": "sip"}
        made = ask("post", path, at, body={"phone": "snom", "server": "127.0.0.1"}, status=201).json()
        ask("post", path, at, body={"phone": "toaster", "server": "127.0.0.1"}, status=422)
        ask("post", path, at, body="{", status=400)
        ask("post", path, {"id": "101", "device": "none"}, body={}, status=404)
        secret = made["url"].rstrip("/").rpartition("/")[2]
        file = {"secret": secret, "file": "000413aabbcc.xml"}
        ask("get", "/prov/{secret}/{file}", {"secret": "none", "file": "x"}, status=404)
        settings = ask("get", "/prov/{secret}/{file}", file, status=200).text()
        hook = {"secret": settings.partition("/hooks/phone/")[2].partition("?")[0]}
        ask("get", "/hooks/phone/{secret}", hook, query="?ev=dnd_on", status=200)
        ask("get", "/hooks/phone/{secret}", hook, query="?ev=dnd_off", status=200)
        ask("get", "/hooks/phone/{secret}", hook, query="?ev=dance", status=400)
        ask("get", "/hooks/phone/{secret}", {"secret": "guess"}, status=404)
        ask("get", "/answer/{secret}", {"secret": "guess"}, status=404)

    def calendars(self, ask):
        path, at = V1 + "/schedules/{id}/calendar", {"id": "business"}
        ask("get", path, at, status=404)
        text = ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20301224\r\nEND:VEVENT\r\n"
                "END:VCALENDAR\r\n")
        etag = self.server.get(V1 + "/schedules/business").header("ETag")
        ask("put", path, at, body=text, status=428)
        ask("put", path, at, body="nonsense", status=422, headers={"If-Match": etag})
        ask("put", path, at, body=text, status=200, headers={"If-Match": etag})
        ask("put", path, at, body=text, status=412, headers={"If-Match": etag})
        ask("get", path, at, status=200)
        ask("get", path, {"id": "none"}, status=404)

    def office(self, ask):
        ask("get", V1 + "/feature_codes", status=200)
        settings = ask("get", V1 + "/settings", status=200)
        changed = ask("patch", V1 + "/settings", body={"language": "es", "feature_codes": {"echo": "*44"}},
                      status=200, headers={"If-Match": settings.header("ETag")})
        self.assertEqual(changed.json()["feature_codes"]["echo"], "*44")
        ask("patch", V1 + "/settings", body={"language": "pl"}, status=412,
            headers={"If-Match": settings.header("ETag")})
        bad = ask("patch", V1 + "/settings", body={"language": "xx", "users": []}, status=422,
                  headers={"If-Match": "*"}).json()
        self.assertEqual(bad["errors"][0]["pointer"], "/users")
        hits = ask("get", V1 + "/search", query="?q=alice", status=200).json()["items"]
        self.assertEqual((hits[0]["kind"], hits[0]["id"]), ("users", "101"))
        ask("get", V1 + "/search", status=400)
        system = ask("get", V1 + "/system", status=200).json()
        self.assertTrue(system["store"]["up"])
        self.assertTrue(system["certificate"]["self_signed"])
        self.assertGreater(system["disk"]["free_bytes"], 0)
        ask("post", V1 + "/config/apply", query="?dry_run=1", body=OFFICE, status=200)
        ask("post", V1 + "/config/apply", body="users: nobody", status=422)
        ask("get", V1 + "/config/export", status=200)
        ask("get", V1 + "/config/export", query="?format=json", status=200)
        table = ask("get", V1 + "/chain/export", status=200).text()
        ask("post", V1 + "/chain/import", query="?dry_run=1", body=table, status=200)
        extensions = "extension,name,secret\n901,Ben,x\n,nobody,y\n"
        told = ask("post", V1 + "/import/{system}", {"system": "freepbx"}, query="?dry_run=1",
                   body=extensions, status=200).json()
        self.assertEqual([row["verdict"] for row in told["rows"]], ["taken", "left_out"])
        ask("post", V1 + "/import/{system}", {"system": "freepbx"}, body=extensions, status=422)
        ask("post", V1 + "/import/{system}", {"system": "asterisk"}, body=extensions, status=404)
        made = ask("post", V1 + "/tokens", body={"name": "t", "scopes": "groups:write calls:read"},
                   status=201, headers={"Idempotency-Key": "k1"})
        again = ask("post", V1 + "/tokens", body={"name": "t", "scopes": "groups:write calls:read"},
                    status=201, headers={"Idempotency-Key": "k1"})
        self.assertEqual(made.body, again.body)
        ask("post", V1 + "/tokens", body={"name": "u"}, status=422,
            headers={"Idempotency-Key": "k1"})
        ask("post", V1 + "/tokens", body={"scopes": "root"}, status=422)
        listed = ask("get", V1 + "/tokens", status=200).json()["items"]
        self.assertEqual(len(listed), 1)
        ask("delete", V1 + "/tokens/{id}", {"id": listed[0]["id"]}, status=204)
        ask("delete", V1 + "/tokens/{id}", {"id": listed[0]["id"]}, status=404)
        self.assertEqual(ask("get", V1 + "/bans", status=200).json()["items"], [])
        ask("get", V1 + "/bans", query="?sort=colour", status=400)
        ask("delete", V1 + "/bans/{id}", {"id": "192.0.2.66"}, status=404)
        page = ask("get", V1 + "/log", query="?limit=1&level=info", status=200).json()
        older = ask("get", V1 + "/log", query="?cursor=" + page["next"], status=200).json()["items"]
        self.assertTrue(all(int(one["id"]) < int(page["items"][0]["id"]) for one in older))
        self.assertEqual(ask("get", V1 + "/log", query="?q=nobody+said+so", status=200)
                         .json()["items"], [])
        ask("get", V1 + "/log", query="?level=loud", status=400)

    def history(self, ask):
        etag = self.server.get(V1 + "/groups/sales").header("ETag")
        self.server.patch(V1 + "/groups/sales", {"timeout": 33}, etag=etag)
        newest = ask("get", V1 + "/revisions", query="?limit=1", status=200).json()
        number = str(newest["items"][0]["revision"])
        self.assertEqual(newest["items"][0]["what"], "group Sales changed")
        ask("get", V1 + "/revisions", query="?kind=groups&id=sales&limit=2", status=200)
        ask("get", V1 + "/revisions", query="?cursor=x", status=400)
        whole = ask("get", V1 + "/revisions/{id}", {"id": number}, status=200).json()
        self.assertEqual((whole["changes"][0]["before"]["timeout"],
                          whole["changes"][0]["after"]["timeout"]), (60, 33))
        ask("get", V1 + "/revisions/{id}", {"id": "99999"}, status=404)
        undo, restore = V1 + "/revisions/{id}/undo", V1 + "/revisions/{id}/restore"
        dry = ask("post", undo, {"id": number}, query="?dry_run=1", status=200).json()
        self.assertIn("timeout 33 -> 60", dry["changes"][0]["text"])
        ask("post", undo, {"id": number}, status=200)
        self.assertEqual(self.server.get(V1 + "/groups/sales").json()["timeout"], 60)
        ask("post", undo, {"id": number}, status=409)
        ask("post", restore, {"id": number}, status=200)
        self.assertEqual(self.server.get(V1 + "/groups/sales").json()["timeout"], 33)
        secrets = self.server.get(V1 + "/revisions/1").text()
        for secret in ("alice-secret", "!encrypted", "argon2id"):
            self.assertNotIn(secret, secrets)
        self.assertIn("(hidden)", secrets)

    def accounts(self, ask):
        body = {"email": "m@office.example", "password": "long enough 1", "role": "group_manager",
                "groups": ["Sales"]}
        made = ask("post", V1 + "/admins", body=body, status=201)
        ask("post", V1 + "/admins", body=body, status=409)
        ask("post", V1 + "/admins", body={**body, "email": "n@office.example", "groups": ["Nope"]},
            status=422)
        ask("get", V1 + "/admins", status=200)
        at = {"id": "m@office.example"}
        self.assertEqual(ask("get", V1 + "/admins/{id}", at, status=200).header("ETag"),
                         made.header("ETag"))
        changed = ask("patch", V1 + "/admins/{id}", at, body={"role": "read_only"}, status=200,
                      headers={"If-Match": made.header("ETag")})
        ask("delete", V1 + "/admins/{id}", at, status=412, headers={"If-Match": made.header("ETag")})
        ask("delete", V1 + "/admins/{id}", at, status=204,
            headers={"If-Match": changed.header("ETag")})

    def oneself(self, ask):
        admin, alice = Browser(self.server), Browser(self.server)
        ask("post", V1 + "/session", who=admin, body={"login": "admin@office.example",
                                                      "password": "wrong wrong"}, status=401)
        ask("post", V1 + "/session", who=admin, body={"login": "admin@office.example",
                                                      "password": "correct horse battery"}, status=200)
        ask("post", V1 + "/session", who=alice, body={"login": "101", "password": "alice alice 1"},
            status=200)
        ask("get", V1 + "/session", who=alice, status=200)
        ask("get", V1 + "/sessions", who=admin, status=200)
        ask("delete", V1 + "/sessions/{id}", {"id": "none"}, who=admin, status=404)
        secret = ask("post", V1 + "/session/totp", who=admin, status=200).json()["secret"]
        ask("put", V1 + "/session/totp", who=admin, body={"secret": secret, "code": "x"}, status=422)
        ask("delete", V1 + "/session/totp", who=admin, body={"password": "correct horse battery"},
            status=204)
        ask("post", V1 + "/session/password", who=alice,
            body={"current": "alice alice 1", "new": "alice alice 2"}, status=204)
        self.leave("m-2", "user/101")
        me = ask("get", V1 + "/me", who=alice, status=200)
        ask("patch", V1 + "/me", who=alice, body={"paused": "yes"}, status=428)
        ask("patch", V1 + "/me", who=alice, body={"paused": "yes"}, status=200,
            headers={"If-Match": me.header("ETag")})
        own = ask("get", V1 + "/me/records", who=alice, status=200).json()["items"]
        self.assertEqual([record["answered_by"] for record in own], ["", "101"])
        ask("post", V1 + "/me/calls", who=alice, body={"to": "199"}, status=422)
        ask("post", V1 + "/me/explain", who=alice, body={"from": "102"}, status=200)
        ask("delete", V1 + "/me/groups/{id}/login", {"id": "8001"}, who=alice, status=204)
        ask("put", V1 + "/me/groups/{id}/login", {"id": "600"}, who=alice, status=204)
        ask("put", V1 + "/me/groups/{id}/login", {"id": "nope"}, who=alice, status=404)
        ask("get", V1 + "/me/messages", who=alice, status=200)
        at = {"message": "m-2"}
        ask("get", V1 + "/me/messages/{message}", at, who=alice, status=200)
        ask("get", V1 + "/me/messages/{message}/audio", at, who=alice, status=200)
        ask("patch", V1 + "/me/messages/{message}", at, who=alice, body={"saved": True}, status=200)
        ask("delete", V1 + "/me/messages/{message}", at, who=alice, status=204)
        row = ask("get", V1 + "/me/chain", who=alice, status=200)
        ask("patch", V1 + "/me/chain", who=alice, body={"for": 30}, status=200,
            headers={"If-Match": row.header("ETag")})
        ask("delete", V1 + "/session", who=alice, status=204)
        ask("get", V1 + "/session", who=alice, status=401)
