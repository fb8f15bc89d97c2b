"""Users, groups, numbers, chain rows, all other lists: what docs/contract.md promises of each."""
import json

import kit

OFFICE = """
tenant: office.example
users:
  - {extension: "101", name: Alice, sip: {password: "alice-secret"}, mailbox: {pin: "1234"}}
  - {extension: "102", name: Bob, sip: {password: "bob-secret"}}
  - {extension: "103", name: Carol, sip: {password: "carol-secret"}}
groups:
  - name: Sales
    extensions: ["8001"]
    numbers: ["+48587622447"]
    strategy: sequential
    timeout: 60
    members: [{ring: "101", for: 10}, "102"]
"""

# A body of each kind, its id, and what a PATCH changes.
KINDS = {
    "users": ({"extension": "110", "name": "Dan", "sip": {"password": "dan-secret"}}, "110",
              {"name": "Daniel"}),
    "groups": ({"name": "Help Desk", "extensions": ["8010"], "members": ["103"]}, "help-desk",
               {"timeout": 25}),
    "chain": ({"sip_number": "103", "next_number": "", "service_number": "8008001",
               "start_number": "103"}, "103", {"for": 15}),
    "mailboxes": ({"name": "General", "extension": "900", "pin": "0000"}, "general",
                  {"extension": "901"}),
    "ivrs": ({"name": "Menu", "extension": "700", "keys": {"1": {"user": "101"}},
              "otherwise": {"hangup": True}}, "menu", {"timeout": 7}),
    "queues": ({"name": "Support", "extension": "610", "members": ["101"]}, "support",
               {"max_wait": 120}),
    "schedules": ({"name": "business", "open": ["Mo-Fr 08:00-16:00"]}, "business",
                  {"open": ["Mo-Fr 09:00-17:00"]}),
    "flags": ({"name": "night", "code": "*30"}, "night", {"on": True}),
    "numbers": ({"number": "+48587622000", "to": {"group": "Sales"}}, "+48587622000",
                {"to": {"group": None, "user": "101"}}),
    "trunks": ({"name": "carrier", "uri": "sip:127.0.0.1:5070", "username": "u",
                "password": "trunk-secret"}, "carrier", {"channels": 10}),
    "sounds": ({"name": "welcome", "file": "sounds/welcome.wav"}, "welcome",
               {"file": "sounds/hello.wav"}),
}


class Things(kit.Case):
    OFFICE = OFFICE

    def etag(self, target):
        reply = self.server.get(target)
        self.assertEqual(reply.status, 200, reply)
        return reply.header("ETag")

    def test_every_kind_is_created_read_changed_replaced_and_removed(self):
        for kind, (body, name, change) in KINDS.items():
            with self.subTest(kind=kind):
                self.life_of(kind, body, name, change)

    def life_of(self, kind, body, name, change):
        at = "/api/v1/%s/%s" % (kind, name)
        made = self.server.post("/api/v1/" + kind, body)
        self.assertEqual(made.status, 201, made)
        self.assertEqual(made.header("Location"), at)
        self.assertEqual(made.json()["id"], name)
        self.assertEqual(made.header("ETag"), '"%d"' % made.json()["revision"])

        read = self.server.get(at)
        self.assertEqual((read.status, read.header("ETag")), (200, made.header("ETag")), read)
        for key, value in body.items():
            if "password" not in json.dumps(value) and key not in ("password", "pin", "sip",
                                                                   "members"):
                self.assertEqual(read.json()[key], value, key)

        patched = self.server.patch(at, change, read.header("ETag"))
        self.assertEqual(patched.status, 200, patched)
        self.assertNotEqual(patched.header("ETag"), read.header("ETag"))
        again = self.server.get(at)
        self.assertEqual(again.header("ETag"), patched.header("ETag"))
        for key, value in change.items():
            if isinstance(value, dict):  # null removes (RFC 7396)
                value = {name: part for name, part in value.items() if part is not None}
            self.assertEqual(again.json()[key], value)

        # What was read can be put back as it is: nothing changes but, at most, the revision.
        whole = again.json()
        put = self.server.put(at, whole, again.header("ETag"))
        self.assertEqual(put.status, 200, put)
        after = self.server.get(at)
        self.assertEqual((after.json(), after.header("ETag")), (whole, put.header("ETag")))

        gone = self.server.delete(at, self.etag(at))
        self.assertEqual((gone.status, gone.body), (204, b""), gone)
        self.check_problem(self.server.get(at), 404)

    def test_put_patch_and_delete_without_if_match_are_428(self):
        for reply in (self.server.put("/api/v1/groups/sales", {"name": "Sales"}),
                      self.server.patch("/api/v1/groups/sales", {"timeout": 9}),
                      self.server.delete("/api/v1/groups/sales")):
            self.check_problem(reply, 428)
        self.assertEqual(self.server.get("/api/v1/groups/sales").json()["timeout"], 60)

    def test_a_stale_or_malformed_etag_is_412_and_tells_the_fresh_one(self):
        fresh = self.etag("/api/v1/users/102")
        for etag in ('"999999"', "sales", '"', '"-1x"'):
            reply = self.server.patch("/api/v1/users/102", {"name": "Robert"}, etag)
            self.check_problem(reply, 412)
            self.assertEqual(reply.header("ETag"), fresh)
        self.check_problem(self.server.delete("/api/v1/users/102", '"999999"'), 412)
        self.assertEqual(self.server.get("/api/v1/users/102").json()["name"], "Bob")

    def test_the_second_of_two_editors_is_412(self):
        self.server.post("/api/v1/users", {"extension": "120", "name": "Eve"})
        seen_by_both = self.etag("/api/v1/users/120")
        first = self.server.patch("/api/v1/users/120", {"name": "Eva"}, seen_by_both)
        self.assertEqual(first.status, 200, first)
        self.check_problem(self.server.patch("/api/v1/users/120", {"name": "Evelyn"},
                                             seen_by_both), 412)
        self.assertEqual(self.server.get("/api/v1/users/120").json()["name"], "Eva")

    def test_if_match_star_takes_whatever_is_there(self):
        self.server.post("/api/v1/users", {"extension": "121", "name": "Finn"})
        self.assertEqual(self.server.patch("/api/v1/users/121", {"name": "Fred"}, "*").status, 200)

    def test_the_etag_is_of_the_thing_and_not_of_the_office(self):
        alice = self.etag("/api/v1/users/101")
        made = self.server.post("/api/v1/users", {"extension": "122", "name": "Gus"})
        self.assertEqual(made.status, 201, made)
        self.assertEqual(self.etag("/api/v1/users/101"), alice)

    def test_a_group_and_a_user_are_addressed_by_extension_too(self):
        by_id = self.server.get("/api/v1/groups/sales")
        by_extension = self.server.get("/api/v1/groups/8001")
        self.assertEqual(by_id.json(), by_extension.json())
        self.assertEqual(self.server.get("/api/v1/users/101").json()["name"], "Alice")

    def test_row_s2_7_a_number_or_name_in_use_is_409(self):
        taken = [("users", {"extension": "101", "name": "Another"}),
                 ("users", {"extension": "8001", "name": "Another"}),
                 ("groups", {"name": "Sales", "extensions": ["8099"], "members": ["103"]}),
                 ("groups", {"name": "sales", "extensions": ["8099"], "members": ["103"]}),
                 ("groups", {"name": "Other", "extensions": ["101"], "members": ["103"]}),
                 ("numbers", {"number": "+48587622447", "to": {"user": "101"}}),
                 ("chain", {"sip_number": "103", "service_number": "8001",
                            "start_number": "103"})]
        for kind, body in taken:
            with self.subTest(kind=kind, body=body):
                self.check_problem(self.server.post("/api/v1/" + kind, body), 409)

    def test_a_bad_body_is_422_with_all_findings(self):
        body = {"name": "Bad", "strategi": "ring_all", "timeout": -5, "decline": "sometimes",
                "members": [{"ring": "101", "for": "long"}, {"rin": "102"}]}
        problem = self.check_problem(self.server.post("/api/v1/groups", body), 422)
        places = {error["pointer"] for error in problem["errors"]}
        self.assertLessEqual({"/strategi", "/timeout", "/decline", "/members/0/for"}, places)
        self.assertTrue(any(place.startswith("/members/1") for place in places), places)
        unknown = next(e for e in problem["errors"] if e["pointer"] == "/strategi")
        self.assertEqual(unknown["code"], "unknown_key")
        self.assertIn('"strategy"', unknown["detail"])
        self.check_problem(self.server.get("/api/v1/groups/bad"), 404)

    def test_a_reference_to_nothing_is_422(self):
        problem = self.check_problem(self.server.post(
            "/api/v1/groups", {"name": "Ghosts", "extensions": ["8020"], "members": ["199"]}), 422)
        self.assertEqual([error["severity"] for error in problem["errors"]
                          if "199" in error["detail"]], ["error"])

    def test_a_new_extension_that_would_leave_references_to_nothing_is_422(self):
        problem = self.check_problem(self.server.put(
            "/api/v1/users/101", {"extension": "777", "name": "Alicia"}, "*"), 422)
        self.assertEqual([error["pointer"] for error in problem["errors"]], [""])
        self.assertIn("group Sales, members/0: there is no user", problem["errors"][0]["detail"])

    def test_pointers_lead_into_the_body_that_was_sent(self):
        taken = self.check_problem(self.server.post(
            "/api/v1/users", {"extension": "8001", "name": "Cora"}), 409)
        self.assertEqual([error["pointer"] for error in taken["errors"]
                          if error["severity"] == "error"], ["/extension"])
        wrong = self.check_problem(self.server.patch(
            "/api/v1/groups/sales", {"members": ["101", "199"], "finally": {"ivr": "none"}}, "*"),
            422)
        self.assertEqual([error["pointer"] for error in wrong["errors"]],
                         ["/members/1", "/finally/ivr"])

    def test_a_user_with_a_new_extension_is_exported_so_that_check_takes_it(self):
        user = {"extension": "177", "name": "Dora", "sip": {"password": "d"}}
        self.assertEqual(self.server.post("/api/v1/users", user).status, 201)
        user["extension"] = "178"
        self.assertEqual(self.server.put("/api/v1/users/177", user, "*").status, 200)
        exported = self.server.run("export", "--secrets")
        path = self.server.write("exported.yaml", exported.stdout)
        self.assertEqual(kit.run("check", path).returncode, 0)
        self.assertEqual(self.server.delete("/api/v1/users/178", "*").status, 204)

    def test_what_is_not_json_is_400(self):
        for body in ("{", "", "\xff", '{"name": "a", "name": "b"}'):
            self.check_problem(self.server.post("/api/v1/groups", body), 400)
        self.check_problem(self.server.post("/api/v1/groups", "[1]"), 422)

    def test_patch_merges_as_rfc_7396_says(self):
        self.server.post("/api/v1/groups", {
            "name": "Merge", "extensions": ["8030"], "timeout": 30, "members": ["101", "102"],
            "caller_id": {"name_prefix": "M: ", "external": "caller"}})
        at = "/api/v1/groups/merge"
        reply = self.server.patch(at, {"timeout": None, "members": ["103"],
                                       "caller_id": {"name_prefix": "N: "}}, self.etag(at))
        self.assertEqual(reply.status, 200, reply)
        group = self.server.get(at).json()
        self.assertNotIn("timeout", group)
        self.assertEqual([member["ring"] for member in group["members"]], ["103"])
        self.assertEqual(group["caller_id"], {"name_prefix": "N: ", "external": "caller"})

    def test_put_replaces_everything_that_is_not_a_secret(self):
        self.server.post("/api/v1/groups", {"name": "Whole", "extensions": ["8031"],
                                            "timeout": 30, "members": ["101"]})
        at = "/api/v1/groups/whole"
        reply = self.server.put(at, {"name": "Whole", "extensions": ["8031"], "members": ["102"]},
                                self.etag(at))
        self.assertEqual(reply.status, 200, reply)
        group = self.server.get(at).json()
        self.assertNotIn("timeout", group)
        self.assertEqual([member["ring"] for member in group["members"]], ["102"])

    def test_secrets_are_never_shown_and_stay_when_not_sent(self):
        at = "/api/v1/users/101"
        for reply in (self.server.get(at), self.server.get("/api/v1/users"),
                      self.server.patch(at, {"email": "alice@office.example"}, self.etag(at)),
                      self.server.get("/api/v1/users?q=secret")):
            self.assertNotIn("alice-secret", reply.text())
            self.assertNotIn("1234", reply.text())
        plain = self.server.run("export", "--secrets").stdout
        self.assertIn("alice-secret", plain)
        self.assertIn('"1234"', plain)
        changed = self.server.patch(at, {"sip": {"password": "fresh-secret"}}, self.etag(at))
        self.assertEqual(changed.status, 200, changed)
        self.assertNotIn("fresh-secret", changed.text())
        self.assertIn("fresh-secret", self.server.run("export", "--secrets").stdout)

    def test_row_s0_12_what_is_referred_to_is_not_deleted_and_the_references_are_named(self):
        made = self.server.post("/api/v1/numbers", {"number": "+48587622111",
                                                    "to": {"group": "Sales"}})
        self.assertEqual(made.status, 201, made)
        problem = self.check_problem(
            self.server.delete("/api/v1/groups/sales", self.etag("/api/v1/groups/sales")), 409)
        self.assertIn("number +48587622111", [error["detail"] for error in problem["errors"]])
        member = self.check_problem(
            self.server.delete("/api/v1/users/101", self.etag("/api/v1/users/101")), 409)
        self.assertTrue(any("group Sales" in error["detail"] for error in member["errors"]),
                        member)
        at = "/api/v1/numbers/+48587622111"
        self.assertEqual(self.server.delete(at, self.etag(at)).status, 204)

    def test_row_s2_11_a_delay_beyond_the_waiting_time_is_saved_with_a_warning(self):
        reply = self.server.post("/api/v1/groups", {
            "name": "Late", "extensions": ["8032"], "strategy": "staggered", "timeout": 20,
            "members": ["101", {"ring": "102", "after": 25}]})
        self.assertEqual(reply.status, 201, reply)
        self.assertIn("warning", [warning["severity"] for warning in reply.json()["warnings"]])

    def test_an_empty_group_is_saved_with_a_warning(self):
        reply = self.server.post("/api/v1/groups", {"name": "Empty", "extensions": ["8033"]})
        self.assertEqual(reply.status, 201, reply)
        self.assertEqual(len(reply.json()["warnings"]), 1, reply)

    def test_an_unknown_list_or_thing_is_404(self):
        self.check_problem(self.server.get("/api/v1/things"), 404)
        self.check_problem(self.server.post("/api/v1/things", {}), 404)
        self.check_problem(self.server.get("/api/v1/groups/nobody"), 404)
        self.check_problem(self.server.put("/api/v1/groups/nobody", {}, "*"), 404)

    def test_config_changes_are_events_with_who_and_what(self):
        stream = kit.EventStream(self.server)
        self.addCleanup(stream.close)
        self.server.post("/api/v1/users", {"extension": "130", "name": "Hal"})
        event = stream.wait_until(lambda e: e["data"].get("what") == "user Hal added")
        self.assertEqual((event["type"], event["data"]["who"]), ("config.changed", "local"))


class Lists(kit.Case):
    OFFICE = "tenant: office.example\nusers:\n" + "".join(
        '  - {extension: "2%02d", name: "Person %02d"}\n' % (i, 24 - i) for i in range(25))

    def names(self, target):
        reply = self.server.get(target)
        self.assertEqual(reply.status, 200, reply)
        return [item["extension"] for item in reply.json()["items"]], reply.json()["next"]

    def test_without_arguments_all_come_in_the_order_of_the_file(self):
        self.assertEqual(self.names("/api/v1/users"), (["2%02d" % i for i in range(25)], ""))

    def test_limit_and_cursor_walk_through_all_once(self):
        seen, cursor, pages = [], "", 0
        while True:
            some, cursor = self.names("/api/v1/users?limit=10&cursor=" + cursor)
            seen += some
            pages += 1
            if not cursor:
                break
        self.assertEqual((seen, pages), (["2%02d" % i for i in range(25)], 3))

    def test_sort_orders_both_ways(self):
        rising, _ = self.names("/api/v1/users?sort=name")
        falling, _ = self.names("/api/v1/users?sort=-name")
        self.assertEqual(rising, ["2%02d" % i for i in reversed(range(25))])
        self.assertEqual(falling, rising[::-1])

    def test_q_finds_text_in_any_case(self):
        self.assertEqual(self.names("/api/v1/users?q=pErSoN%2007"), (["217"], ""))
        self.assertEqual(self.names("/api/v1/users?q=nobody"), ([], ""))

    def test_arguments_that_cannot_be_read_are_400(self):
        for query in ("limit=0", "limit=ten", "cursor=x", "limit=-1"):
            self.check_problem(self.server.get("/api/v1/users?" + query), 400)
