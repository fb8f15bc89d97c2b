"""The stream of server-sent events: what happens, in order, and again after a broken line."""
import kit
from phone import Phone

OFFICE = """
tenant: office.example
users:
  - {extension: "101", name: Alice, sip: {password: "alice-secret"}}
  - {extension: "102", name: Bob, sip: {password: "bob-secret"}}
groups:
  - {name: Sales, extensions: ["8001"], members: ["101", "102"]}
"""


class Events(kit.Case):
    OFFICE = OFFICE

    def phone(self, behaviour="ring"):
        phone = Phone(self.server.sip, behaviour)
        self.addCleanup(phone.close)
        return phone

    def stream(self, after=None):
        stream = kit.EventStream(self.server, after)
        self.addCleanup(stream.close)
        return stream

    def change(self, name):
        reply = self.server.patch("/api/v1/users/101", {"name": name}, "*")
        self.assertEqual(reply.status, 200, reply)

    def test_the_stream_is_text_event_stream(self):
        head = self.stream().head
        self.assertTrue(head.startswith("HTTP/1.1 200 OK"), head)
        self.assertIn("Content-Type: text/event-stream", head)

    def test_a_call_is_told_from_its_start_to_its_record(self):
        stream = self.stream()
        alice = self.phone()
        self.assertEqual(alice.register("101", "alice-secret").status, 200)
        added = stream.wait_for("registration.added")[0]
        self.assertEqual((added["call"], added["data"]["user"]), ("", "101"))

        caller = self.phone()
        call = caller.call("8001")
        alice.wait_for_request("INVITE")
        call.wait_for_ringing()
        alice.answer()
        call.wait_for_final()
        call.hang_up()
        ended = stream.wait_for("call.ended")[0]
        types = stream.types(ended["call"])
        for kind in ("call.started", "call.attempt.ringing", "call.attempt.ended",
                     "call.answered", "call.ended"):
            self.assertIn(kind, types)
        self.assertEqual(types[0], "call.started")
        self.assertLess(types.index("call.attempt.ringing"), types.index("call.answered"))
        self.assertLess(types.index("call.answered"), types.index("call.ended"))
        self.assertNotIn("call.missed", types)
        self.assertEqual(ended["data"]["record"]["sip_call_id"], call.call_id)
        self.assertEqual(stream.wait_for("call.answered")[0]["data"]["answered_by"], "101")
        ringing = stream.wait_for("call.attempt.ringing")[0]
        self.assertEqual(list(ringing), ["id", "time", "type", "call", "data"])
        self.assertEqual(ringing["data"]["attempt"]["target"], "101")

        alice.register("101", "alice-secret", expires=0)
        gone = stream.wait_for("registration.removed")[0]
        self.assertEqual(gone["data"]["username"], "101")

    def test_a_call_that_nobody_took_is_missed(self):
        bob = self.phone("busy")
        bob.register("102", "bob-secret")
        stream = self.stream()
        caller = self.phone()
        self.assertEqual(caller.call("102").wait_for_final().status, 486)
        missed = stream.wait_for("call.missed")[0]
        self.assertEqual((missed["data"]["dialled"], missed["data"]["outcome"]), ("102", "busy"))
        bob.register("102", "bob-secret", expires=0)

    def test_last_event_id_replays_what_came_after_it_and_nothing_else(self):
        first = self.stream()
        for name in ("Alice A", "Alice B", "Alice C"):
            self.change(name)
        a, b, c = (first.wait_until(self.is_change(name))
                   for name in ("Alice A", "Alice B", "Alice C"))
        again = self.stream(after=a["id"])
        again.wait_until(self.is_change("Alice C"))
        self.assertEqual([event for _, _, event in again.events], [b, c])
        self.change("Alice D")
        again.wait_until(self.is_change("Alice D"))
        self.assertEqual(len(again.events), 3)

    @staticmethod
    def is_change(name):
        return lambda event: event["data"].get("what") == "user %s changed" % name

    def test_ids_grow_and_stand_in_both_places(self):
        stream = self.stream()
        self.change("Alice E")
        self.change("Alice F")
        stream.wait_until(self.is_change("Alice F"))
        ids = [int(outer) for outer, _, _ in stream.events]
        self.assertEqual(ids, sorted(set(ids)))
        self.assertEqual([outer for outer, _, _ in stream.events],
                         [event["id"] for _, _, event in stream.events])
        self.assertEqual([kind for _, kind, _ in stream.events],
                         [event["type"] for _, _, event in stream.events])

    def test_a_reader_that_leaves_is_forgotten(self):
        def subscribers():
            text = self.server.get("/metrics").text()
            line = next(line for line in text.splitlines()
                        if line.startswith("harrier_event_subscribers "))
            return int(line.split(" ")[1])

        def nobody():
            self.change("Alice %d" % kit.time.monotonic_ns())  # writing shows who is gone
            return subscribers() == 0
        kit.eventually(nobody, "no subscriber at first")
        stream = self.stream()
        kit.eventually(lambda: subscribers() == 1, "one subscriber")
        stream.close()
        kit.eventually(nobody, "no subscriber any more")

    def test_more_than_one_reader_gets_every_event(self):
        streams = [self.stream() for _ in range(5)]
        self.change("Alice G")
        events = [stream.wait_until(self.is_change("Alice G")) for stream in streams]
        self.assertEqual(events, [events[0]] * 5)


class TheEnd(kit.Case):
    OFFICE = OFFICE

    def test_open_streams_end_with_the_server_and_do_not_hold_it(self):
        streams = [kit.EventStream(self.server) for _ in range(3)]
        self.assertEqual(self.server.stop(), 0, self.server.log())
        for stream in streams:
            kit.eventually(lambda s=stream: s.ended, "the end of the stream")
            stream.close()
        self.server.start()
        self.assertEqual(self.server.get("/readyz").status, 200)
