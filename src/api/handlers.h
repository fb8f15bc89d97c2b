#pragma once
// The handlers of the route table, by file.

#include "api/http.h"
#include "api/router.h"

namespace api {

// health.cc
[[nodiscard]] Response get_health(const Call& call);
[[nodiscard]] Response get_ready(const Call& call);
[[nodiscard]] Response get_metrics(const Call& call);
[[nodiscard]] Response get_version(const Call& call);
[[nodiscard]] Response get_openapi(const Call& call);
[[nodiscard]] Response get_system(const Call& call);

// login.cc: setup, logging in and out
[[nodiscard]] Response get_setup(const Call& call);
[[nodiscard]] Response post_setup(const Call& call);
[[nodiscard]] Response post_setup_link(const Call& call);
[[nodiscard]] Response get_session(const Call& call);
[[nodiscard]] Response post_session(const Call& call);
[[nodiscard]] Response delete_session(const Call& call);

// account.cc: one's own account
[[nodiscard]] Response post_password(const Call& call);
[[nodiscard]] Response post_totp(const Call& call);
[[nodiscard]] Response put_totp(const Call& call);
[[nodiscard]] Response delete_totp(const Call& call);
[[nodiscard]] Response list_sessions(const Call& call);
[[nodiscard]] Response end_session(const Call& call);

// admins.cc
[[nodiscard]] Response list_admins(const Call& call);
[[nodiscard]] Response create_admin(const Call& call);
[[nodiscard]] Response get_admin(const Call& call);
[[nodiscard]] Response patch_admin(const Call& call);
[[nodiscard]] Response delete_admin(const Call& call);

// me.cc: what a user does about himself
[[nodiscard]] Response get_me(const Call& call);
[[nodiscard]] Response patch_me(const Call& call);
[[nodiscard]] Response list_my_records(const Call& call);
[[nodiscard]] Response explain_me(const Call& call);
[[nodiscard]] Response put_my_login(const Call& call);
[[nodiscard]] Response delete_my_login(const Call& call);
[[nodiscard]] Response list_my_messages(const Call& call);
[[nodiscard]] Response get_my_message(const Call& call);
[[nodiscard]] Response patch_my_message(const Call& call);
[[nodiscard]] Response delete_my_message(const Call& call);
[[nodiscard]] Response get_my_message_audio(const Call& call);
[[nodiscard]] Response get_my_chain(const Call& call);
[[nodiscard]] Response patch_my_chain(const Call& call);

// calls.cc
[[nodiscard]] Response list_calls(const Call& call);
[[nodiscard]] Response get_call(const Call& call);
[[nodiscard]] Response delete_call(const Call& call);
[[nodiscard]] Response act_on_call(const Call& call);

// call_orders.cc: what is ordered of calls
[[nodiscard]] Response post_call(const Call& call);
[[nodiscard]] Response post_my_call(const Call& call);
[[nodiscard]] Response pick_up_call(const Call& call);
[[nodiscard]] Response transfer_call(const Call& call);
[[nodiscard]] Response get_events(const Call& call);

// records.cc
[[nodiscard]] Response list_records(const Call& call);
[[nodiscard]] Response get_record(const Call& call);
[[nodiscard]] Response get_recording(const Call& call);
[[nodiscard]] Response get_statistics(const Call& call);

// statistics.cc
[[nodiscard]] Response get_group_statistics(const Call& call);

// story.cc
[[nodiscard]] Response get_story(const Call& call);

// simulate.cc
[[nodiscard]] Response post_simulate(const Call& call);

// presence.cc: what is so at this moment
[[nodiscard]] Response post_explain(const Call& call);
[[nodiscard]] Response list_registrations(const Call& call);
[[nodiscard]] Response get_now(const Call& call);
[[nodiscard]] Response get_group_health(const Call& call);

// things.cc: users, groups, numbers, chain, … by the first part of the path
[[nodiscard]] Response list_things(const Call& call);
[[nodiscard]] Response create_thing(const Call& call);
[[nodiscard]] Response get_thing(const Call& call);
[[nodiscard]] Response put_thing(const Call& call);
[[nodiscard]] Response patch_thing(const Call& call);
// removal.cc
[[nodiscard]] Response delete_thing(const Call& call);

// switches.cc: small changes that everybody wants at once
[[nodiscard]] Response put_login(const Call& call);
[[nodiscard]] Response delete_login(const Call& call);
[[nodiscard]] Response put_pause(const Call& call);
[[nodiscard]] Response delete_pause(const Call& call);
[[nodiscard]] Response put_flag_state(const Call& call);

// media_files.cc
[[nodiscard]] Response get_sound_audio(const Call& call);
[[nodiscard]] Response put_sound_audio(const Call& call);
[[nodiscard]] Response speak_sound(const Call& call);
[[nodiscard]] Response test_trunk(const Call& call);

// calendar_files.cc
[[nodiscard]] Response get_calendar(const Call& call);
[[nodiscard]] Response put_calendar(const Call& call);

// messages.cc
[[nodiscard]] Response list_messages(const Call& call);
[[nodiscard]] Response get_message(const Call& call);
[[nodiscard]] Response get_message_audio(const Call& call);
[[nodiscard]] Response patch_message(const Call& call);
[[nodiscard]] Response delete_message(const Call& call);

// office.cc
[[nodiscard]] Response apply_office(const Call& call);
[[nodiscard]] Response export_office(const Call& call);
[[nodiscard]] Response import_chain(const Call& call);
[[nodiscard]] Response export_chain(const Call& call);

// deliveries.cc
[[nodiscard]] Response list_deliveries(const Call& call);
[[nodiscard]] Response resend_delivery(const Call& call);
[[nodiscard]] Response test_webhook(const Call& call);

// imports.cc
[[nodiscard]] Response import_table(const Call& call);

// provisioning.cc
[[nodiscard]] Response provision_device(const Call& call);
[[nodiscard]] Response get_provision_file(const Call& call);

// phone_hooks.cc
[[nodiscard]] Response get_phone_hook(const Call& call);

// answer_links.cc
[[nodiscard]] Response get_answer(const Call& call);

// settings.cc
[[nodiscard]] Response list_feature_codes(const Call& call);
[[nodiscard]] Response get_settings(const Call& call);
[[nodiscard]] Response patch_settings(const Call& call);
[[nodiscard]] Response search(const Call& call);

// sip.cc: the messages of a call
[[nodiscard]] Response get_call_sip(const Call& call);
[[nodiscard]] Response get_call_pcap(const Call& call);

// log.cc
[[nodiscard]] Response list_log(const Call& call);

// bans.cc
[[nodiscard]] Response list_bans(const Call& call);
[[nodiscard]] Response delete_ban(const Call& call);

// tokens.cc
[[nodiscard]] Response list_tokens(const Call& call);
[[nodiscard]] Response create_token(const Call& call);
[[nodiscard]] Response delete_token(const Call& call);

// revisions.cc
[[nodiscard]] Response list_revisions(const Call& call);
[[nodiscard]] Response get_revision(const Call& call);
[[nodiscard]] Response undo_revision(const Call& call);
[[nodiscard]] Response restore_revision(const Call& call);

}  // namespace api
