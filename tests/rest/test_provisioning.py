"""Settings of phones: one window, one phone, once; nothing for who guesses."""
import http.client
import os
import xml.etree.ElementTree

import kit

OFFICE = """
tenant: office.example
users:
  - {extension: "101", name: "Alice & Co", sip: {password: "alice-secret"}, mailbox: {pin: "1234"},
     devices: [{id: desk, username: "101-desk", password: "desk<secret", phone: yealink}]}
  - {extension: "102", name: Bob}
groups: [{name: Sales, extensions: ["8001"], members: ["101"]}]
"""
MAC = "001565aabbcc.cfg"


class Provisioning(kit.Case):
    OFFICE = OFFICE

    def open(self, device="desk", user="101", status=201, **body):
        path = "/api/v1/users/%s/devices/%s/provision" % (user, device)
        reply = self.server.post(path, {"server": "127.0.0.1", **body})
        self.assertEqual(reply.status, status, reply)
        return reply.json()

    def fetch(self, url, source="127.0.0.1"):
        """As a phone there does: the status and the file."""
        connection = http.client.HTTPConnection(*self.server.http, timeout=kit.PATIENCE,
                                                source_address=(source, 0))
        try:
            connection.request("GET", "/" + url.split("/", 3)[3])
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def test_a_yealink_fetches_its_account_once(self):
        window = self.open(lamps="8001")
        self.assertEqual((window["phone"], window["port"]), ("yealink", self.server.sip[1]))
        self.assertNotIn("secret", str(window))
        self.assertEqual(self.fetch(window["url"] + "y000000000028.boot")[0], 404)
        status, file = self.fetch(window["url"] + MAC)
        self.assertEqual(status, 200)
        for line in ("account.1.user_name = 101-desk", "account.1.password = desk<secret",
                     "account.1.display_name = Alice & Co",
                     "account.1.sip_server.1.address = office.example",
                     "account.1.outbound_proxy.1.address = 127.0.0.1",
                     "voice_mail.number.1 = *97", "account.1.direct_pickup_code = **",
                     "account.1.blf.blf_list_uri = 8001@office.example"):
            self.assertIn(line, file.splitlines())
        self.assertEqual(self.fetch(window["url"] + MAC)[0], 200)  # phones ask twice
        self.assertEqual(self.fetch(window["url"] + MAC, "127.0.0.2")[0], 404)
        self.assertIn("event=provision.given", self.server.log())

    def test_each_kind_gets_its_own_form(self):
        for phone, name, password in (("grandstream", "cfg000b82aabbcc.xml", "P34"),
                                      ("snom", "snomD785-000413AABBCC.htm", "user_pass"),
                                      ("linphone", "linphone.xml", "entry")):
            window = self.open("sip", phone=phone)
            url = window["url"] if phone == "linphone" else window["url"] + name
            status, file = self.fetch(url)
            self.assertEqual(status, 200, phone)
            root = xml.etree.ElementTree.fromstring(file.encode())
            texts = [node.text for node in root.iter() if node.tag.rpartition("}")[2] == password]
            self.assertIn("alice-secret", texts)
            self.assertIn("Alice & Co", "".join(root.itertext()))

    def test_an_administrators_pattern_is_taken(self):
        folder = os.path.join(self.server.data, "templates")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, "provision-snom.txt")
        with open(path, "w", encoding="utf-8") as out:
            out.write("<s>{username}|{password}</s>\n")
        self.addCleanup(os.remove, path)
        window = self.open(phone="snom")
        self.assertEqual(self.fetch(window["url"] + "000413AABBCC.xml"),
                         (200, "<s>101-desk|desk&lt;secret</s>\n"))

    def test_a_new_window_closes_the_one_before(self):
        first = self.open()
        second = self.open()
        self.assertEqual(self.fetch(first["url"] + MAC, "127.0.0.3")[0], 404)
        self.assertEqual(self.fetch(second["url"] + MAC, "127.0.0.4")[0], 200)

    def test_threat_W13_guessing_gives_nothing(self):
        self.open()
        found = 0
        for number in range(300):
            for path in ("/prov/%012x.cfg", "/prov/guess/%012x.cfg", "/prov/%040x/001565aabbcc.cfg"):
                found += self.fetch("http://x/" + (path % number)[1:], "127.0.0.9")[0] != 404
        self.assertEqual(found, 0)
        self.assertIn("event=provision.refused", self.server.log())
        # Whoever guessed is not even looked at for a while; others are.
        window = self.open()
        self.assertEqual(self.fetch(window["url"] + MAC, "127.0.0.9")[0], 404)
        self.assertEqual(self.fetch(window["url"] + MAC, "127.0.0.10")[0], 200)

    def test_what_is_wrong_is_told(self):
        self.open(user="102", device="sip", phone="yealink", status=409)
        self.open(user="102", device="desk", status=404)
        self.open(user="199", status=404)
        refused = self.open(phone="polycom", minutes=0, lamps="8009", server="a b", status=422)
        self.assertEqual({e["pointer"] for e in refused["errors"]},
                         {"/phone", "/minutes", "/lamps", "/server"})

    def test_action_urls_of_the_phone_keep_its_state_true(self):
        status, file = self.fetch(self.open()["url"] + MAC)
        self.assertEqual(status, 200)
        lines = dict(line.split(" = ", 1) for line in file.splitlines() if " = " in line)
        on, off = lines["action_url.dnd_on"], lines["action_url.dnd_off"]
        hook = on.partition("?")[0]

        def alice():
            return self.server.get("/api/v1/users/101").json()

        self.assertEqual(self.fetch(on), (200, "ok\n"))
        self.assertTrue(alice()["do_not_disturb"])
        self.assertEqual(self.fetch(on), (200, "ok\n"))
        self.assertEqual(self.fetch(off), (200, "ok\n"))
        self.assertFalse(alice()["do_not_disturb"])
        self.assertEqual(self.fetch(hook + "?ev=forward_busy_on&to=102")[0], 200)
        self.assertEqual(alice()["forward"]["busy"], "102")
        self.assertEqual(self.fetch(lines["action_url.busy_fwd_off"])[0], 200)
        self.assertEqual(alice()["forward"]["busy"], "")
        self.assertEqual(self.fetch(hook + "?ev=forward_always_on")[0], 400)
        self.assertEqual(self.fetch(hook + "?ev=forward_always_on&to=no%20body")[0], 422)
        self.assertEqual(self.fetch(hook[:-3] + "xyz?ev=dnd_on", "127.0.0.5")[0], 404)
        # With another password the old address is good for nothing.
        etag = self.server.get("/api/v1/users/101").header("ETag")
        devices = [{"id": "desk", "username": "101-desk", "password": "another", "phone": "yealink"}]
        self.assertEqual(self.server.patch("/api/v1/users/101", {"devices": devices}, etag=etag).status, 200)
        self.assertEqual(self.fetch(on, "127.0.0.6")[0], 404)
        self.server.run("apply", self.server.office)

    def test_a_restart_closes_windows(self):
        window = self.open()
        self.server.stop()
        self.server.start()
        self.assertEqual(self.fetch(window["url"] + MAC)[0], 404)


if __name__ == "__main__":
    kit.unittest.main()
