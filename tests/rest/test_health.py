"""Health, metrics, the description of the API, and HTTP itself."""
import http.client
import re
import socket
import time

import kit


class Health(kit.Case):
    OFFICE = "tenant: office.example\n"

    def raw(self, text):
        with socket.create_connection(self.server.http, timeout=kit.PATIENCE) as connection:
            connection.sendall(text)
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk
        return answer

    def test_healthz_says_alive(self):
        self.assertEqual(self.server.get("/healthz").json(), {"status": "alive"})

    def test_readyz_is_200_and_names_nothing_degraded(self):
        reply = self.server.get("/readyz")
        self.assertEqual((reply.status, reply.json()), (200, {"status": "ready", "degraded": []}))

    def test_metrics_are_prometheus_text_with_our_names(self):
        reply = self.server.get("/metrics", local=False)
        self.assertTrue(reply.header("Content-Type").startswith("text/plain; version=0.0.4"))
        text = reply.text()
        for name in ("harrier_build_info", "harrier_calls_active", "harrier_calls_total",
                     "harrier_hunt_attempts_total", "harrier_registrations",
                     "harrier_sip_requests_total", "harrier_store_up", "harrier_config_revision",
                     "process_resident_memory_bytes"):
            self.assertRegex(text, r"(?m)^# TYPE %s " % name)
        line = re.compile(r'^(#.*|[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [-+0-9.eInf]+)$')
        self.assertEqual([bad for bad in text.splitlines() if not line.match(bad)], [])

    def test_metrics_name_what_sip_came_and_went(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
            phone.settimeout(kit.PATIENCE)
            phone.bind(("127.0.0.1", 0))
            port = phone.getsockname()[1]
            phone.sendto(("OPTIONS sip:office.example SIP/2.0\r\nMax-Forwards: 70\r\n"
                          f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bKm\r\n"
                          "From: <sip:a@b.example>;tag=1\r\nTo: <sip:office.example>\r\n"
                          "Call-ID: m\r\nCSeq: 1 OPTIONS\r\n\r\n").encode(), self.server.sip)
            self.assertTrue(phone.recv(65536).startswith(b"SIP/2.0 200 "))
        text = self.server.get("/metrics").text()
        for line in ('requests_total{direction="in",method="OPTIONS",transport="udp"} 1',
                     'responses_total{direction="out",code="200"} 1'):
            self.assertIn(f"\nharrier_sip_{line}\n", text)

    def test_version_is_that_of_the_program(self):
        said = kit.run("version")
        self.assertEqual(said.stdout, "harrier %s\n" %
                         self.server.get("/version").json()["version"])

    def test_the_description_covers_what_is_served(self):
        reply = self.server.get("/api/v1/openapi.json", local=False)
        api = reply.json()
        self.assertTrue(api["openapi"].startswith("3.1"))
        for path, methods in api["paths"].items():
            allowed = self.server.ask("BREW", path.replace("{id}", "x"))
            self.assertEqual(allowed.status, 405, path)
            served = set(allowed.header("Allow").lower().split(", "))
            described = {name for name in methods if name != "parameters"}
            if path.startswith("/api/v1/chain/"):  # "import" could be the id of a row, too
                self.assertLessEqual(described, served, path)
            else:
                self.assertEqual(described, served, path)
            for name in described:
                self.assertTrue(methods[name]["summary"], path)
                self.assertTrue(methods[name]["responses"], path)
        # Every reference leads somewhere.
        for reference in re.findall(r'"\$ref": ?"#/([^"]+)"', reply.text()):
            node = api
            for part in reference.split("/"):
                node = node[part]

    def test_an_unknown_path_is_404_and_a_known_one_with_another_method_405(self):
        self.check_problem(self.server.get("/api/v1/nothing/at/all"), 404)
        self.check_problem(self.server.get("/nothing"), 404)
        reply = self.server.ask("PUT", "/healthz")
        self.check_problem(reply, 405)
        self.assertEqual(reply.header("Allow"), "GET")

    def test_a_target_with_a_bad_escape_is_400(self):
        self.check_problem(self.server.get("/api/v1/users/%zz", local=False), 400)
        self.check_problem(self.server.get("/api/v1/users/%00", local=False), 400)

    def test_escapes_in_a_path_are_decoded_part_by_part(self):
        reply = self.server.get("/api/v1/records/a%2Fb%20c")
        self.assertEqual(self.check_problem(reply, 404)["detail"], "there is no record a/b c")

    def test_one_connection_serves_many_requests(self):
        connection = http.client.HTTPConnection(*self.server.http, timeout=kit.PATIENCE)
        connection.connect()
        first = connection.sock
        for _ in range(20):
            connection.request("GET", "/healthz")
            self.assertEqual(connection.getresponse().read(), b'{"status":"alive"}')
        self.assertIs(connection.sock, first)
        connection.close()

    def test_requests_sent_in_one_go_are_answered_in_order(self):
        answer = self.raw(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
                          b"GET /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        self.assertEqual(re.findall(rb"HTTP/1.1 (\d+)", answer), [b"200", b"404"])

    def test_headers_and_bodies_beyond_the_limit_are_refused(self):
        head = self.raw(b"GET /healthz HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n")
        self.assertTrue(head.startswith(b"HTTP/1.1 413") or head == b"", head[:100])
        body = self.raw(b"POST /api/v1/explain HTTP/1.1\r\nHost: a\r\n"
                        b"Content-Length: 99999999999\r\n\r\n")
        self.assertTrue(body.startswith(b"HTTP/1.1 413"), body[:100])
        self.assertEqual(self.server.get("/healthz").status, 200)

    def test_a_body_is_not_waited_for_from_whom_may_not_send_it(self):
        began = time.monotonic()
        answer = self.raw(b"POST /api/v1/users HTTP/1.1\r\nHost: a\r\n"
                          b"Content-Length: 1000000\r\n\r\n{")
        self.assertTrue(answer.startswith(b"HTTP/1.1 401"), answer[:100])
        self.assertLess(time.monotonic() - began, kit.PATIENCE / 2)

    def test_who_sends_such_a_body_whole_is_told_why_it_is_refused(self):
        answer = self.raw(b"POST /api/v1/config/apply HTTP/1.1\r\nHost: a\r\n"
                          b"Content-Length: 4000000\r\n\r\n" + b"#" * 4_000_000)
        self.assertTrue(answer.startswith(b"HTTP/1.1 401"), answer[:100])

    def test_an_office_file_may_be_longer_than_a_thing(self):
        filler = b" " * 2_000_000
        thing = self.server.ask("POST", "/api/v1/users", b'{"extension": "150"' + filler + b"}")
        self.assertEqual(thing.status, 413)
        office = self.server.ask("POST", "/api/v1/config/apply?dry_run=1",
                                 b"tenant: office.example\n#" + filler)
        self.assertEqual(office.status, 200, office)

    def test_what_is_no_http_is_answered_400_and_hung_up_on(self):
        for junk in (b"\x00\xff\x16\x03\x01\r\n\r\n", b"INVITE sip:a SIP/2.0\r\n\r\n",
                     b"GET /healthz\r\n\r\n", b"GET /healthz HTTP/1.1\r\nno colon\r\n\r\n",
                     b"POST /api/v1/explain HTTP/1.1\r\nContent-Length: x\r\n\r\n"):
            answer = self.raw(junk)
            self.assertTrue(answer.startswith(b"HTTP/1.1 400"), (junk, answer[:100]))
            self.assertIn(b"application/problem+json", answer)
        self.assertEqual(self.server.get("/healthz").status, 200)

    def test_answers_forbid_sniffing_and_caching(self):
        reply = self.server.get("/readyz")
        self.assertEqual(reply.header("X-Content-Type-Options"), "nosniff")
        self.assertEqual(reply.header("Cache-Control"), "no-store")

    def test_feature_codes_are_those_of_the_contract(self):
        reply = self.server.get("/api/v1/feature_codes").json()
        codes = {item["name"]: item["code"] for item in reply["items"]}
        self.assertEqual(reply["profile"], "harrier")
        expected = {"redial": "*66", "call_return": "*69", "hot_desk": "*70",
                    "forward_always": "*72", "forward_always_off": "*73", "dnd_on": "*78",
                    "dnd_off": "*79", "dnd": "*76", "mailbox": "*97", "pickup": "**",
                    "pickup_any": "*8", "log_in_out": "*45", "pause": "*46", "rules": "*21",
                    "flag": "*28", "hide_number": "*67", "echo": "*43", "who_am_i": "*65",
                    "this_phone_only": "*55", "record_pause": "*5", "park": "*85"}
        self.assertEqual({name: codes.get(name) for name in expected}, expected)
