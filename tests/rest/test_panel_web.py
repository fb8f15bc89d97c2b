"""The web application's files as the server gives them to browsers."""
import gzip
import os
import re
import shutil
import tempfile

import kit
from browser import Browser

INDEX = ("<!doctype html><meta name=\"csp-nonce\" content=\"{{csp-nonce}}\">"
         "<script type=\"module\" src=\"/assets/index-BQ3x1k9a.js\"></script>")
SCRIPT = "console.log('a page');\n" * 50
HTML = {"Accept": "text/html,application/xhtml+xml"}


class Pages(kit.Case):
    OFFICE = "tenant: office.example\n"

    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.mkdtemp(prefix="harrier-web-")
        cls.addClassCleanup(shutil.rmtree, cls.place)
        cls.web = os.path.join(cls.place, "web")
        os.makedirs(os.path.join(cls.web, "assets"))
        cls.write("index.html", INDEX)
        cls.write("assets/index-BQ3x1k9a.js", SCRIPT)
        cls.write("favicon.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
        with open(os.path.join(cls.web, "assets/index-BQ3x1k9a.js.gz"), "wb") as out:
            out.write(gzip.compress(SCRIPT.encode()))
        os.symlink("/etc/passwd", os.path.join(cls.web, "passwd"))
        program = os.path.join(cls.place, "harrier")
        try:
            os.link(kit.BINARY, program)
        except OSError:
            shutil.copy(kit.BINARY, program)
        before, kit.BINARY = kit.BINARY, program
        try:
            super().setUpClass()
        finally:
            kit.BINARY = before

    @classmethod
    def write(cls, name, text):
        with open(os.path.join(cls.web, name), "w", encoding="utf-8") as out:
            out.write(text)

    def get(self, path, headers=None):
        return Browser(self.server).get(path, headers=headers or {})

    def test_the_page_comes_with_a_strict_policy_and_a_fresh_nonce(self):
        first, second = self.get("/"), self.get("/")
        policy = first.header("Content-Security-Policy")
        nonce = re.search(r"'nonce-([\w-]+)'", policy).group(1)
        self.assertIn('content="%s"' % nonce, first.text())
        self.assertNotIn(nonce, second.header("Content-Security-Policy"))
        self.assertIn("default-src 'none'", policy)
        self.assertIn("frame-ancestors 'none'", policy)
        self.assertNotIn("unsafe", policy)
        self.assertEqual(first.header("Cache-Control"), "no-store")
        for name in ("X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy",
                     "Permissions-Policy", "X-Content-Type-Options"):
            self.assertTrue(first.header(name), name)

    def test_addresses_of_the_application_get_its_page_and_files_that_are_not_there_404(self):
        for path in ("/groups/sales", "/setup?once=x", "/calls/17/story"):
            reply = self.get(path, HTML)
            self.assertEqual(reply.status, 200, path)
            self.assertIn("csp-nonce", reply.text())
        self.check_problem(self.get("/groups/sales"), 404)
        self.check_problem(self.get("/assets/gone.js", HTML), 404)
        self.check_problem(self.get("/api/v1/nothing", HTML), 404)
        self.check_problem(self.get("/passwd", {}), 404)

    def test_hashed_files_are_kept_for_ever_and_sent_compressed(self):
        plain = self.get("/assets/index-BQ3x1k9a.js")
        self.assertEqual(plain.text(), SCRIPT)
        self.assertEqual(plain.header("Content-Type"), "text/javascript; charset=utf-8")
        self.assertIn("immutable", plain.header("Cache-Control"))
        small = self.get("/assets/index-BQ3x1k9a.js", {"Accept-Encoding": "gzip, deflate"})
        self.assertEqual(small.header("Content-Encoding"), "gzip")
        self.assertEqual(gzip.decompress(small.body).decode(), SCRIPT)
        icon = self.get("/favicon.svg")
        self.assertEqual(icon.header("Cache-Control"), "no-cache")
        same = self.get("/favicon.svg", {"If-None-Match": icon.header("ETag")})
        self.assertEqual((same.status, same.body), (304, b""))

    def test_a_new_build_is_seen_at_the_next_request(self):
        self.write("index.html", INDEX + "<p>built again</p>")
        self.assertIn("built again", self.get("/").text())


class NotBuilt(kit.Case):
    OFFICE = "tenant: office.example\n"

    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.mkdtemp(prefix="harrier-web-")
        cls.addClassCleanup(shutil.rmtree, cls.place)
        program = os.path.join(cls.place, "harrier")
        try:
            os.link(kit.BINARY, program)
        except OSError:
            shutil.copy(kit.BINARY, program)
        before, kit.BINARY = kit.BINARY, program
        try:
            super().setUpClass()
        finally:
            kit.BINARY = before

    def test_a_page_says_that_the_pages_were_not_built(self):
        reply = Browser(self.server).get("/", headers=HTML)
        self.assertEqual(reply.status, 503)
        self.assertIn("were not built", reply.text())
        self.check_problem(Browser(self.server).get("/nothing"), 404)
