#include "foresight/explain.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "facts/call_record.h"
#include "foresight/detail/first_round.h"
#include "hunt/strategies.h"
#include "hunt/view.h"
#include "model/encode.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"

namespace foresight {

model::Query query_of(const model::Snapshot& snapshot, const Question& question) {
  model::Query query;
  query.dialled = question.number;
  query.number = question.from;
  query.at = question.at;
  query.emergency = question.emergency;
  if (question.from.empty()) {
    query.caller = model::CallerKind::Trusted;
  } else if (const model::User* user = snapshot.user_named(question.from)) {
    query.caller = model::CallerKind::User;
    query.user_id = user->id;
    query.number = user->extension;
  } else {
    query.caller = model::CallerKind::Trunk;
    query.number = snapshot.e164(question.from);
  }
  return query;
}

facts::PlanStory explain(const model::Snapshot& snapshot, const hunt::Presence& presence,
                         const Question& question) {
  const model::Query query = query_of(snapshot, question);
  model::Route route = model::route(snapshot, query);
  facts::PlanStory story = detail::first_round(
      snapshot, presence,
      {.step = route.step, .at = question.at, .seed = question.seed, .caller_user = query.user_id});
  const std::vector<facts::Decision> last = std::move(story.decisions);
  story.decisions.clear();
  story.number = question.number;
  story.from = query.number;
  story.at = model::text_of(question.at);
  story.finally_json = model::json_of(hunt::finally_of(route.step, snapshot));
  for (model::Decision& decision : route.decisions)
    story.decisions.push_back(
        {std::move(decision.what), std::move(decision.because), std::move(decision.setting)});
  if (const auto* refused = std::get_if<model::Refuse>(&route.step)) {
    const std::string code = std::to_string(refused->sip_code);
    if (story.decisions.empty() || !story.decisions.back().what.ends_with(code))
      story.decisions.push_back({"the caller gets " + code, refused->why, ""});
  }
  story.decisions.insert(story.decisions.end(), last.begin(), last.end());
  return story;
}

}  // namespace foresight
