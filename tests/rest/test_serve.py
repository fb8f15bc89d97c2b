"""`harrier serve`: its lines, its start and end, what it refuses, what a restart keeps."""
import os
import re
import signal
import socket
import subprocess

import kit
from phone import Phone

OFFICE = """
tenant: office.example
users:
  - {extension: "101", name: Alice, sip: {password: "alice-secret"}}
  - {extension: "102", name: Bob, sip: {password: "bob-secret"}}
groups:
  - {name: Sales, extensions: ["8001"], members: ["101"]}
"""


class Serve(kit.unittest.TestCase):
    maxDiff = None

    def server(self, office=OFFICE, **given):
        server = kit.Server(office, **given)
        self.addCleanup(server.close)
        return server

    def refused(self, server, *needles):
        """serve ends with 1 and one clear line that holds the needles."""
        done = subprocess.run(server.command(), capture_output=True, text=True,
                              timeout=kit.PATIENCE, check=False)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        lines = [line for line in done.stderr.splitlines()
                 if line.startswith("harrier: ") and "not carried out" not in line]
        self.assertEqual(len(lines), 1, done.stderr)
        for needle in needles:
            self.assertIn(needle, lines[0])

    def test_the_lines_on_stdout_are_the_sockets_then_ready(self):
        server = self.server().start()
        self.assertEqual(len(server.started), 3)
        self.assertRegex(server.started[0], r"\Aharrier: listening udp://127\.0\.0\.1:\d+\Z")
        self.assertRegex(server.started[1], r"\Aharrier: listening http://127\.0\.0\.1:\d+\Z")
        self.assertEqual(server.started[2], "harrier: ready")
        self.assertEqual(server.stop(), 0, server.log())
        self.assertIsNone(server.lines.get(timeout=kit.PATIENCE))  # nothing more was printed

    def test_udp_tcp_and_ipv6_are_all_printed(self):
        server = self.server()
        server.config = server.write("harrier.yaml", (
            'sip: {listen: ["udp://127.0.0.1:0", "tcp://127.0.0.1:0", "udp://[::1]:0"]}\n'
            'http: {listen: "127.0.0.1:0"}\n'))
        server.start()
        kinds = [re.sub(r":\d+\Z", "", line) for line in server.started]
        self.assertEqual(kinds, ["harrier: listening udp://127.0.0.1",
                                 "harrier: listening tcp://127.0.0.1",
                                 "harrier: listening udp://[::1]",
                                 "harrier: listening http://127.0.0.1", "harrier: ready"])

    def test_a_sip_port_in_use_is_one_clear_line(self):
        server = self.server()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.1", 0))
            port = other.getsockname()[1]
            server.config = server.write("harrier.yaml", (
                'sip: {listen: ["udp://127.0.0.1:%d"]}\nhttp: {listen: "127.0.0.1:0"}\n' % port))
            self.refused(server, "127.0.0.1:%d" % port, "in use")

    def test_the_sip_port_of_another_harrier_is_one_clear_line(self):
        first = self.server().start()
        second = self.server()
        second.config = second.write("harrier.yaml", (
            'sip: {listen: ["udp://127.0.0.1:%d"]}\nhttp: {listen: "127.0.0.1:0"}\n' %
            first.sip[1]))
        self.refused(second, "127.0.0.1:%d" % first.sip[1], "in use")

    def test_an_http_port_in_use_is_one_clear_line(self):
        first = self.server().start()
        second = self.server()
        second.config = second.write("harrier.yaml", (
            'sip: {listen: ["udp://127.0.0.1:0"]}\nhttp: {listen: "127.0.0.1:%d"}\n' %
            first.http[1]))
        self.refused(second, "127.0.0.1:%d" % first.http[1], "in use")

    def test_a_data_folder_in_use_is_one_clear_line_and_the_first_goes_on(self):
        first = self.server().start()
        second = self.server()
        second.data = first.data
        self.refused(second, first.data)
        self.assertEqual(first.get("/healthz").status, 200)

    def test_a_bad_office_file_stops_the_start_with_its_places(self):
        server = self.server("users:\n  - {extension: \"101\", nme: Alice}\n")
        done = subprocess.run(server.command(), capture_output=True, text=True,
                              timeout=kit.PATIENCE, check=False)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, r'office\.yaml:2:\d+: error: unknown key "nme".*"name"')

    def test_bad_settings_stop_the_start_with_their_places(self):
        server = self.server()
        server.config = server.write("harrier.yaml", "sip: {liste: []}\n")
        done = subprocess.run(server.command(), capture_output=True, text=True,
                              timeout=kit.PATIENCE, check=False)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, r'harrier\.yaml:1:7: error: unknown key "liste"')
        server.config = os.path.join(server.folder, "none.yaml")
        self.refused(server, "none.yaml")

    def test_the_office_file_is_applied_again_only_when_it_differs(self):
        server = self.server().start()
        reply = server.patch("/api/v1/users/101", {"name": "Alicia"}, "*")
        self.assertEqual(reply.status, 200, reply)
        self.assertEqual(server.stop(), 0)
        server.start()
        self.assertEqual(server.get("/api/v1/users/101").json()["name"], "Alicia")
        self.assertEqual(server.stop(), 0)
        server.write("office.yaml", OFFICE.replace("Bob", "Robert"))
        server.start()
        names = [user["name"] for user in server.get("/api/v1/users").json()["items"]]
        self.assertEqual(names, ["Alice", "Robert"])

    def test_kill_9_right_after_a_change_was_confirmed_loses_nothing(self):
        server = self.server().start()
        made = server.post("/api/v1/groups", {"name": "Night", "extensions": ["8002"],
                                              "members": ["102"]})
        server.kill()
        self.assertEqual(made.status, 201, made)
        server.start()
        kept = server.get("/api/v1/groups/night")
        self.assertEqual((kept.status, kept.header("ETag")), (200, made.header("ETag")), kept)
        secrets = server.run("export", "--secrets").stdout
        self.assertIn("alice-secret", secrets)

    def test_registrations_and_records_survive_kill_9(self):
        server = self.server().start()
        phone = Phone(server.sip, "answer")
        self.addCleanup(phone.close)
        self.assertEqual(phone.register("101", "alice-secret").status, 200)
        caller = Phone(server.sip)
        self.addCleanup(caller.close)
        call = caller.call("8001")
        self.assertEqual(call.wait_for_final().status, 200)
        self.assertEqual(call.hang_up().status, 200)
        server.kill()  # at once: the record may be in the journal only
        server.start()
        reply = kit.eventually(lambda: self.found(server, "/api/v1/records/" + call.call_id),
                               "the record")
        self.assertEqual((reply.json()["outcome"], reply.json()["answered_by"]),
                         ("answered", "101"))
        items = server.get("/api/v1/registrations").json()["items"]
        self.assertEqual([(item["user"], item["source"]) for item in items],
                         [("101", "127.0.0.1:%d" % phone.port)])

    def found(self, server, target):
        reply = server.get(target)
        return reply if reply.status == 200 else None

    def test_a_call_cut_by_kill_9_becomes_interrupted(self):
        server = self.server().start()
        phone = Phone(server.sip, "answer")
        self.addCleanup(phone.close)
        phone.register("101", "alice-secret")
        caller = Phone(server.sip)
        self.addCleanup(caller.close)
        call = caller.call("8001")
        self.assertEqual(call.wait_for_final().status, 200)
        server.kill()
        server.start()
        reply = kit.eventually(lambda: self.found(server, "/api/v1/records/" + call.call_id),
                               "the record")
        self.assertEqual(reply.json()["outcome"], "interrupted")

    def test_draining_refuses_new_calls_and_lets_the_old_one_talk(self):
        server = self.server(drain=60).start()
        phone = Phone(server.sip, "answer")
        self.addCleanup(phone.close)
        phone.register("101", "alice-secret")
        caller = Phone(server.sip)
        self.addCleanup(caller.close)
        call = caller.call("8001")
        self.assertEqual(call.wait_for_final().status, 200)
        server.process.send_signal(signal.SIGTERM)
        kit.eventually(lambda: server.get("/readyz").status == 503, "not ready while draining")
        self.assertEqual(server.get("/readyz").json()["status"], "draining")
        self.assertEqual(server.get("/healthz").status, 200)

        def refused():
            late = Phone(server.sip)
            self.addCleanup(late.close)
            final = late.call("8001").wait_for_final()
            return final if final.status == 503 else None
        final = kit.eventually(refused, "503 for a new call")
        self.assertTrue(final.one("retry-after"))
        self.assertEqual([m.method for m in phone.messages if m.method == "BYE"], [])
        self.assertEqual(call.hang_up().status, 200)
        self.assertEqual(server.wait(), 0, server.log())

    def test_when_the_time_to_drain_is_over_calls_are_ended(self):
        server = self.server(drain=1).start()
        phone = Phone(server.sip, "answer")
        self.addCleanup(phone.close)
        phone.register("101", "alice-secret")
        caller = Phone(server.sip)
        self.addCleanup(caller.close)
        call = caller.call("8001")
        self.assertEqual(call.wait_for_final().status, 200)
        self.assertEqual(server.stop(), 0, server.log())
        phone.wait_for_request("BYE")
        caller.wait_for_request("BYE")

    def test_a_second_sigterm_ends_it_at_once(self):
        server = self.server(drain=60).start()
        phone = Phone(server.sip, "answer")
        self.addCleanup(phone.close)
        phone.register("101", "alice-secret")
        caller = Phone(server.sip)
        self.addCleanup(caller.close)
        self.assertEqual(caller.call("8001").wait_for_final().status, 200)
        server.process.send_signal(signal.SIGTERM)
        kit.eventually(lambda: server.get("/readyz").status == 503, "not ready while draining")
        self.assertEqual(server.stop(), 0, server.log())

    def test_sighup_reads_the_settings_again(self):
        server = self.server().start()
        with open(server.config, "a", encoding="utf-8") as out:
            out.write("log: {level: debug}\n")
        server.process.send_signal(signal.SIGHUP)
        kit.eventually(lambda: "settings.reloaded" in server.log(), "the log's line")
        server.write("harrier.yaml", "sip: {liste: []}\n")
        server.process.send_signal(signal.SIGHUP)
        kit.eventually(lambda: "not reloaded" in server.log(), "the refusal")
        self.assertEqual(server.get("/readyz").status, 200)

    def test_a_service_manager_is_told_when_it_is_ready_and_when_it_stops(self):
        server = self.server()
        path = os.path.join(server.folder, "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(path)
            manager.settimeout(kit.PATIENCE)
            os.environ["NOTIFY_SOCKET"] = path
            try:
                server.start()
            finally:
                del os.environ["NOTIFY_SOCKET"]
            self.assertIn(b"READY=1", manager.recv(4096))
            self.assertEqual(server.stop(), 0)
            self.assertIn(b"STOPPING=1", manager.recv(4096))
