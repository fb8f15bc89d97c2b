// The office's own settings, its feature codes, and the search over all things.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "api/backend.h"
#include "api/edits.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/listings.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/node.h"
#include "config/json.h"
#include "model/decode.h"
#include "model/edit.h"
#include "model/encode.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/thing.h"

namespace api {
namespace {

constexpr std::array<std::string_view, 8> kKeys{"tenant", "timezone", "country",  "language",
                                                "music",  "record",   "max_hunt", "feature_codes"};

// The settings as the office file writes them, without its lists and accounts.
base::Node settings_node(const model::Office& office) {
  const base::Node all =
      model::encode_office(model::settings_of(office), {model::Secrets::Hidden, {}, false, true});
  base::Node body = base::Node::empty_map();
  for (const std::string_view key : kKeys) {
    const base::Node* found = all.find(key);
    body.set(std::string{key}, found != nullptr ? *found : base::Node::empty_map());
  }
  return body;
}

Response settings_response(const model::Office& office, const model::Findings& warnings) {
  base::Node body = settings_node(office);
  const std::string etag = etag_of(body);
  if (!warnings.empty()) body.set("warnings", findings_node(warnings));
  Response response = json(body);
  response.headers.emplace_back("ETag", etag);
  return response;
}

// What of a thing a person types to find it.
std::string number_of(const base::Node& body) {
  for (const char* key : {"extension", "number", "sip_number", "code", "uri"})
    if (const base::Node* found = body.find(key);
        found != nullptr && found->scalar() != nullptr && !found->scalar()->text.empty())
      return found->scalar()->text;
  for (const char* key : {"extensions", "numbers"})
    if (const base::Node* found = body.find(key);
        found != nullptr && found->list() != nullptr && !found->list()->empty())
      if (const base::Node::Scalar* first = found->list()->front().scalar()) return first->text;
  return {};
}

std::string label_of(const base::Node& body) {
  const base::Node* name = body.find("name");
  return name != nullptr && name->scalar() != nullptr && !name->scalar()->text.empty()
             ? name->scalar()->text
             : number_of(body);
}

// 0: it is the text itself; 1: it begins with it; 2: it is in the name or number; 3: elsewhere.
int rank(const std::string& label, const std::string& number, const std::string& q) {
  const std::string low = lowered(label);
  const std::string digits = lowered(number);
  if (low == q || digits == q) return 0;
  if (low.starts_with(q) || digits.starts_with(q)) return 1;
  if (low.find(q) != std::string::npos || digits.find(q) != std::string::npos) return 2;
  return 3;
}

}  // namespace

Response list_feature_codes(const Call& call) {
  const auto snapshot = call.backend.snapshot();
  base::Node list = base::Node::empty_list();
  for (const model::FeatureCode& code : snapshot->feature_codes()) {
    base::Node one = base::Node::empty_map();
    one.set("name", base::Node::text(code.name));
    one.set("code", base::Node::text(code.code));
    list.push(std::move(one));
  }
  base::Node body = base::Node::empty_map();
  body.set("profile", base::Node::text(snapshot->office().feature_profile));
  body.set("items", std::move(list));
  body.set("next", base::Node::text(""));
  return json(body);
}

Response get_settings(const Call& call) {
  return settings_response(call.backend.snapshot()->office(), {});
}

Response patch_settings(const Call& call) {
  const auto patch = config::read_json(call.request.body);
  if (!patch) return problem(400, "the body is not JSON: " + patch.error().message);
  if (patch->map() == nullptr) return problem(422, "a JSON object is expected");
  model::Findings findings;
  for (const base::Node::Entry& entry : *patch->map())
    if (std::ranges::find(kKeys, entry.key) == kKeys.end())
      findings.push_back({model::Severity::Error,
                          "unknown_key",
                          "/" + model::pointer_part(entry.key),
                          {},
                          "unknown key " + entry.key + "; the lists have pages of their own"});
  if (!findings.empty()) return problem(422, "the body has errors", findings);
  const auto done = change_office(
      call, {"settings", "", "", "changed"}, [&](model::Office& office) -> std::optional<Response> {
        const base::Node current = settings_node(office);
        if (auto refused = precondition(call, etag_of(current), current)) return refused;
        auto decoded = model::decode_office(model::merge_patch(current, *patch));
        if (!decoded.ok()) return problem(422, "the body has errors", decoded.findings);
        const model::Office& fresh = decoded.value;
        office.tenant = fresh.tenant;
        office.timezone = fresh.timezone;
        office.country = fresh.country;
        office.language = fresh.language;
        office.music = fresh.music;
        office.record = fresh.record;
        office.max_hunt = fresh.max_hunt;
        office.feature_profile = fresh.feature_profile;
        office.feature_codes = fresh.feature_codes;
        return {};
      });
  if (const auto* refused = std::get_if<Response>(&done)) return *refused;
  return settings_response(call.backend.snapshot()->office(), std::get<Edited>(done).warnings);
}

Response search(const Call& call) {
  const std::string q = lowered(call.request.parameter("q"));
  if (q.empty()) return problem(400, "q: what is looked for");
  std::size_t limit = 20;
  if (const std::string text = call.request.parameter("limit"); !text.empty()) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (error != std::errc{} || end != text.data() + text.size() || limit < 1 || limit > 100)
      return problem(400, "limit: a whole number from 1 to 100");
  }
  struct Hit {
    int rank = 0;
    std::string kind, id, label, number;
  };
  std::vector<Hit> hits;
  const auto snapshot = call.backend.snapshot();
  for (std::size_t k = 0; k < model::kKindCount; ++k) {
    const auto kind = static_cast<model::Kind>(k);
    for (const Listed& one : *call.desk.listings.of(snapshot, kind)) {
      if (one.text.find(q) == std::string::npos) continue;
      Hit hit{0, std::string{model::key_of(kind)}, one.id, label_of(one.body), number_of(one.body)};
      hit.rank = rank(hit.label, hit.number, q);
      hits.push_back(std::move(hit));
    }
  }
  std::ranges::stable_sort(hits, {}, &Hit::rank);
  base::Node items = base::Node::empty_list();
  for (std::size_t i = 0; i < std::min(limit, hits.size()); ++i) {
    base::Node one = base::Node::empty_map();
    one.set("kind", base::Node::text(hits[i].kind));
    one.set("id", base::Node::text(hits[i].id));
    one.set("label", base::Node::text(hits[i].label));
    one.set("number", base::Node::text(hits[i].number));
    items.push(std::move(one));
  }
  base::Node body = base::Node::empty_map();
  body.set("items", std::move(items));
  body.set("next", base::Node::text(""));
  return json(body);
}

}  // namespace api
