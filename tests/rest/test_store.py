"""When the database cannot be written: calls go on, readiness says so, nothing is lost."""
import os
import sqlite3

import kit
from phone import Phone

OFFICE = """
tenant: office.example
users:
  - {extension: "101", name: Alice, sip: {password: "alice-secret"}}
groups:
  - {name: Sales, extensions: ["8001"], members: ["101"]}
"""


class LockedDatabase(kit.Case):
    OFFICE = OFFICE

    def setUp(self):
        self.phone = Phone(self.server.sip, "answer")
        self.addCleanup(self.phone.close)
        self.assertEqual(self.phone.register("101", "alice-secret").status, 200)
        self.caller = Phone(self.server.sip)
        self.addCleanup(self.caller.close)

    def lock(self):
        database = sqlite3.connect(os.path.join(self.server.data, "harrier.db"),
                                   isolation_level=None)
        self.addCleanup(database.close)
        database.execute("BEGIN EXCLUSIVE")
        return database

    def whole_call(self):
        call = self.caller.call("8001")
        self.assertEqual(call.wait_for_final().status, 200)
        self.assertEqual(call.hang_up().status, 200)
        return call

    def degraded(self):
        reply = self.server.get("/readyz")
        self.assertEqual(reply.status, 200, reply)
        return reply.json()["degraded"]

    def is_stored(self, call):
        return self.server.get("/api/v1/records/" + call.call_id).status == 200

    def test_calls_go_on_and_their_records_come_later(self):
        database = self.lock()
        first = self.whole_call()
        kit.eventually(lambda: self.degraded() == ["store"], "readiness that names the store")
        second = self.whole_call()
        self.assertFalse(self.is_stored(first))
        self.check_problem(self.server.post("/api/v1/users", {"extension": "102"}), 503)
        self.check_problem(self.server.get("/api/v1/users/102"), 404)
        database.execute("COMMIT")
        kit.eventually(lambda: self.is_stored(first) and self.is_stored(second), "the records")
        kit.eventually(lambda: self.degraded() == [], "readiness without a complaint")
        made = self.server.post("/api/v1/users", {"extension": "102"})
        self.assertEqual(made.status, 201, made)

    def test_records_that_wait_survive_kill_9(self):
        self.lock()
        call = self.whole_call()
        self.assertFalse(self.is_stored(call))
        self.server.kill()
        self.doCleanups()  # the lock is gone, too
        self.server.start()
        kit.eventually(lambda: self.is_stored(call), "the record")

    def test_a_start_with_a_locked_database_serves_calls_and_writes_later(self):
        database = self.lock()
        late = Phone(self.server.sip, "answer")
        self.addCleanup(late.close)
        self.assertEqual(late.register("101", "alice-secret").status, 200)
        first = self.whole_call()
        self.server.kill()
        self.server.start()
        self.assertEqual(self.degraded(), ["store"])
        sources = {item["source"] for item in
                   self.server.get("/api/v1/registrations").json()["items"]}
        self.assertIn("127.0.0.1:%d" % late.port, sources, "in the journal only")
        for phone in (self.phone, late, self.caller):
            phone.server = self.server.sip
        second = self.whole_call()
        self.assertFalse(self.is_stored(first))
        database.execute("COMMIT")
        kit.eventually(lambda: self.is_stored(first) and self.is_stored(second), "the records")
        kit.eventually(lambda: self.degraded() == [], "readiness without a complaint")
