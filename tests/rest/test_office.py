"""The office as a file: apply, export, the chain's table, and what a restart keeps."""
import json
import os

import kit

OFFICE = """
tenant: office.example
timezone: Europe/Warsaw
language: pl
users:
  - {extension: "101", name: Alice, sip: {password: "alice-secret"}}
  - {extension: "102", name: Bob, sip: {password: "bob-secret"}}
groups:
  - {name: Sales, extensions: ["8001"], timeout: 30, members: ["101", "102"]}
"""


class Office(kit.Case):
    OFFICE = OFFICE

    def setUp(self):
        # Each test begins with the office above, and with nothing else.
        done = self.server.run("apply", self.server.office, "--prune")
        self.assertEqual(done.returncode, 0, done)

    def apply(self, text, *flags):
        return self.server.run("apply", self.server.write("next.yaml", text), *flags)

    def names(self, kind):
        return [item["id"] for item in self.server.get("/api/v1/" + kind).json()["items"]]

    def test_what_is_exported_can_be_applied_and_changes_nothing(self):
        for flags in ((), ("--secrets",)):
            exported = self.server.run("export", *flags)
            self.assertEqual((exported.returncode, exported.stderr), (0, ""))
            again = self.apply(exported.stdout, "--prune")
            self.assertEqual((again.returncode, again.stdout), (0, "nothing to change\n"), again)

    def test_an_export_of_everything_survives_the_way_round(self):
        for name in sorted(os.listdir(kit.EXAMPLES)):
            if not name.endswith(".yaml") or name == "harrier.yaml":
                continue
            with self.subTest(example=name):
                done = self.server.run("apply", os.path.join(kit.EXAMPLES, name), "--prune")
                self.assertEqual(done.returncode, 0, done)
                first = self.server.run("export", "--secrets").stdout
                again = self.apply(first, "--prune")
                self.assertEqual((again.returncode, again.stdout), (0, "nothing to change\n"))
                self.assertEqual(self.server.run("export", "--secrets").stdout, first)

    def test_export_seals_passwords_for_this_server_alone(self):
        sealed = self.server.run("export").stdout
        self.assertNotIn("alice-secret", sealed)
        self.assertIn("!encrypted ", sealed)
        other = kit.Server()
        self.addCleanup(other.close)
        other.start()
        refused = other.run("apply", self.server.write("sealed.yaml", sealed))
        self.assertEqual(refused.returncode, 1, refused)
        self.assertRegex(refused.stderr, r"sealed\.yaml:\d+:\d+: error: ")
        self.assertEqual(other.get("/api/v1/users").json()["items"], [])

    def test_export_as_json_is_the_same_office(self):
        as_json = json.loads(self.server.run("export", "--secrets", "--json").stdout)
        self.assertEqual(as_json["users"][0]["sip"]["password"], "alice-secret")
        again = self.apply(json.dumps(as_json), "--prune")
        self.assertEqual((again.returncode, again.stdout), (0, "nothing to change\n"), again)

    def test_apply_prints_what_changes_and_keeps_what_the_file_does_not_name(self):
        done = self.apply("users:\n  - {extension: \"102\", name: Robert}\n"
                          "groups:\n  - {name: Sales, extensions: [\"8001\"], timeout: 20,"
                          " members: [\"101\"]}\n")
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("Sales", done.stdout)
        self.assertIn("Robert", done.stdout)
        self.assertEqual(self.names("users"), ["101", "102"])
        self.assertEqual(self.server.get("/api/v1/groups/sales").json()["timeout"], 20)
        settings = json.loads(self.server.run("export", "--json").stdout)
        self.assertEqual(settings["timezone"], "Europe/Warsaw")

    def test_a_dry_run_prints_the_same_and_changes_nothing(self):
        text = OFFICE.replace("timeout: 30", "timeout: 45")
        before = self.server.run("export").stdout.count("\n"), self.names("groups")
        etag = self.server.get("/api/v1/groups/sales").header("ETag")
        dry = self.apply(text, "--dry-run")
        self.assertEqual(dry.returncode, 0, dry)
        self.assertIn("dry run", dry.stdout)
        self.assertEqual(self.server.get("/api/v1/groups/sales").header("ETag"), etag)
        self.assertEqual((self.server.run("export").stdout.count("\n"), self.names("groups")),
                         before)
        real = self.apply(text)
        self.assertEqual(real.stdout, dry.stdout.replace("(dry run: nothing was changed)\n", ""))
        self.assertEqual(self.server.get("/api/v1/groups/sales").json()["timeout"], 45)

    def test_prune_removes_what_the_file_does_not_name(self):
        done = self.apply("tenant: office.example\nusers: [{extension: \"102\", name: Bob}]\n",
                          "--prune")
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual((self.names("users"), self.names("groups")), (["102"], []))

    def test_apply_keeps_the_revision_of_what_it_does_not_change(self):
        alice = self.server.get("/api/v1/users/101").header("ETag")
        self.apply(OFFICE.replace("name: Bob", "name: Robert"))
        self.assertEqual(self.server.get("/api/v1/users/101").header("ETag"), alice)

    def test_a_bad_file_is_refused_with_every_place_and_changes_nothing(self):
        before = self.server.run("export", "--secrets").stdout
        bad = ("users:\n"
               "  - extension: \"101\"\n"
               "    nam: Alicia\n"
               "groups:\n"
               "  - name: Sales\n"
               "    extensions: [\"8001\"]\n"
               "    timeout: -3\n"
               "    members: [\"101\"]\n")
        done = self.apply(bad)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, r'next\.yaml:3:5: error: unknown key "nam".*"name"')
        self.assertRegex(done.stderr, r"next\.yaml:7:\d+: error: ")
        self.assertEqual(self.server.run("export", "--secrets").stdout, before)

    def test_the_file_that_was_applied_last_changes_nothing(self):
        for flags in ((), ("--dry-run",), ("--prune",)):
            done = self.server.run("apply", self.server.office, *flags)
            self.assertEqual((done.returncode, done.stdout), (0, "nothing to change\n"), flags)

    def test_a_value_that_cannot_be_read_hides_no_reference_to_nothing(self):
        done = self.apply("users: [{extension: \"102\", email: nope}]\ngroups:\n"
                          "  - {name: Other, members: [\"102\"], finally: {ivr: none}}\n")
        self.assertEqual(done.returncode, 1, done)
        self.assertRegex(done.stderr, r"next\.yaml:1:\d+: error: .*nope")
        self.assertRegex(done.stderr, r"next\.yaml:3:\d+: error: there is no menu")
        self.assertEqual(self.names("groups"), ["sales"])

    def test_a_file_that_does_not_fit_the_running_office_is_refused(self):
        # Other is the first group of the file and the second of the office.
        done = self.apply("groups:\n  - name: Other\n    extensions: [\"101\"]\n"
                          "    members: [\"102\"]\n")
        self.assertEqual(done.returncode, 1, done)
        self.assertRegex(done.stderr, r"next\.yaml:3:\d+: error: .*101")
        self.assertEqual(self.names("groups"), ["sales"])
        missing = self.server.run("apply", os.path.join(self.server.folder, "no-such-file"))
        self.assertEqual(missing.returncode, 1)
        self.assertIn("no-such-file", missing.stderr)

    def test_apply_by_the_api_takes_yaml_and_json(self):
        reply = self.server.post("/api/v1/config/apply?dry_run=1",
                                 {"users": [{"extension": "140", "name": "Ivy"}]})
        self.assertEqual(reply.status, 200, reply)
        body = reply.json()
        self.assertTrue(body["dry_run"])
        self.assertEqual([(c["kind"], c["id"]) for c in body["changes"]], [("user", "140")])
        self.check_problem(self.server.post("/api/v1/config/apply", "users: ["), 422)

    def test_rows_s4_18_to_21_the_examples_chains_come_in_and_go_out(self):
        for number in ("-1", "-2", "-3", "-4", ""):
            with self.subTest(chain=number):
                path = os.path.join(kit.EXAMPLES, "chain%s.csv" % number)
                office = os.path.join(kit.EXAMPLES, "chain-office.yaml")
                self.assertEqual(self.server.run("apply", office, "--prune").returncode, 0)
                taken = self.server.run("import", "chain", path)
                self.assertEqual(taken.returncode, 0, taken)
                out = self.server.run("export", "chain")
                self.assertEqual((out.returncode, out.stderr), (0, ""))
                back = self.server.write("back.csv", out.stdout)
                again = self.server.run("import", "chain", back)
                self.assertEqual((again.returncode, again.stdout), (0, "nothing to change\n"))

    def test_row_s4_3_a_service_number_that_is_an_extension_is_refused_with_its_line(self):
        path = self.server.write("bad.csv", "Sip number,Next number,Service number,Start number\n"
                                            "101,102,8001,101\n102,0000,1,1\n")
        before = self.server.run("export", "chain").stdout
        done = self.server.run("import", "chain", path)
        self.assertEqual(done.returncode, 1, done)
        self.assertRegex(done.stderr, r"bad\.csv:2:9: error: .*8001")
        self.assertEqual(self.server.run("export", "chain").stdout, before)
