"""The office around the group with real SIP and real RTP: feature codes, lamps, pickup, transfers."""
import re
import time

from phone import Message
from sound import SoundPhone
from world import World

OFFICE = """
tenant: office.example
users:
  - {extension: "101", name: Alice, sip: {password: pw101}}
  - {extension: "102", name: Bob, sip: {password: pw102}}
  - {extension: "103", name: Cora, sip: {password: pw103}}
  - {extension: "104", name: Dave, sip: {password: pw104}}
groups:
  - {name: Sales, extensions: ["600"], strategy: ring_all, timeout: 8, pickup: anyone, members: ["101", "102"], flags: [{flag: night, to: {user: "103"}}]}
flags: [{name: night, code: "*30"}]
"""
SINES = {"101": 1000, "102": 1300, "103": 1700, "104": 600}


class OfficePhone(SoundPhone):
    """Speaks in a call that it talks in only: a phone that rings or was sent away is silent."""

    def _peer(self):
        for message in reversed(self.log):
            port = re.search(r"m=audio (\d+)", message.body)
            call = self.calls.get(message.get("Call-ID"))
            if port and message.method == "INVITE" and call is not None and call.state == "talking":
                return "127.0.0.1", int(port[1])
        return None


class OfficeWorld(World):
    """101 speaks 1000 Hz, 102 1300 Hz, 103 1700 Hz, 104 600 Hz."""

    def __init__(self):
        super().__init__(OFFICE, users=())
        for user, hertz in SINES.items():
            self.phones[user] = OfficePhone(self.server.udp, user, hertz)
            self.phones[user].register()

    def thing(self, path):
        return self.server.api("GET", "/api/v1/" + path)[1]

    def dial_code(self, user, code):
        """Dials, waits for words and for the end of the call."""
        phone = self.phones[user]
        call = phone.call(code)
        phone.wait(lambda: call.state in ("talking", "over"), what=f"an answer to {code}")
        assert call.final == 200, call.final
        phone.wait_for(phone.hears_something, 3, f"hears nothing after {code}")
        phone.wait(lambda: call.state == "over", what=f"the end of {code}")

    def talk(self, caller, callee):
        """`caller` calls `callee`; both hear each other."""
        made = self.phones[caller].call(callee)
        phone = self.phones[callee]
        before = list(phone.calls)
        phone.wait(lambda: any(c.state == "ringing" for c in phone.calls.values()), what="ringing")
        came = [c for c in phone.calls.values() if c.state == "ringing"][-1]
        phone.answer(came)
        self.phones[caller].wait(lambda: made.state == "talking", what="the answer")
        assert before is not None
        return made, came


def subscribe(phone, number):
    """SUBSCRIBE Event: dialog with digest; NOTIFYs stand in the phone's log."""
    uri, call_id, extra = f"sip:{number}@office.example", phone.token(), []
    # The phone answers 481 to NOTIFYs of no call: these belong to something.
    phone.calls[call_id] = _Watching(phone, call_id)
    for cseq in (1, 2):
        before = len(phone.log)
        phone._send(f"SUBSCRIBE {uri} SIP/2.0",
                    [phone._via(), ("Max-Forwards", "70"),
                     ("From", f"<sip:{phone.username}@office.example>;tag={call_id}"),
                     ("To", f"<{uri}>"), ("Call-ID", call_id), ("CSeq", f"{cseq} SUBSCRIBE"),
                     phone.contact(), ("Event", "dialog"), ("Expires", "600")] + extra)
        phone.wait(lambda: any(m.method == "SUBSCRIBE" for m in phone.log[before:]), 5, "an answer")
        answer = [m for m in phone.log[before:] if m.method == "SUBSCRIBE"][-1]
        if answer.code != 401:
            break
        extra = [("Authorization", phone._credentials(answer.get("WWW-Authenticate"), "SUBSCRIBE", uri))]
    assert answer.code == 200, answer.start


class _Watching:
    def __init__(self, phone, call_id):
        self.phone, self.call_id, self.local_tag, self.state = phone, call_id, call_id, "watching"


def dialogs(phone):
    """Bodies of the dialog-info NOTIFYs, oldest first."""
    return [m.body for m in phone.log if isinstance(m, Message) and m.is_request
            and m.method == "NOTIFY" and "dialog-info" in m.body]


def refer(phone, call, target):
    call.cseq += 1
    phone._send(f"REFER {call.target} SIP/2.0",
                [phone._via(), ("Max-Forwards", "70"),
                 ("From", f"<{call.local_uri}>;tag={call.local_tag}"),
                 ("To", f"<{call.remote_uri}>;tag={call.remote_tag}"), ("Call-ID", call.call_id),
                 ("CSeq", f"{call.cseq} REFER"), phone.contact(), ("Refer-To", f"<{target}>")])


def sipfrags(phone):
    return [m.body.split()[1] for m in phone.log
            if m.is_request and m.method == "NOTIFY" and m.body.startswith("SIP/2.0")]


def test_codes_change_the_office_say_so_and_survive_kill_9():
    with OfficeWorld() as world:
        world.dial_code("101", "*78")
        assert world.thing("users/101")["do_not_disturb"] is True
        world.dial_code("101", "*72103")
        assert world.thing("users/101")["forward"]["always"] == "103"
        world.dial_code("102", "*45600")
        assert world.thing("groups/600")["members"][1]["logged_in"] is False
        world.dial_code("102", "*30")
        assert world.thing("flags/night")["on"] is True
        world.server.kill()
        world.server.start()
        world["104"].server = world.server.udp  # another port
        assert world.thing("users/101")["do_not_disturb"] is True
        assert world.thing("flags/night")["on"] is True
        call = world["104"].call("600")
        world["103"].wait_call("ringing")
        world["104"].cancel(call)


def test_row_s1_20_call_return_after_a_missed_group_call_and_redial():
    with OfficeWorld() as world:
        call = world["104"].call("600")
        world["101"].wait_call("ringing")
        world["104"].cancel(call)
        world["101"].wait_call("over")
        back = world["101"].call("*69")
        world["104"].wait(lambda: any(c.state == "ringing" for c in world["104"].calls.values()),
                          what="the call back")
        world["101"].cancel(back)
        again = world["104"].call("*66")
        world["102"].wait(lambda: len(world["102"].calls) == 2, what="the group's call again")
        world["104"].cancel(again)


def test_row_s1_16_a_lamp_shows_the_groups_call_and_its_key_picks_it_up():
    with OfficeWorld() as world:
        subscribe(world["103"], "600")
        world["103"].wait(lambda: len(dialogs(world["103"])) == 1, what="the first state")
        assert 'state="full"' in dialogs(world["103"])[0]
        call = world["104"].call("600")
        world["103"].wait(lambda: "<state>early</state>" in dialogs(world["103"])[-1], what="early")
        shown = dialogs(world["103"])[-1]
        names = {name: re.search(name + r'="([^"]+)"', shown)[1]
                 for name in ("call-id", "local-tag", "remote-tag")}
        picked = world["103"].call("600", extra=[(
            "Replaces", f"{names['call-id']};to-tag={names['local-tag']};from-tag={names['remote-tag']}")])
        world["104"].wait(lambda: call.state == "talking", what="the answer")
        world["104"].wait_for(lambda: world["104"].hears(1700), 3, "does not hear 103")
        world["103"].wait_for(lambda: world["103"].hears(600), 3, "does not hear 104")
        assert "Call completed elsewhere" in world["101"].wait_call("over").reasons[0]
        world["103"].wait(lambda: "<state>terminated</state>" in dialogs(world["103"])[-1], what="end")
        world["103"].hang_up(picked)
        assert world.server.records(1)[0]["answered_by"] == "103"


def test_pickup_by_code_joins_with_sound():
    with OfficeWorld() as world:
        call = world["104"].call("101")
        world["101"].wait_call("ringing")
        picked = world["102"].call("**101")
        world["104"].wait(lambda: call.state == "talking", what="the answer")
        world["104"].wait_for(lambda: world["104"].hears(1300), 3, "does not hear 102")
        world["102"].wait_for(lambda: world["102"].hears(600), 3, "does not hear 104")
        world["102"].hang_up(picked)
        assert world.server.records(1)[0]["answered_by"] == "102"


def test_a_blind_transfer_by_refer_is_heard_and_told():
    with OfficeWorld() as world:
        call, at_101 = world.talk("104", "101")
        refer(world["101"], at_101, "sip:102@office.example")
        world["102"].wait_call("ringing")
        world["104"].wait_for(world["104"].hears_something, 3, "hears nothing meanwhile")
        world["102"].answer(world["102"].wait_call("ringing"))
        world["104"].wait_for(lambda: world["104"].hears(1300), 3, "does not hear 102")
        world["102"].wait_for(lambda: world["102"].hears(600), 3, "does not hear 104")
        world["101"].wait(lambda: sipfrags(world["101"]) == ["100", "200"], what="the sipfrags")
        world["101"].wait(lambda: at_101.state == "over", what="his BYE")
        world["104"].hang_up(call)
        record = world.server.records(1)[0]
        assert record["answered_by"] == "101" and record["final_destination"] == "user 102", record


def test_an_attended_transfer_joins_the_two_others():
    with OfficeWorld() as world:
        call, at_101 = world.talk("104", "101")
        asked, at_102 = world.talk("101", "102")
        refer(world["101"], at_101,
              f"sip:102@office.example?Replaces={asked.call_id}%3Bto-tag%3D{asked.remote_tag}"
              f"%3Bfrom-tag%3D{asked.local_tag}")
        world["104"].wait_for(lambda: world["104"].hears(1300), 3, "does not hear 102")
        world["102"].wait_for(lambda: world["102"].hears(600), 3, "does not hear 104")
        world["101"].wait(lambda: at_101.state == asked.state == "over", what="both his BYEs")
        time.sleep(0.2)
        assert at_102.state == "talking"
        world["104"].hang_up(call)
        world["102"].wait(lambda: at_102.state == "over", what="the end")
        assert len(world.server.records(2)) == 2
