"""Messages of mailboxes over the API: listed, marked, played, deleted with their files."""
import io
import os
import sqlite3
import unittest
import wave

import kit

OFFICE = """
tenant: office.example
users:
  - {extension: "101", name: Alice, sip: {password: "alice-secret"}, mailbox: {pin: "1234"}}
  - {extension: "102", name: Bob, sip: {password: "bob-secret"}}
mailboxes: [{name: general, extension: "900"}]
"""


class Mailboxes(kit.Case):
    OFFICE = OFFICE

    def leave(self, name, box="user/101"):
        """A message as a caller's call leaves it: a file and a row."""
        folder = os.path.join(self.server.data, "media", "messages")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, name + ".wav")
        with wave.open(path, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(b"\0\1" * 8000)
        database = sqlite3.connect(os.path.join(self.server.data, "harrier.db"))
        with database:
            database.execute(
                'INSERT INTO messages(id,box,call,file,"from",from_name,at_ms,length_ms,heard,saved,'
                "handled_by) VALUES(?,?,'c1',?,'+48600100200','Ann',1772366400250,1000,0,0,'')",
                (name, box, "messages/" + name + ".wav"))
        database.close()
        return path

    def ids(self, target):
        return [item["id"] for item in self.server.get(target).json()["items"]]

    def test_pages_of_messages_the_newest_first(self):
        for name in ("p-1", "p-2", "p-3"):
            self.leave(name, "general/general")
        page = self.server.get("/api/v1/mailboxes/900/messages?limit=2").json()
        self.assertEqual([item["id"] for item in page["items"]], ["p-3", "p-2"])
        self.assertEqual(self.ids("/api/v1/mailboxes/general/messages?limit=2&cursor=" +
                                  page["next"]), ["p-1"])
        self.assertEqual(self.ids("/api/v1/mailboxes/general/messages?sort=at&limit=1"), ["p-1"])
        self.check_problem(self.server.get("/api/v1/mailboxes/general/messages?sort=from"), 400)
        self.check_problem(self.server.get("/api/v1/mailboxes/general/messages?cursor=z"), 400)
        self.check_problem(self.server.get("/api/v1/mailboxes/102/messages"), 404)

    def test_a_message_is_marked_and_stays_so_after_a_restart(self):
        self.leave("m-1")
        target = "/api/v1/mailboxes/101/messages/m-1"
        patched = self.server.patch(target, {"saved": True, "handled_by": "102"})
        self.assertEqual(patched.status, 200, patched)
        self.server.kill()
        self.server.start()
        message = self.server.get(target).json()
        self.assertEqual((message["heard"], message["saved"], message["handled_by"]),
                         (True, True, "102"))
        self.assertEqual((message["from"], message["from_name"], message["at"]),
                         ("+48600100200", "Ann", "2026-03-01T12:00:00.250Z"))
        bad = self.check_problem(self.server.patch(target, {"handled_by": "nobody"}), 422)
        self.assertEqual(bad["errors"][0]["pointer"], "/handled_by")

    def test_the_recording_is_played_and_goes_with_its_message(self):
        path = self.leave("a-1")
        target = "/api/v1/mailboxes/101/messages/a-1"
        audio = self.server.get(target + "/audio")
        self.assertEqual((audio.status, audio.header("Content-Type")), (200, "audio/wav"))
        with wave.open(io.BytesIO(audio.body)) as file:
            self.assertEqual(file.getnframes(), 8000)
        self.assertEqual(self.server.delete(target).status, 204)
        self.assertFalse(os.path.exists(path))
        self.check_problem(self.server.get(target), 404)
        self.check_problem(self.server.get(target + "/audio"), 404)
        self.check_problem(self.server.delete(target), 404)

    def test_no_path_of_a_client_reaches_the_file_system(self):
        self.leave("s-1")
        for name in ("..%2f..%2fharrier.db", "%2e%2e", "s-1.wav", "messages%2fs-1.wav"):
            self.check_problem(
                self.server.get("/api/v1/mailboxes/101/messages/" + name + "/audio"), 404)
        database = sqlite3.connect(os.path.join(self.server.data, "harrier.db"))
        with database:
            database.execute("UPDATE messages SET file='../harrier.db' WHERE id='s-1'")
        database.close()
        self.check_problem(self.server.get("/api/v1/mailboxes/101/messages/s-1/audio"), 404)
        self.assertEqual(
            self.server.delete("/api/v1/mailboxes/101/messages/s-1").status, 204)
        self.assertTrue(os.path.exists(os.path.join(self.server.data, "harrier.db")))


if __name__ == "__main__":
    unittest.main()
