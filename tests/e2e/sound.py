"""Phones that hear and speak: a sine of its own for each, told apart on the other side; keys by RTP.

Real RTP over loopback. A phone sends 20 ms of PCMU at a time and keeps what it hears, so that a test
asks "which sine, and since when".
"""
import audioop
import math
import pathlib
import re
import socket
import stat
import struct
import threading
import time
import wave

from phone import Phone
from server import Local
from world import ELSEWHERE, World

RATE, FRAME = 8000, 160
OFFICE = """
tenant: office.example
users:
  - {extension: "101", name: Alice, sip: {password: pw101}, mailbox: {pin: "1234"}}
  - {extension: "102", name: Bob, sip: {password: pw102}}
  - {extension: "104", name: Dave, sip: {password: pw104}}
groups:
  - {name: Asked, extensions: ["600"], strategy: ring_all, timeout: 8, confirm: always, members: ["101", "102"]}
  - {name: Kept, extensions: ["601"], strategy: ring_all, timeout: 8, record: "on", members: ["101"]}
  - {name: Held, extensions: ["602"], strategy: ring_all, timeout: 8, caller_hears: music, members: ["101"]}
  - {name: All, extensions: ["603"], strategy: page, timeout: 8, members: ["101", "102", "104"]}
ivrs:
  - {name: "1", extension: "700", greeting: welcome, timeout: 5, keys: {"5": {group: Kept}}, otherwise: {hangup: true}}
  - {name: "2", extension: "701", greeting: spoken, timeout: 5, keys: {"5": {group: Kept}}, otherwise: {hangup: true}}
sounds: [{name: welcome, file: en/hello-world}, {name: spoken, file: prompts/7}]
"""


def loudness_of(samples, hertz):
    """How much of this sine is in 16-bit samples, 0 to 1 (Goertzel)."""
    if not samples:
        return 0.0
    w = 2 * math.pi * hertz / RATE
    coefficient, s1, s2, energy = 2 * math.cos(w), 0.0, 0.0, 0.0
    for sample in samples:
        s1, s2 = sample + coefficient * s1 - s2, s1
        energy += sample * sample
    power = s1 * s1 + s2 * s2 - coefficient * s1 * s2
    return 2 * power / (len(samples) * energy) if energy > 0 else 0.0


def pcm(data):
    return struct.unpack(f"<{len(data) // 2}h", data)


class SoundPhone(Phone):
    """A phone with one stream of audio: `speaks` is its sine in Hz, 0 for silence."""

    def __init__(self, server, username, speaks=0, **more):
        self.rtp = socket.socket(self.family, socket.SOCK_DGRAM)
        self.rtp.bind((self.loopback(), 0))
        self.speaks, self.heard, self.keys = speaks, [], []
        self.hearing = threading.Lock()
        super().__init__(server, username, "pw" + username, "office.example", **more)
        for work in (self._hear, self._speak):
            threading.Thread(target=work, daemon=True).start()

    family = socket.AF_INET

    def loopback(self):
        return "127.0.0.1" if self.family == socket.AF_INET else "::1"

    def sdp(self):
        return super().sdp().replace(f"m=audio {self.port}", f"m=audio {self.rtp.getsockname()[1]}")

    def close(self):
        super().close()
        self.rtp.close()

    # Where it was told to send: by the last description that came.
    def _peer(self):
        for message in reversed(self.log):
            port = re.search(r"m=audio (\d+)", message.body)
            if port and message.method == "INVITE":
                return self.loopback(), int(port[1])
        return None

    def _speak(self):
        sequence, stamp, phase, due = 1, 0, 0, time.monotonic()
        while not self.closed:
            due += 0.02
            time.sleep(max(0, due - time.monotonic()))
            peer = self._peer()
            if peer is None:
                continue
            if self.keys:
                key, left = self.keys[0]
                body = struct.pack("!BBH", "0123456789*#".index(key), 0x80 | 10 if left <= 3 else 10,
                                   FRAME * min(6, 9 - left))
                self.keys[0] = (key, left - 1)
                if left == 1:
                    self.keys.pop(0)
                kind, when = 101, stamp
            else:
                tone = [int(8000 * math.sin(2 * math.pi * self.speaks * (phase + i) / RATE))
                        for i in range(FRAME)]
                phase += FRAME
                stamp += FRAME
                body = audioop.lin2ulaw(struct.pack(f"<{FRAME}h", *tone), 2)
                kind, when = 0, stamp
            packet = struct.pack("!BBHII", 0x80, kind, sequence & 0xFFFF, when, self.port) + body
            sequence += 1
            try:
                self.rtp.sendto(packet, peer)
            except OSError:
                return

    def _hear(self):
        while not self.closed:
            try:
                packet = self.rtp.recv(2048)
            except OSError:
                return
            if len(packet) == 12 + FRAME and packet[1] & 0x7F == 0:
                with self.hearing:
                    self.heard.append((time.monotonic(), audioop.ulaw2lin(packet[12:], 2)))

    def press(self, key):
        """RFC 4733: six packets of the key, three of its end."""
        self.keys.append((key, 9))

    def hears(self, hertz, seconds=0.2):
        """True if the last `seconds` of sound were this sine."""
        with self.hearing:
            last = b"".join(data for _, data in self.heard[-int(seconds * 50):])
        return len(last) >= 0.9 * seconds * RATE * 2 and loudness_of(pcm(last), hertz) > 0.7

    def hears_something(self):
        with self.hearing:
            last = b"".join(data for _, data in self.heard[-25:])
        return len(last) > 0 and audioop.rms(last, 2) > 200

    def wait_for(self, test, seconds, what):
        until = time.monotonic() + seconds
        while not test():
            assert time.monotonic() < until, f"{self.username}: {what} in {seconds} s"
            time.sleep(0.01)


class SoundWorld(World):
    """101 speaks 1000 Hz, 102 1300 Hz, the caller 104 600 Hz."""

    def __init__(self):
        super().__init__(OFFICE, users=())
        for user, hertz in (("101", 1000), ("102", 1300), ("104", 600)):
            self.phones[user] = SoundPhone(self.server.udp, user, hertz)
            self.phones[user].register()

    def messages(self):
        """Of 101's mailbox, the newest first."""
        return self.server.api("GET", "/api/v1/mailboxes/101/messages")[1]["items"]

    def metrics(self):
        return self.server.api("GET", "/metrics")[1]

    def media(self, name):
        return pathlib.Path(self.server.data) / "media" / name


def sines_in(path):
    """Of each channel of a WAV file: the loudest of the three sines, after the first 0.5 s."""
    with wave.open(str(path)) as file:
        assert file.getframerate() == RATE, file.getframerate()
        channels = file.getnchannels()
        samples = pcm(file.readframes(file.getnframes()))
    found = []
    for channel in range(channels):
        own = samples[channel::channels][RATE // 2:]
        found.append(max((600, 1000, 1300), key=lambda hertz: loudness_of(own, hertz)))
    return found


def wait_for_file(path, seconds=5):
    until = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < until, f"{path.name} is not there"
        time.sleep(0.05)


def test_rule_9_key_1_takes_the_call_and_both_hear_each_other():
    with SoundWorld() as world:
        call = world["104"].call("600")
        world["101"].answer(world["101"].wait_call("ringing"))
        world["101"].wait_for(world["101"].hears_something, 3, "hears no question")
        assert call.final == 0, "the caller still rings"
        time.sleep(0.5)  # keys of the first half second do not count
        pressed = time.monotonic()
        world["101"].press("1")
        world["104"].wait(lambda: call.state == "talking", what="the answer")
        world["104"].wait_for(lambda: world["104"].hears(1000), 3, "does not hear 101")
        world["101"].wait_for(lambda: world["101"].hears(600), 3, "does not hear 104")
        since = min(at for at, _ in world["104"].heard)
        assert since - pressed < 0.6, since - pressed  # the key itself takes 180 ms
        world["104"].hang_up(call)
        record = world.server.records(1)[0]
        assert record["answered_by"] == "101", record


def test_row_s1_5_the_mailbox_keeps_what_the_caller_says():
    with SoundWorld() as world:
        call = world["104"].call("101")
        world["101"].refuse(world["101"].wait_call("ringing"), 486)
        world["104"].wait(lambda: call.state == "talking", what="the mailbox's answer")
        world["104"].wait_for(world["104"].hears_something, 3, "hears no greeting")
        world["104"].press("#")  # to the tone at once
        time.sleep(3.0)
        world["104"].hang_up(call)
        record = world.server.records(1)[0]
        assert record["final_destination"] == "mailbox 101" and record["outcome"] == "busy", record
        folder = world.media("messages")
        world["104"].wait_for(lambda: list(folder.glob("*.wav")), 5, "no message is kept")
        message = list(folder.glob("*.wav"))[0]
        assert sines_in(message) == [600]
        assert stat.S_IMODE(message.stat().st_mode) == 0o600


def leave_message(world, seconds=3.0):
    """104 speaks into 101's mailbox; what the API shows of the message."""
    before = len(world.messages())
    call = world["104"].call("101")
    world["101"].refuse(world["101"].wait_call("ringing"), 486)
    world["104"].wait(lambda: call.state == "talking", what="the mailbox's answer")
    world["104"].wait_for(world["104"].hears_something, 3, "hears no greeting")
    world["104"].press("#")
    time.sleep(seconds)
    world["104"].hang_up(call)
    world["104"].wait_for(lambda: len(world.messages()) > before, 5, "no message is listed")
    return world.messages()[0]


def lamp_of(phone):
    """What the last NOTIFY said: "yes 1/0"; "" if none came."""
    for message in reversed(phone.log):
        found = re.search(r"Messages-Waiting: (\w+)\r\n.*Voice-Message: (\S+)", message.body, re.S)
        if message.method == "NOTIFY" and found:
            return f"{found[1]} {found[2]}"
    return ""


def test_a_message_survives_kill_9_and_is_played_by_the_api():
    with SoundWorld() as world:
        message = leave_message(world)
        assert message["from"] == "104" and not message["heard"], message
        assert 1000 < message["length_ms"] < 5000, message
        path = world.media("messages") / (message["id"] + ".wav")
        world.server.kill()
        world.server.start()
        assert world.messages() == [message]
        connection = Local(str(world.server.data / "harrier.sock"))
        connection.request("GET", message["audio"])
        reply = connection.getresponse()
        assert reply.getheader("Content-Type") == "audio/wav"
        assert reply.read() == path.read_bytes()
        assert sines_in(path) == [600]


def test_a_mailbox_by_phone_the_pin_the_message_and_its_deletion():
    with SoundWorld() as world:
        path = world.media("messages") / (leave_message(world)["id"] + ".wav")
        world["101"].wait_for(lambda: lamp_of(world["101"]) == "yes 1/0", 5, "its lamp is dark")
        call = world["101"].call("*97")
        world["101"].wait(lambda: call.state == "talking", what="the mailbox's answer")
        world["101"].wait_for(world["101"].hears_something, 3, "is asked for no PIN")
        for key in "1234#1":
            world["101"].press(key)
            time.sleep(0.3)  # a key of its own: between two keys time goes on
        world["101"].wait_for(lambda: world["101"].hears(600), 30, "does not hear the message")
        world["101"].press("7")
        world["101"].wait_for(lambda: not world.messages(), 5, "it is still there")
        world["101"].wait_for(lambda: lamp_of(world["101"]) == "no 0/0", 5, "its lamp is lit")
        assert not path.exists()
        world["101"].hang_up(call)
        assert world.server.records(2)[1]["dialled"] == "*97"


def test_row_s1_14_a_recording_has_both_voices():
    with SoundWorld() as world:
        call = world["104"].call("601")
        world["101"].answer(world["101"].wait_call("ringing"))
        world["104"].wait_for(lambda: world["104"].hears(1000), 3, "does not hear 101")
        time.sleep(2)
        world["104"].hang_up(call)
        record = world.server.records(1)[0]
        wait_for_file(world.media(record["recording"]))
        assert sines_in(world.media(record["recording"])) == [600, 1000]


def test_row_s1_10_music_before_the_answer_and_the_voice_after_it():
    with SoundWorld() as world:
        call = world["104"].call("602")
        ringing = world["101"].wait_call("ringing")
        world["104"].wait_for(world["104"].hears_something, 3, "hears no music")
        assert call.final == 0
        answered = time.monotonic()
        world["101"].answer(ringing)
        world["104"].wait_for(lambda: world["104"].hears(1000, 0.1), 2, "does not hear 101")
        assert time.monotonic() - answered < 0.5
        assert not [m for m in world["104"].log if m.is_request and m.method == "INVITE"]
        world["104"].hang_up(call)


def test_a_menu_key_leads_to_the_group():
    with SoundWorld() as world:
        call = world["104"].call("700")
        world["104"].wait(lambda: call.state == "talking", what="the menu's answer")
        world["104"].wait_for(world["104"].hears_something, 3, "hears no greeting")
        world["104"].press("5")
        world["101"].answer(world["101"].wait_call("ringing"))
        world["104"].wait_for(lambda: world["104"].hears(1000), 3, "does not hear 101")
        world["104"].hang_up(call)
        assert world.server.records(1)[0]["group"] == "Kept"


def test_row_s1_9_a_page_is_heard_by_all_who_answer_and_ends_with_the_caller():
    with SoundWorld() as world:
        call = world["104"].call("603")
        for user in ("101", "102"):
            invite = world[user].wait_call("ringing").invite
            assert invite.get("Answer-Mode") == "Auto;require", invite.headers
            assert "a=sendonly" in invite.body
        world["101"].answer(world["101"].wait_call("ringing"))
        world["104"].wait(lambda: call.state == "talking", what="the answer")
        world["104"].wait_for(world["104"].hears_something, 2, "hears no beep")
        world["101"].wait_for(lambda: world["101"].hears(600), 3, "does not hear the page")
        world["102"].answer(world["102"].wait_call("ringing"))
        world["102"].wait_for(lambda: world["102"].hears(600), 3, "does not hear the page")
        time.sleep(0.5)
        for user, own in (("101", 1300), ("102", 1000)):
            assert world[user].hears(600) and not world[user].hears(own), user
        assert not world["104"].hears_something(), "nobody is heard by who speaks"
        world["104"].wait_for(lambda: "harrier_rtp_streams 3\n" in world.metrics(), 3, "3 streams")
        assert "harrier_rtp_ports_in_use 3\n" in world.metrics(), world.metrics()
        world["104"].hang_up(call)
        for user in ("101", "102"):
            assert world[user].wait_call("over").reasons == ELSEWHERE
        world["104"].wait_for(lambda: "harrier_rtp_streams 0\n" in world.metrics(), 3, "no stream")
        record = world.server.records(1)[0]
        assert record["outcome"] == "answered", record
        assert [a["result"] for a in record["attempts"]] == ["won", "won", "skipped"], record


def test_echo_by_star_43():
    with SoundWorld() as world:
        call = world["101"].call("*43")
        world["101"].wait(lambda: call.state == "talking", what="the answer")
        world["101"].wait_for(world["101"].hears_something, 10, "hears no explanation")
        world["101"].press("#")
        world["101"].wait_for(lambda: world["101"].hears(1000), 3, "does not hear itself")
        world["101"].hang_up(call)


def test_a_prompt_recorded_by_star_29_greets_who_calls_the_menu():
    with SoundWorld() as world:
        call = world["101"].call("*29")
        world["101"].wait(lambda: call.state == "talking", what="the answer")
        world["101"].wait_for(world["101"].hears_something, 3, "is asked for no PIN")
        for key in "1234#7#":
            world["101"].press(key)
            time.sleep(0.3)
        time.sleep(3.5)  # the prompt and its tone
        time.sleep(2)
        world["101"].press("#")
        time.sleep(0.5)
        world["101"].press("1")
        wait_for_file(world.media("prompts/7.wav"))
        assert sines_in(world.media("prompts/7.wav")) == [1000]
        assert len(list(world.media("prompts").iterdir())) == 1
        world["101"].hang_up(call)
        menu = world["104"].call("701")
        world["104"].wait(lambda: menu.state == "talking", what="the menu's answer")
        world["104"].wait_for(lambda: world["104"].hears(1000), 4, "does not hear the prompt")
        world["104"].hang_up(menu)
