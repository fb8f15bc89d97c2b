#include "foresight/expectation.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "facts/call_record.h"
#include "foresight/explain.h"
#include "hunt/view.h"
#include "model/encode.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace foresight {
namespace {

using Differences = std::vector<Difference>;

// "6", "1.5"; empty where it is open.
std::string seconds(std::optional<std::int64_t> ms) {
  if (!ms.has_value()) return {};
  std::string out = std::to_string(*ms / 1000);
  if (*ms % 1000 != 0) {
    std::string rest = std::to_string(1000 + *ms % 1000).substr(1);
    rest.erase(rest.find_last_not_of('0') + 1);
    out += "." + rest;
  }
  return out;
}

void add(Differences& out, Difference made, const std::string& what) {
  made.text = what + " " + made.found + ", expected " + made.expected;
  out.push_back(std::move(made));
}

void add_times(Differences& out, Difference made, const std::string& what) {
  const auto said = [](const std::string& s) { return s.empty() ? "without end" : s + " s"; };
  made.text = what + " " + said(made.found) + ", expected " + said(made.expected);
  out.push_back(std::move(made));
}

std::string names_of(const std::vector<facts::PlannedRing>& rings) {
  std::string out;
  for (const facts::PlannedRing& ring : rings) out += (out.empty() ? "" : ", ") + ring.target;
  return out.empty() ? "nobody" : out;
}
std::string names_of(const std::vector<model::Member>& members) {
  std::string out;
  for (const model::Member& member : members) out += (out.empty() ? "" : ", ") + member.target;
  return out.empty() ? "nobody" : out;
}

void compare(const model::Stage& expected, const facts::PlannedStage& found,
             const std::string& number, Differences& out) {
  const std::string stage = "stage " + number;
  if (names_of(expected.ring) != names_of(found.rings)) {
    add(out, {"who", number, names_of(expected.ring), names_of(found.rings), {}}, stage + " rings");
    return;
  }
  for (std::size_t i = 0; i < found.rings.size(); ++i) {
    const model::Member& member = expected.ring[i];
    const facts::PlannedRing& ring = found.rings[i];
    const std::int64_t after = member.after.value_or(base::Duration{0}).count();
    if (after != ring.after_ms)
      add_times(out, {"starts", member.target, seconds(after), seconds(ring.after_ms), {}},
                member.target + " starts at");
    if (member.ring_for.has_value() && member.ring_for->count() != ring.for_ms)
      add_times(
          out,
          {"lasts", member.target, seconds(member.ring_for->count()), seconds(ring.for_ms), {}},
          member.target + " rings for");
  }
  if (expected.ring_for.has_value() && expected.ring_for->count() != found.for_ms)
    add_times(
        out,
        {"stage_lasts", number, seconds(expected.ring_for->count()), seconds(found.for_ms), {}},
        stage + " lasts");
}

}  // namespace

hunt::Presence presence_of(const model::Snapshot& snapshot, const model::SavedTest& test) {
  hunt::Presence made;
  if (test.phones.empty())
    for (const model::User& user : snapshot.office().users) made.users[user.id].devices = 1;
  for (const std::string& name : test.phones)
    if (const model::User* user = snapshot.user_named(name)) made.users[user->id].devices = 1;
  return made;
}

std::vector<Difference> differences(const model::Snapshot& snapshot, const model::SavedTest& test) {
  Question question;
  question.number = test.number;
  question.from = test.from;
  question.at = test.at.value_or(base::WallTime{});
  question.seed = test.seed;
  const facts::PlanStory story = explain(snapshot, presence_of(snapshot, test), question);
  Differences out;
  if (test.stages.size() != story.stages.size())
    add(out,
        {story.stages.empty() ? "rings_nobody" : "stages",
         {},
         std::to_string(test.stages.size()),
         std::to_string(story.stages.size()),
         {}},
        "the number of stages is");
  for (std::size_t s = 0; s < std::min(test.stages.size(), story.stages.size()); ++s)
    compare(test.stages[s], story.stages[s], std::to_string(s + 1), out);
  const std::string finally = model::json_of(test.finally);
  if (!finally.empty() && finally != story.finally_json)
    add(out, {"finally", {}, finally, story.finally_json, {}}, "nobody answers:");
  const std::string last = story.decisions.empty() ? "" : story.decisions.back().what;
  if (!test.leads_to.empty() && test.leads_to != last)
    add(out, {"leads_to", {}, test.leads_to, last, {}}, "the call leads to");
  return out;
}

}  // namespace foresight
