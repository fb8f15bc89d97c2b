// Addresses that are banned for guessing (docs/admin.md, "Guarding").
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "api/backend.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/listings.h"
#include "api/no_answer.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/address.h"
#include "base/node.h"
#include "config/json.h"
#include "store/record_json.h"

namespace api {

Response list_bans(const Call& call) {
  const auto bans = call.backend.bans();
  if (!bans.has_value()) return problem(503, kNoAnswer);
  Listing listing;
  for (const BannedSource& ban : *bans) {
    base::Node one = base::Node::empty_map();
    one.set("id", base::Node::text(ban.id));
    one.set("source", base::Node::text(ban.source));
    one.set("reason", base::Node::text(ban.reason));
    one.set("since", base::Node::text(store::rfc3339(ban.since)));
    one.set("until", base::Node::text(store::rfc3339(ban.until)));
    one.set("dropped", base::Node::number(static_cast<std::int64_t>(ban.dropped)));
    std::string text = lowered(config::write_json(one));
    listing.push_back({ban.id, std::move(text), std::move(one)});
  }
  const ListQuestion question =
      list_question(call.request.query, {"id", "source", "reason", "since", "until", "dropped"});
  if (!question.trouble.empty()) return problem(400, question.trouble);
  const PageOf page = page_of(listing, question);
  base::Node items = base::Node::empty_list();
  for (const std::size_t place : page.places) items.push(std::move(listing[place].body));
  base::Node body = base::Node::empty_map();
  body.set("items", std::move(items));
  body.set("next", base::Node::text(page.next));
  return json(body);
}

Response delete_ban(const Call& call) {
  const std::string& id = call.path.at("id");
  const auto address = base::IpAddress::parse(id);
  if (!address.has_value()) return problem(404, id + " is not an address");
  const auto lifted = call.backend.lift_ban(*address, call.caller.name);
  if (!lifted) return problem(lifted.error());
  if (!*lifted) return problem(404, id + " is not banned");
  return json_text("", 204);
}

}  // namespace api
