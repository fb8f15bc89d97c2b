#include "api/answer_links.h"

#include <mutex>
#include <optional>
#include <string>

#include "api/backend.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/time.h"
#include "model/answer_link.h"

namespace api {

bool UsedLinks::use(const std::string& link, base::WallTime until, base::WallTime now) {
  const std::scoped_lock lock(mutex_);
  std::erase_if(used_, [&](const auto& entry) { return entry.second < now; });
  return used_.size() < kMax && used_.emplace(link, until).second;
}

// GET /answer/{secret}: the phones of whom the link is for are asked to answer the call.
Response get_answer(const Call& call) {
  const std::string& source = call.request.peer;
  const base::WallTime now = call.backend.now();
  const Response none = problem(404, "there is nothing here");
  if (call.desk.guard.wait("answer link", source, now).has_value()) return none;
  const auto plain = call.backend.open_secret(model::from_path(call.path.at("secret")));
  const auto link = plain.has_value() ? model::answer_link_from(*plain) : std::nullopt;
  if (!link.has_value()) {
    call.desk.guard.failed("answer link", source, now);
    return none;
  }
  const Response gone = problem(410, "this link was used, or the phone does not ring any more");
  if (link->expires < now || !call.desk.links.use(model::text_of(*link), link->expires, now))
    return gone;
  const auto asked = call.backend.ask_to_answer(link->call, link->user_id);
  if (!asked.has_value()) return problem(asked.error());
  if (!*asked) return gone;
  Response response;
  response.type = "text/plain";
  response.body = "the phone is asked to answer\n";
  return response;
}

}  // namespace api
