// The story of a call: planned bars beside real ones, a verdict for everybody who was or was not
// rung with the place where its reason is set, and what happened in order.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/handlers.h"
#include "api/http.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/node.h"
#include "base/time.h"
#include "config/json.h"
#include "facts/call_record.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "store/record_json.h"

namespace api {
namespace {

using base::Node;

// A path of this API; empty for what is set nowhere.
std::string setting_of(std::string_view why, const model::User* user, const model::Group* group) {
  const std::string his = user == nullptr ? "" : "users/" + user->id;
  const std::string its = group == nullptr ? "" : "groups/" + group->id;
  if (why == "do_not_disturb" && user != nullptr) return his + "/do_not_disturb";
  if (why == "not_registered" && user != nullptr) return his + "/devices";
  if (why == "not_permitted" && user != nullptr) return his + "/permissions/external";
  if (why == "paused" && user != nullptr && user->paused.on) return his + "/paused";
  if (why == "disabled" && user != nullptr && !user->enabled) return his + "/enabled";
  if (why == "no_trunk") return "trunks";
  if (why == "in_a_call" && group != nullptr) return its + "/skip_busy";
  if ((why == "external_in_page" || why == "page_not_available") && group != nullptr)
    return its + "/strategy";
  for (const char* line : {"logged_out", "paused", "disabled", "unknown", "nested_too_deep",
                           "cycle", "empty_group", "after_the_end"})
    if (why == line && group != nullptr) return its + "/members";
  return {};
}

class Story final {
 public:
  Story(const facts::CallRecord& record, const model::Snapshot& snapshot)
      : record_(record), snapshot_(snapshot) {}

  [[nodiscard]] Node verdicts() const {
    Node list = Node::empty_list();
    for (const facts::Attempt& attempt : record_.attempts) list.push(verdict(attempt));
    for (const facts::SkippedTarget& one : record_.plan.skipped) {
      const bool known = std::ranges::any_of(record_.attempts, [&](const facts::Attempt& attempt) {
        return attempt.target == one.target;
      });
      if (known) continue;
      facts::Attempt left_out;
      left_out.target = one.target;
      left_out.result = facts::AttemptResult::Skipped;
      left_out.why = one.why;
      list.push(verdict(left_out, false));
    }
    return list;
  }

  [[nodiscard]] Node timeline() const {
    std::vector<Moment> moments{{0, "arrived", record_.from, {}}};
    for (const facts::Attempt& attempt : record_.attempts) {
      const std::string& target = attempt.target;
      if (attempt.dialled_at_ms) moments.push_back({*attempt.dialled_at_ms, "dialled", target, {}});
      if (attempt.ringing_at_ms) moments.push_back({*attempt.ringing_at_ms, "ringing", target, {}});
      if (attempt.dialled_at_ms && attempt.ended_at_ms)
        moments.push_back({*attempt.ended_at_ms, "ring_ended", target, word_of(attempt)});
    }
    if (record_.answered)
      moments.push_back({since_start(*record_.answered), "answered", record_.answered_by, {}});
    if (record_.ended)
      moments.push_back({since_start(*record_.ended), "ended", facts::word(record_.ended_by),
                         facts::word(record_.outcome)});
    std::ranges::stable_sort(moments, {}, &Moment::at_ms);
    Node list = Node::empty_list();
    for (const Moment& moment : moments) {
      Node one = Node::empty_map();
      one.set("at_ms", Node::number(moment.at_ms));
      one.set("what", Node::text(moment.what));
      one.set("target", Node::text(moment.target));
      one.set("why", Node::text(moment.why));
      list.push(std::move(one));
    }
    return list;
  }

 private:
  struct Moment {
    std::int64_t at_ms = 0;
    std::string what, target, why;
  };

  [[nodiscard]] std::int64_t since_start(base::WallTime at) const {
    return at.unix_ms - record_.started.unix_ms;
  }
  static std::string word_of(const facts::Attempt& attempt) {
    const std::string result = facts::word(attempt.result);
    return attempt.why.empty() ? result : result + ": " + attempt.why;
  }
  static Node bar(std::optional<std::int64_t> from, std::optional<std::int64_t> to) {
    if (!from.has_value()) return Node::null();
    Node one = Node::empty_map();
    one.set("from_ms", Node::number(*from));
    one.set("to_ms", to.has_value() ? Node::number(*to) : Node::null());
    return one;
  }

  [[nodiscard]] Node verdict(const facts::Attempt& attempt, bool was_planned = true) const {
    const model::User* user = snapshot_.user_by_number(attempt.target);
    const model::Group* group =
        snapshot_.group_named(attempt.path.empty() ? record_.group : attempt.path.back());
    std::optional<std::int64_t> planned_end;
    if (attempt.planned_for_ms) planned_end = attempt.planned_at_ms + *attempt.planned_for_ms;
    Node path = Node::empty_list();
    for (const std::string& name : attempt.path) path.push(Node::text(name));
    Node one = Node::empty_map();
    one.set("target", Node::text(attempt.target));
    one.set("name", Node::text(user != nullptr ? user->name : ""));
    one.set("user", Node::text(user != nullptr ? user->id : ""));
    one.set("path", std::move(path));
    one.set("round", Node::number(attempt.round));
    one.set("stage", Node::number(attempt.stage));
    one.set("result", Node::text(facts::word(attempt.result)));
    one.set("why", Node::text(attempt.why));
    one.set("rang", Node::boolean(attempt.ringing_at_ms.has_value()));
    one.set("planned", was_planned ? bar(attempt.planned_at_ms, planned_end) : Node::null());
    one.set("ringing", bar(attempt.dialled_at_ms, attempt.ended_at_ms));
    one.set("late_ms", attempt.dialled_at_ms
                           ? Node::number(*attempt.dialled_at_ms - attempt.planned_at_ms)
                           : Node::null());
    one.set("setting", Node::text(setting_of(attempt.why, user, group)));
    return one;
  }

  const facts::CallRecord& record_;
  const model::Snapshot& snapshot_;
};

}  // namespace

Response get_story(const Call& call) {
  const auto record = call.backend.record(call.path.at("id"));
  if (!record) return problem(record.error());
  if (!record->has_value()) return problem(404, "there is no record " + call.path.at("id"));
  const auto snapshot = call.backend.snapshot();
  const Story story{**record, *snapshot};
  return json_text("{\"record\":" + store::to_json(**record, true) +
                   ",\"verdicts\":" + config::write_json(story.verdicts()) +
                   ",\"timeline\":" + config::write_json(story.timeline()) + "}");
}

}  // namespace api
