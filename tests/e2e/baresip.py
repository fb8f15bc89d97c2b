"""The softphone baresip as user 103, a peer that somebody else wrote."""
import pathlib
import subprocess
import time


class Baresip:
    """Without sound devices; it answers by itself."""

    def __init__(self, world, folder, transport="udp", command="", more=""):
        host, port = world.server.listening[transport]
        (pathlib.Path(folder) / "accounts").write_text(
            f"<sip:103@office.example;transport={transport}>;auth_pass=pw103;answermode=auto;"
            f'outbound="sip:{host}:{port};transport={transport}";regint=60\n')
        (pathlib.Path(folder) / "config").write_text(
            "sip_listen 127.0.0.1:0\nmodule_path /usr/lib/baresip/modules\nmodule g711.so\n"
            "module_app account.so\nmodule_app menu.so\naudio_player aubridge,nil\n"
            "audio_source aubridge,nil\nmodule aubridge.so\n" + more)
        self.process = subprocess.Popen(
            ["baresip", "-f", folder] + (["-e", command] if command else []),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 15
        while not any(item["user"] == "103" for item in
                      world.server.api("GET", "/api/v1/registrations")[1]["items"]):
            assert time.monotonic() < until, "baresip did not register"
            time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(5)
