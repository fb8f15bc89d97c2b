"""A browser of one person: its cookie, its token against forgery, over HTTP or HTTPS."""
import http.client
import json
import ssl

import kit


class Browser:
    def __init__(self, server, secure=False):
        self.server = server
        self.secure = secure
        self.cookie = ""
        self.csrf = ""

    def ask(self, method, target, body=None, etag=None, headers=None):
        if self.secure:
            trust = ssl.create_default_context()
            trust.check_hostname = False
            trust.verify_mode = ssl.CERT_NONE
            connection = http.client.HTTPSConnection(*self.server.http, timeout=kit.PATIENCE,
                                                     context=trust)
        else:
            connection = http.client.HTTPConnection(*self.server.http, timeout=kit.PATIENCE)
        send = {}
        if self.cookie:
            send["Cookie"] = self.cookie
        if self.csrf:
            send["X-CSRF-Token"] = self.csrf
        if etag:
            send["If-Match"] = etag
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
            send["Content-Type"] = "application/json"
        if isinstance(body, str):
            body = body.encode("utf-8")
        send.update(headers or {})
        try:
            connection.request(method, target, body=body, headers=send)
            answer = connection.getresponse()
            reply = kit.Reply(answer.status, answer.headers, answer.read())
        finally:
            connection.close()
        given = reply.header("Set-Cookie")
        if given:
            self.cookie = given.partition(";")[0]
            if reply.body:
                self.csrf = reply.json()["csrf"]
        return reply

    def get(self, target, **given):
        return self.ask("GET", target, **given)

    def post(self, target, body=None, **given):
        return self.ask("POST", target, body, **given)

    def put(self, target, body=None, **given):
        return self.ask("PUT", target, body, **given)

    def patch(self, target, body, **given):
        return self.ask("PATCH", target, body, **given)

    def delete(self, target, body=None, **given):
        return self.ask("DELETE", target, body, **given)

    def log_in(self, login, password, totp=None):
        body = {"login": login, "password": password}
        if totp:
            body["totp"] = totp
        return self.post("/api/v1/session", body)
