"""Calendar files of schedules: uploaded or named, read strictly, kept over a restart."""
import datetime
import os

import kit

OFFICE = """
tenant: office.example
timezone: Europe/Warsaw
users: [{extension: "101", name: Alice, sip: {password: "a"}}]
groups: [{name: Sales, extensions: ["8001"], members: ["101"],
          flags: [{flag: closed, to: {busy: true}}]}]
schedules: [{name: business, open: ["always"]}, {name: days off}]
flags: [{name: closed, schedule: days off}]
"""


def day(offset=0, form="%Y%m%d"):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=offset)).strftime(form)


def calendar(*events):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event, "END:VEVENT"]
    return "\r\n".join(lines + ["END:VCALENDAR", ""])


# Three days around this moment, so that it is on in every time zone.
HOLIDAY = calendar(["DTSTART;VALUE=DATE:" + day(-1), "DTEND;VALUE=DATE:" + day(2), "SUMMARY:Inventory"])
FAR = calendar(["DTSTART;VALUE=DATE:20200501", "RRULE:FREQ=YEARLY;COUNT=2", "SUMMARY:long ago"])


class Calendar(kit.Case):
    OFFICE = OFFICE

    def setUp(self):
        done = self.server.run("apply", self.server.office, "--prune")
        self.assertEqual(done.returncode, 0, done)

    def upload(self, schedule, text):
        path = "/api/v1/schedules/" + schedule
        etag = self.server.get(path).header("ETag")
        return self.server.put(path + "/calendar", text, etag=etag)

    def now(self, schedule):
        return self.server.get("/api/v1/schedules/" + schedule + "?expand=now").json()["now"]

    def test_a_schedule_with_hours_is_closed_while_something_is_on(self):
        self.assertTrue(self.now("business")["open"])
        done = self.upload("business", HOLIDAY)
        self.assertEqual(done.status, 200, done)
        now = self.now("business")
        self.assertEqual((now["open"], now["because"]), (False, "calendar: Inventory"))
        self.assertEqual(self.server.get("/api/v1/schedules/business/calendar").text(), HOLIDAY)
        self.assertEqual(self.upload("business", FAR).status, 200)
        self.assertTrue(self.now("business")["open"])

    def test_a_schedule_without_hours_is_open_then_and_switches_a_flag(self):
        self.assertFalse(self.now("days-off")["open"])
        self.assertEqual(self.upload("days-off", HOLIDAY).status, 200)
        self.assertTrue(self.now("days-off")["open"])
        told = self.server.post("/api/v1/explain", {"number": "8001", "phones": "all"}).json()
        self.assertIn("calendar: Inventory", told["decisions"][0]["because"])

    def test_what_cannot_be_read_is_refused_with_its_line(self):
        for text, line in ((calendar(["SUMMARY:no date"]), "line 4"),
                           (calendar(["DTSTART:20261224", "RRULE:FREQ=HOURLY"]), "line 6"),
                           ("hello", "line 1"), ("", "line 1")):
            with self.subTest(text=text):
                refused = self.upload("business", text)
                self.assertEqual(refused.status, 422, refused)
                error = refused.json()["errors"][0]
                self.assertEqual((error["pointer"], error["code"]), ("/ics", "bad_calendar"))
                self.assertIn(line, error["detail"])
        self.assertEqual(self.server.get("/api/v1/schedules/business").json()["ics"], "")

    def test_a_file_of_the_data_folder_may_be_named_and_nothing_else(self):
        os.makedirs(os.path.join(self.server.data, "calendars"), exist_ok=True)
        with open(os.path.join(self.server.data, "calendars", "own.ics"), "w", encoding="utf-8") as out:
            out.write(HOLIDAY)
        path = "/api/v1/schedules/business"
        for name, status in (("../secrets.key", 422), ("/etc/passwd", 422), ("none.ics", 422),
                             ("calendars/own.ics", 200)):
            etag = self.server.get(path).header("ETag")
            done = self.server.patch(path, {"ics": name}, etag=etag)
            self.assertEqual(done.status, status, done)
        self.assertFalse(self.now("business")["open"])

    def test_a_restart_keeps_it_and_tells_of_a_file_that_is_gone(self):
        self.assertEqual(self.upload("business", HOLIDAY).status, 200)
        name = self.server.get("/api/v1/schedules/business").json()["ics"]
        self.server.stop()
        self.server.start()
        self.assertFalse(self.now("business")["open"])
        self.server.stop()
        os.remove(os.path.join(self.server.data, name))
        self.server.start()
        self.assertTrue(self.now("business")["open"])
        self.assertIn("the calendar " + name, self.server.log())


if __name__ == "__main__":
    kit.unittest.main()
