// The calendar files of schedules.
#include <utility>
#include <variant>

#include "api/backend.h"
#include "api/edits.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/problem.h"
#include "api/router.h"
#include "model/edit.h"
#include "model/encode.h"
#include "model/office.h"
#include "model/thing.h"

namespace api {

Response get_calendar(const Call& call) {
  const auto thing = named(*call.backend.snapshot(), model::Kind::Schedule, call.path.at("id"));
  if (!thing.has_value()) return no_such(model::Kind::Schedule, call.path.at("id"));
  const auto& schedule = std::get<model::Schedule>(*thing);
  auto text = call.backend.calendar(schedule.ics);
  if (schedule.ics.empty() || !text.has_value())
    return problem(404, "schedule " + schedule.name + " has no calendar; upload one");
  Response response;
  response.type = "text/calendar";
  response.body = *std::move(text);
  return response;
}

// The file gets a name of its own; what cannot be read is refused with its lines.
Response put_calendar(const Call& call) {
  const auto thing = named(*call.backend.snapshot(), model::Kind::Schedule, call.path.at("id"));
  if (!thing.has_value()) return no_such(model::Kind::Schedule, call.path.at("id"));
  if (auto refused = precondition(call, etag_of(model::revision_of(*thing)),
                                  model::encode_thing(*thing, for_reading())))
    return *std::move(refused);
  auto schedule = std::get<model::Schedule>(*thing);
  auto kept = call.backend.keep_calendar(schedule.id, call.request.body);
  if (!kept) return problem(kept.error());
  schedule.ics = *std::move(kept);
  EditOrder order = order_of(call, model::PutThing{schedule}, change_of(schedule, "changed"));
  order.expected = schedule.revision;
  const auto edited = call.backend.edit(order);
  if (!edited) return problem(edited.error());
  const auto stored = named(*call.backend.snapshot(), model::Kind::Schedule, schedule.id);
  return thing_response(stored.value_or(model::Thing{schedule}), 200, edited->warnings);
}

}  // namespace api
