// Tokens for machines.
#include <string>
#include <utility>

#include "api/fields.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/problem.h"
#include "api/rights.h"
#include "api/router.h"
#include "base/node.h"
#include "store/record_json.h"
#include "store/things.h"

namespace api {

Response list_tokens(const Call& call) {
  const auto tokens = call.backend.tokens();
  if (!tokens) return problem(tokens.error());
  base::Node list = base::Node::empty_list();
  for (const store::ApiToken& token : *tokens) {
    base::Node one = base::Node::empty_map();
    one.set("id", base::Node::text(token.id));
    one.set("name", base::Node::text(token.name));
    one.set("scopes", base::Node::text(token.scopes));
    one.set("created", base::Node::text(store::rfc3339(token.created)));
    list.push(std::move(one));
  }
  base::Node body = base::Node::empty_map();
  body.set("items", std::move(list));
  body.set("next", base::Node::text(""));
  return json(body);
}

Response create_token(const Call& call) {
  Fields fields{call.request.body};
  const std::string name = fields.text("name", 100).value_or("token");
  const std::string scopes = fields.text("scopes", 500).value_or("admin");
  if (const std::string unknown = unknown_scope(scopes); !unknown.empty())
    fields.fault("scopes", "unknown_word", unknown + " is no scope; known are " + known_scopes());
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  const std::string secret = call.backend.create_token(name, scopes);
  if (secret.empty()) return problem(503, "the token could not be stored; try again");
  base::Node out = base::Node::empty_map();
  out.set("name", base::Node::text(name));
  out.set("scopes", base::Node::text(scopes));
  out.set("token", base::Node::text(secret));
  return json(out, 201);
}

Response delete_token(const Call& call) {
  const auto removed = call.backend.remove_token(call.path.at("id"));
  if (!removed) return problem(removed.error());
  if (!*removed) return problem(404, "there is no token " + call.path.at("id"));
  return json_text("", 204);
}

}  // namespace api
