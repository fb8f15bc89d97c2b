"""Asks the server and compares each answer with what the API's description says of it."""
import io
import wave

import jsonschema


class Described:
    def __init__(self, case, server):
        self.case = case
        self.server = server
        self.api = server.get("/api/v1/openapi.json").json()
        self.called = set()

    def operations(self):
        return {(path, method) for path, methods in self.api["paths"].items()
                for method in methods if method != "parameters"}

    def ask(self, method, path, values=None, who=None, query="", body=None, status=None, **given):
        """`path` as the description writes it; `values` for its {names}."""
        target = path
        for name, value in (values or {}).items():
            target = target.replace("{%s}" % name, value)
        reply = (who or self.server).ask(method.upper(), target + query, body, **given)
        operation = self.api["paths"][path][method]
        self.called.add((path, method))
        where = "%s %s: %r" % (method, target, reply)
        if status is not None:
            self.case.assertEqual(reply.status, status, where)
        self.case.assertIn(str(reply.status), operation["responses"], where)
        self.check(reply, operation["responses"][str(reply.status)], where)
        return reply

    def check(self, reply, response, where):
        if "$ref" in response:
            response = self.api["components"]["responses"][response["$ref"].rpartition("/")[2]]
        content = response.get("content", {})
        if not content:
            return
        kind = (reply.header("Content-Type") or "").partition(";")[0]
        self.case.assertIn(kind, content, where)
        schema = content[kind].get("schema")
        if schema and kind.endswith("json"):
            self.validate(reply.json(), schema, where)

    def validate(self, value, schema, where):
        whole = {**schema, "components": self.api["components"]}
        errors = list(jsonschema.Draft202012Validator(whole).iter_errors(value))
        self.case.assertEqual([], ["%s: %s" % (list(e.absolute_path), e.message)
                                   for e in errors][:5], where)


def wav(seconds=1, rate=8000):
    """A WAV file of silence, as bytes."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"\0\0" * rate * seconds)
    return out.getvalue()
