"""Strings that break careless programs: in every field of every thing, in every path, in every query."""
import copy
import json
import re

import kit
from test_panel_api import OFFICE, SECRET, THINGS, V1

# Strings that break careless programs.
NAUGHTY = ("<script>alert(1)</script>", "'; DROP TABLE things; --", "\" onload=\"x",
           "../../etc/passwd", "%00%0d%0aX: y", "a\r\nX-Evil: 1", "\u202etxt.exe", "{{7*7}}",
           "=cmd|' /C calc'!A0", "x" * 5000)

# With what the things of the other test leave out.
FULL = [
    ("users", {"extension": "151", "name": "Ben", "email": "ben@office.example", "aliases": ["ben"],
               "sip": {"username": "ben", "password": "ben-secret"}, "mailbox": {"pin": "4321"},
               "devices": [{"id": "desk", "username": "151-desk", "password": "desk-secret",
                            "phone": "yealink"}],
               "forward": {"busy": "102", "unreachable": "103", "no_answer": {"to": "102"}},
               "rules": [{"name": "work", "when": "business", "callers": ["+48*"],
                          "stages": [{"ring": ["102"], "for": 20}], "finally": {"user": "103"}}]}),
    ("groups", {"name": "Full", "description": "d", "extensions": ["8010"],
                "numbers": ["+48587622888"], "strategy": "stages", "crm_account": "4711",
                "stages": [{"ring": ["101", {"ring": "102", "after": 5}], "for": 20}],
                "caller_id": {"name_prefix": "Full: "}, "ring_melody": "<http://127.0.0.1/low>",
                "action_url": {"ring": "https://crm.example/?tel={caller}"},
                "email": {"missed": ["a@office.example"], "daily": ["b@office.example"]},
                "flags": [{"flag": "night", "to": {"mailbox": "general"}}],
                "finally": {"no_answer": {"mailbox": "general"}, "busy": {"user": "103"}}}),
    ("queues", {"name": "Full", "extension": "602", "members": ["102"], "may_log_in": ["103"],
                "finally": {"group": "Sales"}}),
    ("schedules", {"name": "full", "open": ["Mo-Fr 08:00-16:00", "Sa 10:00-12:00"],
                   "holidays": "pl"}),
    ("tests", {"name": "Full", "number": "8001", "from": "101", "at": "2026-03-02T23:00:00+01:00",
               "phones": ["101"], "expect": {"stages": [{"ring": ["101"]}],
                                             "finally": {"mailbox": "general"}}}),
]
GIVEN = ("id", "revision", "warnings")  # by the server


def leaves(value, path=()):
    """The places of all texts in a thing."""
    if isinstance(value, str):
        yield path
    pairs = (value.items() if isinstance(value, dict)
             else enumerate(value) if isinstance(value, list) else ())
    for key, inner in pairs:
        if path or key not in GIVEN:
            yield from leaves(inner, (*path, key))


def replaced(thing, path, text):
    changed = copy.deepcopy(thing)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = text
    return changed


def at(thing, path):
    for key in path:
        thing = thing[key]
    return thing


class Hostile(kit.Case):
    OFFICE = OFFICE

    def check(self, reply, where):
        self.assertLess(reply.status, 500, where)
        self.assertIsNone(reply.header("X-Evil"), where)
        if reply.status >= 400 and reply.body:
            self.assertEqual(reply.json()["status"], reply.status, where)

    def test_every_text_of_every_thing_is_kept_as_it_is_or_refused(self):
        tried = 0
        for kind, body in [(kind, THINGS[kind][0]) for kind in THINGS] + FULL:
            made = self.server.post(V1 + "/" + kind, body)
            self.assertEqual(made.status, 201, made)
            target = V1 + "/%s/%s" % (kind, kit.quoted(made.json()["id"]))
            thing = {key: value for key, value in self.server.get(target).json().items()
                     if key not in GIVEN}
            for path in leaves(thing):
                for text in NAUGHTY:
                    where = (kind, path, text[:40])
                    reply = self.server.put(target, replaced(thing, path, text), etag="*")
                    self.check(reply, where)
                    tried += 1
                    if reply.status != 200:
                        continue
                    self.assertEqual(at(self.server.get(target).json(), path), text, where)
                    self.assertEqual(self.server.put(target, thing, etag="*").status, 200, where)
            self.assertEqual(self.server.delete(target, etag="*").status, 204, kind)
        self.assertGreater(tried, 1000)

    def test_no_path_of_any_operation_breaks_the_server(self):
        api = self.server.get(V1 + "/openapi.json").json()
        for path, methods in api["paths"].items():
            if "{" not in path:
                continue
            for method in methods:
                if method == "parameters":
                    continue
                for text in NAUGHTY[:-1]:
                    target = re.sub(r"\{\w+\}", lambda _: kit.quoted(text), path)
                    reply = self.server.ask(method.upper(), target, {} if method != "get" else None,
                                            headers={"If-Match": "*"})
                    self.check(reply, (method, target))
                    self.assertGreaterEqual(reply.status, 400, (method, target, reply))

    def test_no_query_of_any_list_breaks_the_server(self):
        api = self.server.get(V1 + "/openapi.json").json()
        for path, methods in api["paths"].items():
            if "{" in path or "get" not in methods or path.endswith("/events"):
                continue
            for parameter in methods["get"].get("parameters", []):
                if parameter["in"] != "query":
                    continue
                for text in NAUGHTY[:-1]:
                    target = "%s?%s=%s" % (path, parameter["name"], kit.quoted(text))
                    self.check(self.server.get(target), target)

    def test_a_key_that_signs_is_never_shown_again(self):
        made = self.server.post(V1 + "/webhooks", {"name": "shop", "url": "http://127.0.0.1:9/",
                                                   "secret": SECRET})
        self.assertEqual(made.status, 201, made)
        for target in ("/webhooks", "/webhooks/shop", "/revisions", "/config/export", "/log"):
            self.assertNotIn(SECRET, self.server.get(V1 + target).text(), target)
        self.assertEqual(self.server.delete(V1 + "/webhooks/shop", etag="*").status, 204)


class BadInput(kit.Case):
    """In some fields, in queries and paths; and bodies that are no JSON."""
    OFFICE = OFFICE

    def test_texts_are_kept_as_they_are_or_refused_and_never_run(self):
        for text in NAUGHTY:
            for body in ({"name": text}, {"description": text}, {"crm_account": text}):
                reply = self.server.patch(V1 + "/groups/sales", body, etag="*")
                self.assertIn(reply.status, (200, 422), (body, reply))
                self.assertNotIn("X-Evil", str(reply.headers))
                if reply.status == 200:
                    key = next(iter(body))
                    self.assertEqual(self.server.get(V1 + "/groups/sales").json()[key], text)
            for target in ("/users?q=", "/records?q=", "/records?group=", "/revisions?who=",
                           "/search?q=", "/users?name=", "/records?cursor="):
                reply = self.server.get(V1 + target + kit.quoted(text))
                self.assertIn(reply.status, (200, 400), (target, text, reply))
            for target in ("/users/", "/records/", "/calls/", "/revisions/", "/tokens/",
                           "/admins/", "/sounds/"):
                reply = self.server.get(V1 + target + kit.quoted(text))
                self.assertIn(reply.status, (404, 405), (target, text, reply))
        self.assertEqual(self.server.get(V1 + "/users").status, 200)

    def test_paths_lead_out_of_no_folder(self):
        for path in ("/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2fx",
                     "/..%5c..%5cwindows", "//etc/passwd", "/assets/%00"):
            reply = self.server.get(path, local=False)
            self.assertIn(reply.status, (400, 404), (path, reply))
            self.assertNotIn(b"root:", reply.body)
        for name in ("../../harrier.db", "/etc/passwd", "..", "sounds/../harrier.db"):
            self.server.patch(V1 + "/sounds/welcome", {"file": name}, etag="*")
            self.check_problem(self.server.get(V1 + "/sounds/welcome/audio"), 404)

    def test_deep_and_broken_json_is_refused(self):
        for body in ("[" * 100_000, "{\"a\":" * 10_000, "\x00", "{\"name\": 1", "null", "[]", "1"):
            reply = self.server.post(V1 + "/groups", body)
            self.assertIn(reply.status, (400, 422), (body[:20], reply))
            json.loads(reply.body)
