"""Tables of other systems: a report for each row, and nothing is dropped silently."""
import os

import kit

OFFICE = """
tenant: office.example
users:
  - {extension: "101", name: Alice, sip: {password: "a"}, mailbox: {pin: "1234"}}
  - {extension: "102", name: Bob, sip: {password: "b"}}
"""
GROUPS = ("grpnum,strategy,grptime,grplist,postdest,description\n"
          "600,ringall,30,101-102,\"ext-local,vmu101,1\",Sales\n"
          "601,hunt,12,101,\"ivr-3,s,1\",Support\n"
          "602,ringall,30,199,,Nobody\n")
EXTENSIONS = ("extension,name,secret,voicemail,dial\n"
              "103,Cora,s3cret,novm,PJSIP/103\n"
              "101,Alice Example,new,default,PJSIP/101\n")


class Import(kit.Case):
    OFFICE = OFFICE

    def setUp(self):
        done = self.server.run("apply", self.server.office, "--prune")
        self.assertEqual(done.returncode, 0, done)

    def send(self, system, table, query=""):
        return self.server.post("/api/v1/import/" + system + query, table)

    def run_import(self, system, table, *flags):
        return self.server.run("import", system, self.server.write("table.csv", table), *flags)

    def names(self, kind):
        return [item["id"] for item in self.server.get("/api/v1/" + kind).json()["items"]]

    def test_a_dry_run_tells_of_each_row_and_changes_nothing(self):
        told = self.send("freepbx", GROUPS, "?dry_run=1")
        self.assertEqual(told.status, 200, told)
        body = told.json()
        self.assertEqual([(row["line"], row["verdict"], row["name"]) for row in body["rows"]],
                         [(2, "taken", "Sales"), (3, "partly", "Support"), (4, "left_out", "Nobody")])
        self.assertIn("ivr-3", body["rows"][1]["notes"][0])
        self.assertIn("199", body["rows"][2]["notes"][0])
        self.assertTrue(body["dry_run"])
        self.assertEqual(self.names("groups"), [])

    def test_a_row_that_is_left_out_stops_the_rest_until_partial_is_asked_for(self):
        refused = self.send("freepbx", GROUPS)
        self.assertEqual(refused.status, 422, refused)
        self.assertEqual([(one["line"], one["code"]) for one in refused.json()["errors"]],
                         [(4, "left_out")])
        self.assertEqual(self.names("groups"), [])
        taken = self.send("freepbx", GROUPS, "?partial=1")
        self.assertEqual(taken.status, 200, taken)
        self.assertEqual(self.names("groups"), ["sales", "support"])
        sales = self.server.get("/api/v1/groups/600").json()
        self.assertEqual((sales["strategy"], sales["timeout"], sales["finally"]),
                         ("ring_all", 30, {"mailbox": "101"}))
        newest = self.server.get("/api/v1/revisions?limit=1").json()["items"][0]
        self.assertIn("freepbx imported", newest["what"])

    def test_extensions_are_merged_and_an_import_twice_changes_nothing(self):
        self.assertEqual(self.send("freepbx", EXTENSIONS).status, 200)
        alice = self.server.get("/api/v1/users/101").json()
        self.assertEqual(alice["name"], "Alice Example")
        plain = self.server.get("/api/v1/config/export?format=json&secrets=1").json()
        secrets = {user["extension"]: user["sip"]["password"] for user in plain["users"]}
        self.assertEqual(secrets, {"101": "new", "102": "b", "103": "s3cret"})
        again = self.send("freepbx", EXTENSIONS).json()
        self.assertEqual(again["changes"], [])
        self.assertEqual(again["unused_columns"], ["dial"])

    def test_the_command_line_prints_the_report(self):
        dry = self.run_import("freepbx", GROUPS, "--dry-run")
        self.assertEqual((dry.returncode, dry.stderr), (0, ""), dry)
        lines = dry.stdout.splitlines()
        self.assertEqual(lines[0], "line 2: taken: group Sales")
        self.assertTrue(lines[1].startswith("line 3: partly: group Support: "), lines)
        self.assertTrue(lines[2].startswith("line 4: left out: group Nobody: "), lines)
        self.assertIn("2 of 3 rows can be taken over", lines)
        self.assertIn("(dry run: nothing was changed)", lines)
        refused = self.run_import("freepbx", GROUPS)
        self.assertEqual((refused.returncode, refused.stdout), (1, ""), refused)
        self.assertIn("table.csv:4:1: error: group Nobody", refused.stderr)
        done = self.run_import("freepbx", GROUPS, "--partial")
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("group Sales added", done.stdout)

    def test_plain_tables_and_those_of_fusionpbx(self):
        users = self.run_import("csv", "extension,name,sip_password\n201,Ben,x\n")
        self.assertEqual(users.returncode, 0, users)
        groups = self.run_import(
            "fusionpbx", "ring_group_name,ring_group_extension,ring_group_strategy,"
            "destination_number,destination_delay,destination_timeout\n"
            "Sales,8001,simultaneous,101,0,30\nSales,8001,simultaneous,201,6,24\n")
        self.assertEqual(groups.returncode, 0, groups)
        numbers = self.run_import("csv", "number,to\n+48226002000,group Sales\n")
        self.assertEqual(numbers.returncode, 0, numbers)
        plan = self.server.post("/api/v1/explain",
                                {"number": "+48226002000", "phones": "all"}).json()["plan"]
        rings = [(ring["target"], ring["after_ms"]) for ring in plan["stages"][0]["rings"]]
        self.assertEqual(rings, [("101", 0), ("201", 6000)])

    def test_what_is_no_such_table_is_refused(self):
        self.assertEqual(self.send("asterisk", "a,b\n1,2\n").status, 404)
        strange = self.send("freepbx", "colour,size\nred,1\n")
        self.assertEqual(strange.status, 422, strange)
        self.assertIn("grpnum", strange.json()["errors"][0]["detail"])
        self.assertEqual(self.send("csv", "").status, 422)
        missing = self.run_import("csv", "x")
        self.assertEqual(missing.returncode, 1)
        none = self.server.run("import", "csv", os.path.join(self.server.folder, "none.csv"))
        self.assertEqual(none.returncode, 1, none)


if __name__ == "__main__":
    kit.unittest.main()
