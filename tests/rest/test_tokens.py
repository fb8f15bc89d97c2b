"""Who may use the API: bearer tokens over TCP, everything over the socket in the data folder."""
import os
import stat

import kit

OFFICE = """
tenant: office.example
users: [{extension: "101", name: Alice}]
"""
READ = ["/api/v1/calls", "/api/v1/records", "/api/v1/registrations", "/api/v1/feature_codes",
        "/api/v1/config/export", "/api/v1/chain/export", "/api/v1/users", "/api/v1/users/101",
        "/api/v1/groups"]
OPEN = ["/healthz", "/readyz", "/metrics", "/version", "/api/v1/openapi.json"]


class Tokens(kit.Case):
    OFFICE = OFFICE

    def make(self, *arguments):
        made = self.server.run("token", "create", *arguments)
        self.assertEqual((made.returncode, made.stderr), (0, ""))
        return made.stdout.rstrip("\n")

    def test_token_create_prints_the_token_alone(self):
        made = self.server.run("token", "create", "--name", "alone")
        self.assertRegex(made.stdout, r"\A[A-Za-z0-9_-]{30,}\n\Z")

    def test_health_needs_no_token(self):
        for target in OPEN:
            with self.subTest(target=target):
                self.assertEqual(self.server.get(target, local=False).status, 200)

    def test_without_a_token_everything_else_is_401(self):
        for target in READ + ["/api/v1/tokens", "/api/v1/events"]:
            with self.subTest(target=target):
                reply = self.server.get(target, local=False)
                self.check_problem(reply, 401)
                self.assertEqual(reply.header("WWW-Authenticate"), "Bearer")

    def test_a_wrong_token_is_401(self):
        for header in ("Bearer wrong", "Bearer ", "Basic YTpi", "Bearer"):
            reply = self.server.get("/api/v1/users", local=False,
                                    headers={"Authorization": header})
            self.check_problem(reply, 401)

    def test_an_admin_token_may_everything(self):
        token = self.make()
        for target in READ:
            self.assertEqual(self.server.get(target, token=token).status, 200, target)
        made = self.server.post("/api/v1/users", {"extension": "150", "name": "Zoe"}, token=token)
        self.assertEqual(made.status, 201, made)

    def test_a_reading_token_reads_and_changes_nothing(self):
        token = self.make("--scopes", "read", "--name", "wall board")
        for target in READ:
            self.assertEqual(self.server.get(target, token=token).status, 200, target)
        refused = [self.server.post("/api/v1/users", {"extension": "151"}, token=token),
                   self.server.patch("/api/v1/users/101", {"name": "X"}, "*", token=token),
                   self.server.delete("/api/v1/users/101", "*", token=token),
                   self.server.post("/api/v1/config/apply", "users: []", token=token),
                   self.server.post("/api/v1/chain/import", "", token=token),
                   self.server.delete("/api/v1/calls/x", token=token),
                   self.server.get("/api/v1/tokens", token=token),
                   self.server.post("/api/v1/tokens", {}, token=token),
                   self.server.get("/api/v1/config/export?secrets=1", token=token)]
        for reply in refused:
            self.check_problem(reply, 403)

    def test_the_list_names_tokens_and_never_shows_them(self):
        token = self.make("--name", "listed")
        reply = self.server.get("/api/v1/tokens")
        names = [item["name"] for item in reply.json()["items"]]
        self.assertIn("listed", names)
        self.assertNotIn(token, reply.text())
        self.assertNotIn("hash", reply.text())

    def test_a_removed_token_is_401_at_once(self):
        token = self.make("--name", "short-lived")
        self.assertEqual(self.server.get("/api/v1/users", token=token).status, 200)
        item = next(item for item in self.server.get("/api/v1/tokens").json()["items"]
                    if item["name"] == "short-lived")
        self.assertEqual(self.server.delete("/api/v1/tokens/" + item["id"]).status, 204)
        self.check_problem(self.server.get("/api/v1/users", token=token), 401)
        self.check_problem(self.server.delete("/api/v1/tokens/" + item["id"]), 404)

    def test_a_token_with_unknown_scopes_or_keys_is_422(self):
        self.check_problem(self.server.post("/api/v1/tokens", {"scopes": "root"}), 422)
        self.check_problem(self.server.post("/api/v1/tokens", {"nam": "x"}), 422)

    def test_the_audit_of_a_change_names_the_token(self):
        token = self.make("--name", "crm")
        stream = kit.EventStream(self.server)
        self.addCleanup(stream.close)
        self.server.post("/api/v1/users", {"extension": "152", "name": "Yan"}, token=token)
        event = stream.wait_until(lambda e: e["data"].get("what") == "user Yan added")
        self.assertEqual(event["data"]["who"], "crm")

    def test_the_local_socket_is_for_its_owner_alone(self):
        mode = os.stat(os.path.join(self.server.data, "harrier.sock")).st_mode
        self.assertTrue(stat.S_ISSOCK(mode))
        self.assertEqual(stat.S_IMODE(mode), 0o600)

    def test_the_database_does_not_hold_the_token(self):
        token = self.make("--name", "secret")
        for name in os.listdir(self.server.data):
            path = os.path.join(self.server.data, name)
            if os.path.isfile(path):
                with open(path, "rb") as data:
                    self.assertNotIn(token.encode(), data.read(), name)

    def test_the_command_line_takes_server_and_token_from_the_environment(self):
        url = "http://%s:%d" % self.server.http
        refused = kit.run("calls", environment={"HARRIER_URL": url})
        self.assertEqual(refused.returncode, 1)
        self.assertIn("token", refused.stderr)
        good = kit.run("calls", "--json", environment={"HARRIER_URL": url,
                                                       "HARRIER_TOKEN": self.make()})
        self.assertEqual((good.returncode, good.stdout), (0, '{"items":[],"next":"","live":[]}\n'),
                         good)
        flags = kit.run("export", "--server", url, "--token", self.make("--scopes", "read"))
        self.assertEqual(flags.returncode, 0, flags)
        self.assertIn("Alice", flags.stdout)


class TokensAfterARestart(kit.Case):
    OFFICE = OFFICE

    def test_tokens_survive_kill_9(self):
        token = self.server.run("token", "create").stdout.strip()
        self.server.kill()
        self.server.start()
        self.assertEqual(self.server.get("/api/v1/users", token=token).status, 200)
