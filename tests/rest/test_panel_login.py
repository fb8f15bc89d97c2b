"""The way into the panel: the setup link, sessions, roles, HTTPS; against a real server."""
import base64
import hashlib
import hmac
import os
import re
import stat
import struct
import time

import kit
from browser import Browser

OFFICE = """
tenant: office.example
admins:
  - {email: admin@office.example, password: "correct horse battery"}
  - {email: manager@office.example, password: "correct horse battery", role: group_manager, groups: [Sales]}
  - {email: reader@office.example, password: "correct horse battery", role: read_only}
users:
  - {extension: "101", name: Alice, email: alice@office.example, web_password: "alice alice 1", sip: {password: "a-secret-101"}, mailbox: {pin: "1234"}}
  - {extension: "102", name: Ben, web_password: "ben ben ben 1", permissions: {own_rules: false, own_chain: true}, sip: {password: "a-secret-102"}}
groups:
  - {name: Sales, extensions: ["8001"], members: ["101", "102"]}
  - {name: Other, extensions: ["8002"], members: ["102"]}
chain:
  - {sip_number: "102", next_number: "101"}
"""
PASSWORD = "correct horse battery"


def totp(secret, at=None):
    """RFC 6238, by hand."""
    key = base64.b32decode(secret)
    step = struct.pack(">Q", int((at or time.time()) // 30))
    digest = hmac.new(key, step, hashlib.sha1).digest()
    place = digest[-1] & 15
    return "%06d" % ((struct.unpack(">I", digest[place:place + 4])[0] & 0x7fffffff) % 1000000)


class Setup(kit.Case):
    OFFICE = "tenant: office.example\n"

    def link(self):
        return re.search(r"setup\?once=([\w-]+)", self.server.log()).group(1)

    def test_the_printed_link_makes_one_administrator_and_then_no_more(self):
        once = self.link()
        browser = Browser(self.server)
        state = browser.get("/api/v1/setup?once=" + once).json()
        self.assertEqual((state["needed"], state["valid"]), (True, True))
        self.assertEqual(Browser(self.server).get("/api/v1/setup").json()["tenant"], "")
        body = {"once": once, "email": "a@office.example", "password": "short"}
        refused = self.check_problem(browser.post("/api/v1/setup", body), 422)
        self.assertEqual(refused["errors"][0]["pointer"], "/password")
        body["password"] = "a good long password"
        made = browser.post("/api/v1/setup", {**body, "language": "pl", "timezone": "Europe/Warsaw"})
        self.assertEqual(made.status, 201, made)
        self.assertEqual(browser.get("/api/v1/settings").json()["language"], "pl")
        self.check_problem(Browser(self.server).post("/api/v1/setup", body), 403)
        self.assertFalse(browser.get("/api/v1/setup").json()["needed"])
        # The password is a hash, wherever one looks.
        export = self.server.get("/api/v1/config/export?secrets=1").text()
        self.assertIn("$argon2id$", export)
        self.assertNotIn("a good long password", export)
        # After a restart there is no link any more, and the account is there.
        self.server.stop()
        self.server.start()
        self.assertEqual(self.server.log().count("setup?once="), 1)
        self.assertEqual(Browser(self.server).log_in("a@office.example",
                                                     "a good long password").status, 200)


class Sessions(kit.Case):
    OFFICE = OFFICE

    def browser(self, login="admin@office.example", password=PASSWORD):
        browser = Browser(self.server)
        reply = browser.log_in(login, password)
        self.assertEqual(reply.status, 200, reply)
        return browser

    def test_no_setup_link_where_there_is_an_administrator(self):
        self.assertNotIn("setup?once=", self.server.log())

    def test_a_session_reads_and_changes_and_ends(self):
        browser = self.browser()
        self.assertEqual(browser.get("/api/v1/users").status, 200)
        made = browser.post("/api/v1/users", {"extension": "150", "name": "Cora"})
        self.assertEqual(made.status, 201, made)
        entry = browser.get("/api/v1/revisions?limit=1").json()["items"][0]
        self.assertEqual((entry["who"], entry["source"]), ("admin@office.example", "127.0.0.1"))
        self.assertEqual(browser.delete("/api/v1/session").status, 204)
        self.check_problem(browser.get("/api/v1/users"), 401)

    def test_without_the_token_nothing_is_changed(self):
        browser = self.browser()
        browser.csrf = ""
        self.check_problem(browser.post("/api/v1/users", {"extension": "151"}), 403)

    def test_another_origin_or_host_is_refused(self):
        browser = self.browser()
        self.check_problem(browser.post("/api/v1/users", {"extension": "151"},
                                        headers={"Origin": "https://evil.example"}), 403)
        self.check_problem(browser.get("/api/v1/users", headers={"Host": "evil.example"}), 401)

    def test_the_same_answer_for_a_wrong_password_and_an_unknown_name(self):
        wrong = Browser(self.server).log_in("reader@office.example", "not it at all")
        unknown = Browser(self.server).log_in("nobody@office.example", "not it at all")
        self.assertEqual(wrong.body, unknown.body)
        self.assertEqual(self.check_problem(wrong, 401)["errors"][0]["code"], "wrong_login")

    def test_a_password_is_changed_by_its_owner_and_ends_his_other_sessions(self):
        here, there = self.browser("101", "alice alice 1"), self.browser("101", "alice alice 1")
        wrong = here.post("/api/v1/session/password", {"current": "no", "new": "another one 22"})
        self.assertEqual(self.check_problem(wrong, 422)["errors"][0]["pointer"], "/current")
        good = here.post("/api/v1/session/password",
                         {"current": "alice alice 1", "new": "another one 22"})
        self.assertEqual(good.status, 204, good)
        self.assertEqual(here.get("/api/v1/me").status, 200)
        self.check_problem(there.get("/api/v1/me"), 401)
        back = here.post("/api/v1/session/password",
                         {"current": "another one 22", "new": "alice alice 1"})
        self.assertEqual(back.status, 204, back)

    def test_a_second_factor_is_proven_and_then_asked_for(self):
        admin = self.browser()
        made = admin.post("/api/v1/admins", {"email": "two@office.example", "password": PASSWORD,
                                            "role": "read_only"})
        self.assertEqual(made.status, 201, made)
        two = self.browser("two@office.example")
        offer = two.post("/api/v1/session/totp").json()
        self.assertTrue(offer["uri"].startswith("otpauth://totp/"))
        self.check_problem(two.put("/api/v1/session/totp",
                                   {"secret": offer["secret"], "code": "000000"}), 422)
        put = two.put("/api/v1/session/totp",
                      {"secret": offer["secret"], "code": totp(offer["secret"])})
        self.assertEqual(put.status, 204, put)
        asked = Browser(self.server).log_in("two@office.example", PASSWORD)
        self.assertEqual(self.check_problem(asked, 401)["errors"][0]["code"], "totp_required")
        code = totp(offer["secret"])
        self.assertEqual(Browser(self.server).log_in("two@office.example", PASSWORD, code).status,
                         200)
        # The same code is good once.
        self.check_problem(Browser(self.server).log_in("two@office.example", PASSWORD, code), 401)
        account = admin.get("/api/v1/admins/two@office.example")
        self.assertTrue(account.json()["totp"])
        off = admin.patch("/api/v1/admins/two@office.example", {"totp": None},
                          etag=account.header("ETag"))
        self.assertFalse(off.json()["totp"])

    def test_sessions_are_listed_and_ended(self):
        admin, reader = self.browser(), self.browser("reader@office.example")
        own = reader.get("/api/v1/sessions").json()["items"]
        self.assertEqual({one["login"] for one in own}, {"reader@office.example"})
        one = next(one for one in admin.get("/api/v1/sessions").json()["items"]
                   if one["login"] == "reader@office.example")
        self.assertEqual(admin.delete("/api/v1/sessions/" + one["id"]).status, 204)
        self.check_problem(admin.delete("/api/v1/sessions/" + one["id"]), 404)

    def test_the_last_administrator_stays(self):
        admin = self.browser()
        account = admin.get("/api/v1/admins/admin@office.example")
        self.check_problem(admin.delete("/api/v1/admins/admin@office.example",
                                        etag=account.header("ETag")), 409)
        self.check_problem(admin.patch("/api/v1/admins/admin@office.example",
                                       {"role": "read_only"}, etag=account.header("ETag")), 409)

    def test_a_user_looks_after_himself(self):
        ben = self.browser("102", "ben ben ben 1")
        me = ben.get("/api/v1/me")
        self.assertEqual(me.json()["user"]["extension"], "102")
        self.assertEqual({group["id"] for group in me.json()["groups"]}, {"sales", "other"})
        self.assertNotIn("a-secret-102", me.text())
        self.check_problem(ben.patch("/api/v1/me", {"do_not_disturb": True}), 428)
        changed = ben.patch("/api/v1/me", {"do_not_disturb": True}, etag=me.header("ETag"))
        self.assertEqual(changed.status, 200, changed)
        stale = ben.patch("/api/v1/me", {"do_not_disturb": False}, etag=me.header("ETag"))
        self.assertTrue(self.check_problem(stale, 412)["current"]["do_not_disturb"])
        self.check_problem(ben.patch("/api/v1/me", {"rules": [{"name": "x", "stages": [
            {"ring": ["101"], "for": 10}]}]}, etag=changed.header("ETag")), 403)
        self.check_problem(ben.patch("/api/v1/me", {"name": "Boss"},
                                     etag=changed.header("ETag")), 422)
        self.assertEqual(ben.patch("/api/v1/me", {"do_not_disturb": False},
                                   etag=changed.header("ETag")).status, 200)
        self.assertEqual(ben.delete("/api/v1/me/groups/8002/login").status, 204)
        line = self.server.get("/api/v1/groups/other").json()["members"][0]
        self.assertFalse(line["logged_in"])
        self.assertEqual(ben.put("/api/v1/me/groups/8002/login").status, 204)
        row = ben.get("/api/v1/me/chain")
        self.assertEqual(row.json()["next_number"], "101")
        self.assertEqual(ben.patch("/api/v1/me/chain", {"for": 25},
                                   etag=row.header("ETag")).json()["for"], 25)
        self.check_problem(ben.patch("/api/v1/me/chain", {"sip_number": "101"}, etag="*"), 403)
        self.check_problem(self.browser("101", "alice alice 1").get("/api/v1/me/chain"), 403)
        plan = ben.post("/api/v1/me/explain", {"from": "+48600100200", "phones": "all"})
        self.assertEqual(plan.status, 200, plan)

    def test_https_on_the_same_port_with_a_secure_cookie(self):
        browser = Browser(self.server, secure=True)
        reply = browser.log_in("admin@office.example", PASSWORD)
        self.assertEqual(reply.status, 200, reply)
        self.assertIn("; Secure", reply.header("Set-Cookie"))
        self.assertTrue(reply.header("Strict-Transport-Security"))
        self.assertEqual(browser.get("/api/v1/users").status, 200)
        mode = os.stat(os.path.join(self.server.data, "web-key.pem")).st_mode
        self.assertEqual(stat.S_IMODE(mode), 0o600)


class Rights(kit.Case):
    """Every operation of the description, for every role: who may not, gets 403 (or 401)."""
    OFFICE = OFFICE
    ORDER = {"open": 0, "own": 1, "read": 2, "operate": 3, "manage": 3, "administrator": 4}
    RANK = {"user": 1, "read_only": 2, "group_manager": 3, "administrator": 4}

    def test_each_operation_is_refused_to_whom_it_is_not_for(self):
        api = self.server.get("/api/v1/openapi.json").json()
        browsers = {}
        for role, login, password in (("user", "101", "alice alice 1"),
                                      ("read_only", "reader@office.example", PASSWORD),
                                      ("group_manager", "manager@office.example", PASSWORD)):
            browsers[role] = Browser(self.server)
            self.assertEqual(browsers[role].log_in(login, password).status, 200)
        stranger, tried = Browser(self.server), 0
        for path, methods in api["paths"].items():
            target = re.sub(r"\{\w+\}", "x", path)
            for method, operation in methods.items():
                if method == "parameters" or operation["x-right"] == "open":
                    continue
                needed = self.ORDER[operation["x-right"]]
                with self.subTest(method + " " + path):
                    self.check_problem(self.ask(stranger, method, target), 401)
                    for role, browser in browsers.items():
                        if self.RANK[role] >= needed:
                            continue
                        self.check_problem(self.ask(browser, method, target), 403)
                        tried += 1
        self.assertGreater(tried, 150)

    def ask(self, browser, method, target):
        """Slows down when the server says so."""
        while True:
            reply = browser.ask(method.upper(), target)
            if reply.status != 429:
                return reply
            time.sleep(float(reply.header("Retry-After")))
