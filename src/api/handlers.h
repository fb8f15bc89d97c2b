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

// calls.cc
[[nodiscard]] Response list_calls(const Call& call);
[[nodiscard]] Response get_call(const Call& call);
[[nodiscard]] Response delete_call(const Call& call);
[[nodiscard]] Response get_events(const Call& call);
[[nodiscard]] Response list_records(const Call& call);
[[nodiscard]] Response get_record(const Call& call);
[[nodiscard]] Response post_explain(const Call& call);
[[nodiscard]] Response list_registrations(const Call& call);

// things.cc: users, groups, numbers, chain, … by the first part of the path
[[nodiscard]] Response list_things(const Call& call);
[[nodiscard]] Response create_thing(const Call& call);
[[nodiscard]] Response get_thing(const Call& call);
[[nodiscard]] Response put_thing(const Call& call);
[[nodiscard]] Response patch_thing(const Call& call);
[[nodiscard]] Response delete_thing(const Call& call);

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
[[nodiscard]] Response list_feature_codes(const Call& call);
[[nodiscard]] Response list_tokens(const Call& call);
[[nodiscard]] Response create_token(const Call& call);
[[nodiscard]] Response delete_token(const Call& call);

}  // namespace api
