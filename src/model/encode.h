#pragma once
// From the office to a document tree: the export, the bodies of the API, the documents of the
// store. decode(encode(x)) == x.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/node.h"
#include "base/time.h"
#include "model/office.h"
#include "model/thing.h"

namespace model {

// Hidden: secrets are left out. Visible: as they are. Marked: "!encrypted " and what `seal` makes
// of them. Secrets are SIP, web and trunk passwords, PINs and second factors.
enum class Secrets : std::uint8_t { Hidden, Visible, Marked };

struct EncodeOptions {
  Secrets secrets = Secrets::Hidden;
  std::function<std::string(std::string_view secret)> seal;  // REQUIRED for Marked
  bool identity = true;   // write `id` and `revision` (API, store); false for office.yaml
  bool defaults = false;  // write also what equals the default (API); false: only what differs
};

// Keys in the order of docs/contract.md. The whole office is written without identity.
[[nodiscard]] base::Node encode_office(const Office& office, const EncodeOptions& options = {});
[[nodiscard]] base::Node encode_thing(const Thing& thing, const EncodeOptions& options = {});
// `{group: Sales}`; {busy: true} and {hangup: true} for the two without a value; null for None.
[[nodiscard]] base::Node encode_destination(const Destination& destination);
[[nodiscard]] base::Node encode_finally(const Finally& finally);
// The same as one line of JSON, for facts::PlanStory::finally_json; "" when empty.
[[nodiscard]] std::string json_of(const Finally& finally);
[[nodiscard]] std::string json_of(const Destination& destination);

// Seconds as a number: 20, 1.5.
[[nodiscard]] base::Node encode_duration(base::Duration duration);
// RFC 3339 in UTC with milliseconds: "2026-03-01T11:00:00.000Z".
[[nodiscard]] std::string text_of(base::WallTime time);

// The contract's words.
[[nodiscard]] const char* word(DestinationKind kind);
[[nodiscard]] const char* word(Strategy strategy);
[[nodiscard]] const char* word(Confirm confirm);
[[nodiscard]] const char* word(TimerFrom timer_from);
[[nodiscard]] const char* word(RecordPolicy policy);
[[nodiscard]] const char* word(RuleMode mode);
[[nodiscard]] const char* word(Pickup pickup);
[[nodiscard]] const char* word(Decline decline);
[[nodiscard]] const char* word(AdminRole role);

}  // namespace model
