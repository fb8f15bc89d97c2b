"""The command line by itself: check, help, exit statuses."""
import json
import os
import shutil
import tempfile

import kit

BAD = """tenant: office.example
users:
  - extension: "101"
    nme: Alice
  - extension: "101"
    name: Bob
groups:
  - name: Sales
    extensions: ["8001"]
    strategy: ringall
    members: ["101", "199"]
    finally: {mailbx: general}
"""
EXAMPLES = os.path.join(os.path.dirname(__file__), "..", "..", "examples")
COMMANDS = [["serve"], ["check"], ["apply"], ["export"], ["explain"], ["simulate"], ["advise"], ["trace"],
            ["calls"], ["import"], ["token"], ["token", "create"], ["version"]]


class Cli(kit.unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="harrier-rest-")
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def test_every_command_has_help(self):
        whole = kit.run("--help")
        self.assertEqual(whole.returncode, 0)
        for command in COMMANDS:
            with self.subTest(command=command):
                said = kit.run(*command, "--help")
                self.assertEqual((said.returncode, said.stderr), (0, ""))
                self.assertIn(command[-1], said.stdout)
                self.assertIn(command[0], whole.stdout)

    def test_what_is_used_wrongly_exits_with_2(self):
        for arguments in ([], ["no-such-command"], ["explain"], ["trace"], ["apply"], ["check"],
                          ["calls", "--no-such-option"], ["import", "asterisk", "x"],
                          ["export", "users"], ["token"], ["token", "create", "--scopes", "root"],
                          ["calls", "--limit", "0"], ["calls", "--result", "nonsense"],
                          ["serve", "extra"]):
            with self.subTest(arguments=arguments):
                done = kit.run(*arguments, environment={"HARRIER_DATA": self.folder})
                self.assertEqual((done.returncode, done.stdout), (2, ""), done)
                self.assertTrue(done.stderr)

    def test_an_outcome_that_is_none_is_refused_with_the_known_ones(self):
        done = kit.run("calls", "--result", "nonsense")
        self.assertEqual(done.returncode, 2)
        for word in ("answered", "no_answer", "busy", "interrupted"):
            self.assertIn(word, done.stderr)

    def test_without_a_server_commands_say_where_they_looked(self):
        for arguments in (["calls"], ["export"], ["trace", "last"], ["explain", "100"],
                          ["token", "create"]):
            with self.subTest(arguments=arguments):
                done = kit.run(*arguments, "--data", self.folder)
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertEqual(len(done.stderr.splitlines()), 1)
                self.assertIn(self.folder, done.stderr)
        done = kit.run("calls", "--server", "http://127.0.0.1:1")
        self.assertEqual(done.returncode, 1)
        self.assertIn("127.0.0.1:1", done.stderr)
        self.assertEqual(kit.run("calls", "--server", "nonsense").returncode, 1)

    def test_version_is_printed_as_text_and_json(self):
        text = kit.run("version")
        self.assertRegex(text.stdout, r"\Aharrier \d+\.\d+\.\d+\n\Z")
        as_json = json.loads(kit.run("version", "--json").stdout)
        self.assertEqual("harrier %s\n" % as_json["version"], text.stdout)

    def test_simulate_compares_two_offices_and_advise_names_what_helps(self):
        office = os.path.join(EXAMPLES, "staggered.yaml")
        told = kit.run("simulate", "--office", office, "--to", "8001", "--calls", "400", "--json")
        self.assertEqual((told.returncode, told.stderr), (0, ""))
        (run,) = json.loads(told.stdout)
        shares = [f["value"] for f in run["figures"]
                  if f["what"] in ("answered", "caller gave up", "ended in") and
                  (f["what"] == "ended in" or "whose" not in f)]
        self.assertAlmostEqual(sum(shares), 1, places=4)
        again = kit.run("simulate", "--office", office, "--changed", office, "--to", "8001", "--calls",
                        "400", "--json")
        first, second = json.loads(again.stdout)
        self.assertEqual(first["figures"], run["figures"], "the same seed tells the same story")
        self.assertEqual(second["figures"], run["figures"], "two equal offices do not differ")
        advice = kit.run("advise", "Sales", "--office",
                         os.path.join(EXAMPLES, "stages.yaml"), "--calls", "2000",
                         "--patience", "20", "--json")
        self.assertEqual((advice.returncode, advice.stderr), (0, ""))
        self.assertIn("stage 2 rings together with the one before",
                      [one["what"] for one in json.loads(advice.stdout)])

    def test_simulate_says_what_it_cannot_do(self):
        office = os.path.join(EXAMPLES, "staggered.yaml")
        for arguments, said in (
                (["--to", "9999"], "9999 leads to nobody (404)"),
                (["--to", "8001", "--at", "noon"], "--at \"noon\" is not like"),
                (["--to", "8001", "--person", "2002:answer=1"], "unknown habit \"answer\""),
                (["--to", "8001", "--person", "2002:answers=2"], "answers: 0 to 1"),
                (["--to", "8001", "--records", self.write("r.csv", "a,b\n")],
                 "there is no column started"),
                (["--to", "8001", "--records", self.folder], self.folder)):
            with self.subTest(arguments=arguments):
                done = kit.run("simulate", "--office", office, *arguments)
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertIn(said, done.stderr)
        for option in ("--talk", "--rate", "--patience", "--answers", "--pickup"):
            done = kit.run("simulate", "--office", office, "--to", "8001", option, "nan")
            self.assertEqual((done.returncode, done.stdout), (2, ""), option)
            self.assertIn("nan is no number", done.stderr)

    def test_check_names_every_fault_with_its_place_and_the_nearest_key(self):
        path = self.write("office.yaml", BAD)
        done = kit.run("check", path)
        self.assertEqual(done.returncode, 1)
        self.assertIn('%s:4:5: error: unknown key "nme"' % path, done.stdout)
        self.assertRegex(done.stdout, r'unknown key "nme".*"name"')
        self.assertRegex(done.stdout, r'%s:10:\d+: error: .*ringall.*"ring_all"' % path)
        self.assertRegex(done.stdout, r'%s:12:\d+: error: .*mailbx.*"mailbox"' % path)
        for line in done.stdout.splitlines():
            self.assertRegex(line, r"\A%s:\d+:\d+: (error|warning): ." % path)

    def test_check_finds_what_does_not_fit_together(self):
        text = BAD.replace("nme:", "name:").replace("ringall", "ring_all").replace("mailbx",
                                                                                  "mailbox")
        path = self.write("office.yaml", text)
        done = kit.run("check", path)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"%s:5:\d+: error: .*101" % path)
        self.assertRegex(done.stdout, r"%s:11:\d+: error: .*199" % path)
        self.assertRegex(done.stdout, r"%s:12:\d+: error: .*general" % path)

    def test_check_prints_warnings_and_exits_with_0(self):
        path = self.write("office.yaml", "tenant: office.example\n"
                                         "groups: [{name: Empty, extensions: [\"8001\"]}]\n")
        done = kit.run("check", path)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done)
        self.assertRegex(done.stdout, r"%s:2:\d+: warning: " % path)
        self.assertIn("ok: 1 file(s), 1 warning(s)\n", done.stdout)

    def test_check_names_calendars_that_cannot_be_read(self):
        path = self.write("office.yaml", "tenant: office.example\n"
                                         "schedules: [{name: business, open: [always], ics: office.ics}]\n")
        done = kit.run("check", path, "--data", self.folder)
        self.assertEqual(done.returncode, 0, done)
        self.assertRegex(done.stdout, r"%s:2:\d+: warning: the calendar office.ics: there is no" % path)
        self.write("office.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n")
        self.assertIn("line 2: an event has no DTSTART",
                      kit.run("check", path, "--data", self.folder).stdout)
        self.write("office.ics", "BEGIN:VCALENDAR\nEND:VCALENDAR\n")
        self.assertIn("ok: 1 file(s), 0 warning(s)", kit.run("check", path, "--data", self.folder).stdout)

    def test_check_never_prints_control_bytes_of_its_input(self):
        path = self.write("office.yaml", "tenant: \"a\\e[31mb\"\n\"us\\e[0mers\": []\n")
        done = kit.run("check", path)
        self.assertEqual(done.returncode, 1)
        self.assertNotIn("\x1b", done.stdout)
        self.assertIn('"us\\x1b[0mers"', done.stdout)

    def test_check_reports_a_fault_of_syntax_with_its_place(self):
        path = self.write("office.yaml", "tenant: office.example\nusers: [\n")
        done = kit.run("check", path)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"%s:\d+:\d+: error: " % path)
        twice = self.write("twice.yaml", "tenant: a.example\ntenant: b.example\n")
        self.assertRegex(kit.run("check", twice).stdout, r"%s:2:1: error: .*tenant" % twice)

    def test_check_knows_the_time_zones_as_the_server_does(self):
        path = self.write("office.yaml", "tenant: office.example\ntimezone: Mars/City\n")
        done = kit.run("check", path)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r'%s:2:\d+: error: time zone "Mars/City" is not known' % path)

    def test_a_folder_in_place_of_a_file_is_refused_in_a_line(self):
        for words in (("check", self.folder), ("serve", "--config", self.folder),
                      ("apply", self.folder), ("import", "chain", self.folder)):
            done = kit.run(*words)
            self.assertEqual(done.returncode, 1, done)
            self.assertIn("is a folder; name a file in it", done.stdout + done.stderr)

    def test_check_says_when_a_file_is_not_there(self):
        done = kit.run("check", os.path.join(self.folder, "missing.yaml"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("missing.yaml does not exist; name a file that is there", done.stdout)

    def test_check_as_json_has_the_same_findings(self):
        path = self.write("office.yaml", BAD)
        done = kit.run("check", "--json", path)
        self.assertEqual(done.returncode, 1)
        findings = json.loads(done.stdout)
        unknown = next(f for f in findings if f["code"] == "unknown_key" and f["line"] == 4)
        self.assertEqual((unknown["file"], unknown["column"], unknown["severity"],
                          unknown["path"]), (path, 5, "error", "/users/0/nme"))
        self.assertEqual(len(findings), len(kit.run("check", path).stdout.splitlines()))

    def test_check_reads_the_settings_of_the_server_too(self):
        path = self.write("harrier.yaml", "sip: {liste: []}\nstore: \"postgresql://db\"\n"
                                          "cluster: \"redis://cache\"\n")
        done = kit.run("check", "--config", path)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r'%s:1:7: error: unknown key "liste".*"listen"' % path)
        self.assertRegex(done.stdout, r"%s:2:\d+: error: .*not built yet" % path)
        self.assertRegex(done.stdout, r"%s:3:\d+: error: .*not built yet" % path)

    def test_check_reads_a_chain_and_names_its_lines(self):
        path = self.write("chain.csv", "Sip number,Next number,Service number,Start number\n"
                                       "101,102,8008001,101\n101,0000,1,1\n")
        done = kit.run("check", path)
        self.assertEqual(done.returncode, 1)
        self.assertIn("%s:3" % path, done.stdout)

    def test_the_examples_have_no_errors(self):
        names = sorted(os.listdir(kit.EXAMPLES))
        offices = [os.path.join(kit.EXAMPLES, name) for name in names
                   if name.endswith((".yaml", ".csv")) and name != "harrier.yaml"]
        self.assertGreaterEqual(len(offices), 10)
        done = kit.run("check", "--config", os.path.join(kit.EXAMPLES, "harrier.yaml"), *offices)
        self.assertEqual(done.returncode, 0, done.stdout)
