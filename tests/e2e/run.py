#!/usr/bin/env python3
"""End to end: the real server, real sockets, real time. run.py [--report FILE] [--only WORD] [--short]

Each function test_… is one test; those in SHORT run under the sanitizers too.
"""
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import xml.etree.ElementTree as ET

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from crash import (  # noqa: E402
    test_a_second_sigterm_ends_it_at_once,
    test_goal_g5_after_kill_9_it_is_back_in_two_seconds_and_nothing_is_missing,
    test_goal_g5_kills_at_any_moment_lose_and_double_no_record,
    test_goal_g6_after_the_drain_what_is_left_is_ended_politely,
    test_goal_g6_while_draining_nothing_new_begins_and_all_that_runs_goes_on)
from guard import (  # noqa: E402
    test_goal_g20_an_account_is_locked_for_guessers_and_open_for_its_own_phone,
    test_goal_g14_what_a_stranger_sends_lets_nobody_in_and_disturbs_nobody,
    test_goal_g19_a_stranger_gets_one_answer_of_at_most_twice_the_size,
    test_threat_t18_one_address_cannot_take_all_connections,
    test_threat_t2_a_wrong_password_and_an_unknown_name_take_the_same_time,
    test_threat_t3_guessing_ends_in_a_ban_that_is_seen_told_and_lifted,
    test_threat_t6_good_calls_beside_a_flood_lose_nothing_and_memory_stays)
from mail import (  # noqa: E402
    test_a_call_that_the_caller_gave_up_is_told_in_polish,
    test_a_dead_mail_server_and_kill_9_lose_no_mail,
    test_a_message_comes_by_mail_with_its_recording,
    test_an_address_that_is_refused_holds_up_no_other,
    test_row_s1_12_a_missed_call_is_told_once_to_each_address,
    test_row_s1_13_the_day_that_ended_while_nobody_ran_is_told_with_its_calls)
from baresip import Baresip  # noqa: E402
from browser import test_a_browser_speaks_sip_over_websocket_from_our_host_only  # noqa: E402
from ipv6 import (  # noqa: E402
    test_a_call_from_ipv6_to_ipv4_is_heard_both_ways,
    test_phones_on_ipv6_register_call_and_answer,
    test_rfc5626_stun_on_the_sip_port_tells_the_address_in_both_families)
from malformed import test_wire_e3_malformed_requests_get_400_and_garbage_nothing  # noqa: E402
from names import (  # noqa: E402
    test_rfc3263_a_trunks_name_leads_by_naptr_and_srv_and_past_a_dead_server)
from office import (  # noqa: E402
    test_a_blind_transfer_by_refer_is_heard_and_told,
    test_an_attended_transfer_joins_the_two_others,
    test_codes_change_the_office_say_so_and_survive_kill_9,
    test_pickup_by_code_joins_with_sound,
    test_row_s1_16_a_lamp_shows_the_groups_call_and_its_key_picks_it_up,
    test_row_s1_20_call_return_after_a_missed_group_call_and_redial)
from phone import Phone  # noqa: E402
from secure import (  # noqa: E402
    test_a_certificate_is_read_again_on_sighup_and_open_connections_stay,
    test_a_websocket_phone_rings_in_a_group_and_answers,
    test_baresip_answers_over_tls,
    test_sips_is_answered_with_sips,
    test_the_start_says_what_is_wrong_with_a_certificate,
    test_the_start_warns_of_a_trunk_that_no_socket_leads_to,
    test_wire_e6_a_renegotiation_is_refused,
    test_wire_e6_a_trunk_with_the_wrong_name_or_an_old_certificate_gets_no_call,
    test_wire_t18_cut_handshakes_leave_the_server_as_it_was,
    test_wire_w1_a_page_from_elsewhere_opens_no_websocket)
from server import Server  # noqa: E402
from sound import (  # noqa: E402
    test_a_mailbox_by_phone_the_pin_the_message_and_its_deletion,
    test_a_menu_key_leads_to_the_group,
    test_a_prompt_recorded_by_star_29_greets_who_calls_the_menu,
    test_echo_by_star_43,
    test_a_message_survives_kill_9_and_is_played_by_the_api,
    test_row_s1_9_a_page_is_heard_by_all_who_answer_and_ends_with_the_caller,
    test_row_s1_5_the_mailbox_keeps_what_the_caller_says,
    test_row_s1_10_music_before_the_answer_and_the_voice_after_it,
    test_row_s1_14_a_recording_has_both_voices,
    test_rule_9_key_1_takes_the_call_and_both_hear_each_other)
from watch import (  # noqa: E402
    test_a_capture_server_gets_every_message_and_one_that_is_dead_costs_nothing,
    test_the_messages_of_a_call_are_shown_with_all_its_legs_and_without_secrets)
from texts import test_row_s1_20_a_text_waits_through_kill_9_for_a_phone, wait_for_log  # noqa: E402
from vanish import (  # noqa: E402
    test_wire_e4_a_member_who_vanishes_is_passed_over_in_time_and_not_tried_again)
from world import ELSEWHERE, OFFICE, NotHere, World, wait_for_port  # noqa: E402


def invite_gap(first, second):
    return second.requests("INVITE")[0].at - first.requests("INVITE")[0].at


def test_ring_all_connects_the_first_and_tells_the_others_where():
    with World() as world:
        call = world["104"].call("600")
        world["101"].wait_call("ringing")
        world["103"].wait_call("ringing")
        world["102"].answer(world["102"].wait_call("ringing"))
        world["104"].wait(lambda: call.state == "talking", what="the answer")
        assert world["101"].wait_call("over").reasons == ELSEWHERE
        assert world["103"].wait_call("over").reasons == ELSEWHERE
        world["104"].hang_up(call)
        world["102"].wait_call("over")
        record = world.server.records(1)[0]
        assert record["outcome"] == "answered" and record["answered_by"] == "102", record
        assert record["from"] == "104" and record["dialled"] == "600" and record["group"] == "All"
        results = sorted(a["result"] for a in record["attempts"])
        assert results == ["answered_elsewhere", "answered_elsewhere", "won"], results
        assert all(a["dialled_at_ms"] is not None for a in record["attempts"])


def test_caller_cancels_and_all_phones_stop_without_completed_elsewhere():
    with World() as world:
        call = world["104"].call("600")
        world["102"].wait_call("ringing")
        world["104"].wait(lambda: call.state == "ringing", what="180")
        world["104"].cancel(call)
        for user in ("101", "102", "103"):
            assert world[user].wait_call("over").reasons == ["Q.850;cause=16"]
        world["104"].wait(lambda: call.final == 487, what="487")
        assert world.server.records(1)[0]["outcome"] == "abandoned"


def test_nobody_answers_and_the_caller_gets_480_with_cause_19():
    with World() as world:
        call = world["104"].call("600")
        world["104"].wait(lambda: call.final == 480, 8, "480")
        assert call.reasons == ["Q.850;cause=19"]
        assert world["101"].wait_call("over").reasons == ["Q.850;cause=19"]
        assert world.server.records(1)[0]["outcome"] == "no_answer"


def _one_after_another(number, world):
    call = world["104"].call(number)
    world["104"].wait(lambda: call.final == 480, 8, "480")
    first, second = sorted((world["101"], world["102"]), key=lambda p: p.requests("INVITE")[0].at)
    assert 0.9 <= invite_gap(first, second) <= 1.3, invite_gap(first, second)
    return first.username


def test_every_one_after_another_strategy_once():
    with World() as world:
        for count, number in enumerate(("601", "602", "603", "604", "605", "606"), 1):
            for phone in world.phones.values():
                phone.log.clear()
                phone.calls.clear()
            first = _one_after_another(number, world)
            if number in ("601", "606"):
                assert first == "101", (number, first)
            assert world.server.records(count)[-1]["dialled"] == number


def test_round_robin_begins_at_the_next_one_each_time():
    with World() as world:
        firsts = []
        for _ in range(2):
            for phone in world.phones.values():
                phone.log.clear()
                phone.calls.clear()
            firsts.append(_one_after_another("603", world))
        assert firsts[0] != firsts[1], firsts


def test_staggered_and_rollover_join_and_ring_on():
    with World() as world:
        for number in ("607", "608"):
            for phone in world.phones.values():
                phone.log.clear()
                phone.calls.clear()
            call = world["104"].call(number)
            world["102"].wait_call("ringing")
            assert 0.9 <= invite_gap(world["101"], world["102"]) <= 1.3
            assert world["101"].wait_call("ringing")
            world["104"].wait(lambda c=call: c.final == 480, 8, "480")


def test_stages_keep_who_is_in_both():
    with World() as world:
        call = world["104"].call("609")
        world["102"].wait_call("ringing")
        world["104"].wait(lambda: call.final == 480, 8, "480")
        assert len({m.get("Call-ID") for m in world["101"].requests("INVITE")}) == 1
        assert 0.9 <= invite_gap(world["101"], world["102"]) <= 1.3


def test_chain_by_service_number_and_t_suffix():
    with World() as world:
        call = world["104"].call("800.8001")
        world["104"].wait(lambda: call.final == 480, 8, "480")
        assert 0.9 <= invite_gap(world["101"], world["102"]) <= 1.3
        world["102"].log.clear()
        call = world["104"].call("101T")
        world["104"].wait(lambda: call.final == 480, 8, "480")
        assert not world["102"].requests("INVITE")


def test_a_200_that_crosses_the_cancel_wins_and_the_next_one_stops():
    with World() as world:
        world["101"].crosses_cancel = True
        call = world["104"].call("601")
        world["104"].wait(lambda: call.state == "talking", what="the answer")
        talking = world["101"].wait_call("talking")
        assert talking.reasons == ["Q.850;cause=19"], talking.reasons
        if world["102"].calls:
            assert world["102"].wait_call("over").reasons == ELSEWHERE
        world["104"].hang_up(call)
        record = world.server.records(1)[0]
        assert (record["outcome"], record["answered_by"]) == ("answered", "101"), record


def test_busy_and_declining_members_take_no_time():
    with World() as world:
        world["101"].refuses_with, world["102"].refuses_with = 486, 603
        call = world["104"].call("601")
        world["104"].wait(lambda: call.final == 486, 1, "486")
        assert call.reasons == ["Q.850;cause=17"], call.reasons
        record = world.server.records(1)[0]
        assert record["outcome"] == "busy", record
        assert [a["result"] for a in record["attempts"]] == ["busy", "declined"]


def test_a_silent_phone_holds_nobody_up():
    with World() as world:
        world["101"].silent = True
        call = world["104"].call("600")
        world["103"].answer(world["103"].wait_call("ringing"))
        world["104"].wait(lambda: call.state == "talking", 2, "the answer")
        assert not world["101"].requests("CANCEL"), "no CANCEL before a 1xx (RFC 3261 9.1)"
        world["104"].hang_up(call)
        assert world.server.records(1)[0]["answered_by"] == "103"


def test_strangers_get_401_and_an_outside_caller_no_trunk():
    office = OFFICE + """
trunks:
  - {name: carrier, uri: "sip:127.0.0.9:5099", allow_from: ["127.0.0.9"]}
"""
    with World(office) as world:
        stranger = Phone(world.server.udp, "nobody", "wrong", "office.example")
        world.phones["stranger"] = stranger
        call = stranger.call("600")
        stranger.wait(lambda: call.final == 401, what="401")
        outside = Phone(world.server.udp, "+48600100200", "", "office.example", "127.0.0.9")
        world.phones["outside"] = outside
        call = outside.call("+48123456789")
        outside.wait(lambda: call.final in (401, 403, 404), what="a refusal")
        assert not world["101"].requests("INVITE")


def test_finally_group_is_one_call_with_one_record():
    with World() as world:
        call = world["104"].call("610")
        world["102"].answer(world["102"].wait_call("ringing", 8))
        world["104"].wait(lambda: call.state == "talking", what="the answer")
        world["104"].hang_up(call)
        record = world.server.records(1)[0]
        assert record["group"] == "All" or record["group"] == "Chained", record
        assert record["answered_by"] == "102"


def test_two_phones_of_one_user_both_ring():
    with World() as world:
        second = world.phone("103", "127.0.0.2")
        world.phones["second"] = second
        second.register()
        call = world["104"].call("103")
        world["103"].wait_call("ringing")
        second.answer(second.wait_call("ringing"))
        world["104"].wait(lambda: call.state == "talking", what="the answer")
        assert world["103"].wait_call("over").reasons == ELSEWHERE
        world["104"].hang_up(call)
        assert len(world.server.records(1)[0]["attempts"]) == 1


def test_wrong_password_and_unknown_user_look_alike_and_foreign_domain_is_403():
    with World() as world:
        answers = []
        for user, password in (("101", "wrong"), ("999", "pw999")):
            phone = Phone(world.server.udp, user, password, "office.example")
            world.phones[user + password] = phone
            answers.append(phone.register(expect=401))
        names = [[name for name, _ in answer.headers] for answer in answers]
        assert names[0] == names[1] and answers[0].start == answers[1].start
        stranger = Phone(world.server.udp, "101", "pw101", "other.example")
        world.phones["stranger"] = stranger
        stranger.register(expect=403)


def test_unknown_number_is_404_with_a_record():
    with World() as world:
        call = world["104"].call("999")
        world["104"].wait(lambda: call.final == 404, what="404")
        assert world.server.records(1)[0]["sip_code"] == 404


def test_kill_9_keeps_registrations_and_records_and_marks_what_was_cut():
    world = World()
    with world:
        done = world["104"].call("601")
        world["101"].answer(world["101"].wait_call("ringing"))
        world["104"].wait(lambda: done.state == "talking", what="the answer")
        world["104"].hang_up(done)
        world.server.records(1)
        cut = world["104"].call("600")
        world["103"].answer(world["103"].wait_call("ringing"))
        world["104"].wait(lambda: cut.state == "talking", what="the answer")
        world.server.kill()
        old = world.server.udp
        again = Server(OFFICE, world.server.folder,
                       f'sip: {{listen: ["udp://127.0.0.1:{old[1]}"]}}\nhttp: {{listen: "127.0.0.1:0"}}\n')
        again.start()
        world.server = again
        outcomes = [record["outcome"] for record in again.records(2)]
        assert outcomes == ["answered", "interrupted"], outcomes
        interrupted = again.records(2)[1]
        assert interrupted["ended"] == interrupted["answered"] is not None, interrupted
        assert len(again.api("GET", "/api/v1/registrations")[1]["items"]) == 4
        before = len(world["104"].log)
        world["104"].hang_up(cut)
        world["104"].wait(lambda: any(m.code == 481 for m in world["104"].log[before:]), 5, "481")
        call = world["104"].call("102")
        world["102"].wait_call("ringing", nth=1)
        world["104"].wait(lambda: call.state == "ringing", what="180")
        world["104"].cancel(call)


def test_port_or_data_folder_in_use_is_one_clear_line():
    with World() as world:
        port = world.server.udp[1]
        second = Server(OFFICE, None, f'sip: {{listen: ["udp://127.0.0.1:{port}"]}}\n'
                                      'http: {listen: "127.0.0.1:0"}\n').start(expect_ready=False)
        assert second.process.returncode == 1
        assert f"udp 127.0.0.1:{port} is in use" in "".join(second.errors), second.errors
        shutil.rmtree(second.folder)
        third = Server(OFFICE, world.server.folder)
        third.start(expect_ready=False)
        assert third.process.returncode == 1
        assert "in use by another Harrier" in "".join(third.errors), third.errors


def test_sigterm_drains_and_ends_with_0():
    with World() as world:
        call = world["104"].call("600")
        world["102"].answer(world["102"].wait_call("ringing"))
        world["104"].wait(lambda: call.state == "talking", what="the answer")
        world.server.stop()
        world["102"].wait_call("over", 5)


def test_sipp_as_a_trunk_with_digest_takes_an_external_member():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    office = OFFICE + f"""
trunks:
  - {{name: carrier, uri: "sip:127.0.0.1:{port}", username: harrier, password: secret, allow_from: ["127.0.0.9"]}}
"""
    scenario = pathlib.Path(__file__).resolve().parent / "trunk_uas.xml"
    with World(office) as world, tempfile.TemporaryDirectory() as folder:
        sipp = subprocess.Popen(["sipp", "-sf", scenario, "-i", "127.0.0.1", "-p", str(port), "-m", "1",
                                 "-nostdin", "-timeout", "20", "-trace_err"], cwd=folder,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_port(port)
        call = world["104"].call("611")
        world["104"].wait(lambda: call.state == "talking", 10, "the trunk's answer")
        world["104"].hang_up(call)
        assert sipp.wait(20) == 0, "sipp saw something that its scenario does not allow"
        assert world.server.records(1)[0]["answered_by"] == "+48123456789"


def _baresip_is_called(transport):
    with World(users=("101", "102", "104")) as world, tempfile.TemporaryDirectory() as folder, \
            Baresip(world, folder, transport):
        call = world["104"].call("600")
        world["104"].wait(lambda: call.state == "talking", 10, "baresip's answer")
        assert world["101"].wait_call("over").reasons == ELSEWHERE
        world["104"].hang_up(call)
        assert world.server.records(1)[0]["answered_by"] == "103"


def test_baresip_answers_a_group_call():
    _baresip_is_called("udp")


def test_baresip_answers_over_tcp():
    _baresip_is_called("tcp")


def test_baresip_calls_a_group():
    with World(users=("101", "102", "104")) as world, tempfile.TemporaryDirectory() as folder, \
            Baresip(world, folder, command="/dial sip:601@office.example"):
        call = world["101"].wait_call("ringing")
        world["101"].answer(call)
        world["101"].wait(lambda: call.acked, what="the ACK")
        world["101"].hang_up(call)
        record = world.server.records(1)[0]
        assert (record["from"], record["answered_by"], record["ended_by"]) == ("103", "101", "callee")


def test_row_s1_20_baresip_takes_a_text():
    with World(users=("101",)) as world, tempfile.TemporaryDirectory() as folder, \
            Baresip(world, folder):
        assert world["101"].message("103", "Hello").code == 202
        wait_for_log(world.server, "reason=delivered")


def test_commands_draw_and_check():
    with World() as world:
        call = world["104"].call("601")
        world["101"].answer(world["101"].wait_call("ringing"))
        world["104"].wait(lambda: call.state == "talking", what="the answer")
        world["104"].hang_up(call)
        world.server.records(1)
        for arguments in (("explain", "607", "--from", "104"), ("trace", "last"), ("calls",)):
            status, out, err = world.server.harrier(*arguments)
            assert status == 0 and out, (arguments, err)
        assert "101" in world.server.harrier("trace", "last")[1]
        status, out, _ = world.server.harrier("export")
        assert status == 0 and "strategy: staggered" in out
        bad = world.server.folder / "bad.yaml"
        bad.write_text("tenant: office.example\ngroups:\n  - name: A\n    timeot: 3\n")
        done = subprocess.run([world.server.process.args[0], "check", bad], capture_output=True,
                              text=True, check=False)
        assert done.returncode == 1 and ":4:5: error:" in done.stdout and "timeout" in done.stdout, done.stdout


SHORT = [test_rule_9_key_1_takes_the_call_and_both_hear_each_other,
         test_a_200_that_crosses_the_cancel_wins_and_the_next_one_stops,
         test_strangers_get_401_and_an_outside_caller_no_trunk,
         test_baresip_answers_over_tcp,
         test_ring_all_connects_the_first_and_tells_the_others_where,
         test_caller_cancels_and_all_phones_stop_without_completed_elsewhere,
         test_wrong_password_and_unknown_user_look_alike_and_foreign_domain_is_403,
         test_wire_e3_malformed_requests_get_400_and_garbage_nothing,
         test_goal_g14_what_a_stranger_sends_lets_nobody_in_and_disturbs_nobody,
         test_threat_t3_guessing_ends_in_a_ban_that_is_seen_told_and_lifted,
         test_kill_9_keeps_registrations_and_records_and_marks_what_was_cut,
         test_sigterm_drains_and_ends_with_0]


def main():
    arguments = sys.argv[1:]
    tests = SHORT if "--short" in arguments else [
        value for name, value in globals().items() if name.startswith("test_")]
    if "--only" in arguments:
        word = arguments[arguments.index("--only") + 1]
        tests = [test for test in tests if word in test.__name__]
    suite = ET.Element("testsuite", name="e2e")
    failures = skipped = 0
    for test in tests:
        case = ET.SubElement(suite, "testcase", classname="e2e", name=test.__name__)
        began = time.monotonic()
        try:
            test()
            verdict = "ok"
        except NotHere as why:
            skipped += 1
            verdict = f"SKIPPED: {why}:"
            ET.SubElement(case, "skipped").text = str(why)
        except Exception:  # noqa: BLE001 - every failure is reported, whatever it is
            failures += 1
            verdict = "FAILED"
            ET.SubElement(case, "failure").text = traceback.format_exc()
            traceback.print_exc()
        print(f"{verdict:6} {test.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
    if "--report" in arguments:
        report = pathlib.Path(arguments[arguments.index("--report") + 1])
        report.parent.mkdir(parents=True, exist_ok=True)
        root = ET.Element("testsuites", tests=str(len(tests)), failures=str(failures))
        root.append(suite)
        ET.ElementTree(root).write(report)
    not_here = f", {skipped} skipped" if skipped else ""
    print(f"{len(tests) - failures - skipped} passed, {failures} failed{not_here}")
    return 1 if failures or not tests else 0


if __name__ == "__main__":
    sys.exit(main())
