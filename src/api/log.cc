// The last lines of the log, for who has no shell on the server.
#include "obs/log.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "api/backend.h"
#include "api/handlers.h"
#include "api/http.h"
#include "api/listings.h"
#include "api/problem.h"
#include "api/router.h"
#include "base/node.h"
#include "obs/log_ring.h"
#include "store/record_json.h"

namespace api {
namespace {

constexpr std::size_t kLimitMax = 1'000;
constexpr std::array kLevels{obs::Level::Debug, obs::Level::Info, obs::Level::Warn,
                             obs::Level::Error};

std::optional<std::uint64_t> count_from(std::string_view text) {
  std::uint64_t read = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || read == 0)
    return std::nullopt;
  return read;
}

// What the query asks; the text says what of it cannot be read.
std::string read_question(const Call& call, obs::LogQuestion& question) {
  if (const std::string wanted = call.request.parameter("level"); !wanted.empty()) {
    const auto level = std::ranges::find(kLevels, std::string_view{wanted}, obs::word);
    if (level == kLevels.end()) return "level: debug, info, warn or error";
    question.level = *level;
  }
  question.call = call.request.parameter("call");
  question.text = lowered(call.request.parameter("q"));
  if (const std::string wanted = call.request.parameter("limit"); !wanted.empty()) {
    const auto limit = count_from(wanted);
    if (!limit.has_value() || *limit > kLimitMax) return "limit: a whole number from 1 to 1000";
    question.most = static_cast<std::size_t>(*limit);
  }
  if (const std::string wanted = call.request.parameter("cursor"); !wanted.empty()) {
    const auto before = count_from(wanted);
    if (!before.has_value()) return "cursor: the `next` of the page before";
    question.before = *before;
  }
  return {};
}

base::Node node_of(const obs::KeptLine& line) {
  base::Node one = base::Node::empty_map();
  one.set("id", base::Node::text(std::to_string(line.id)));
  one.set("time", base::Node::text(store::rfc3339(line.at)));
  one.set("level", base::Node::text(std::string{obs::word(line.level)}));
  one.set("event", base::Node::text(line.event));
  one.set("call", base::Node::text(line.call));
  one.set("text", base::Node::text(line.text));
  return one;
}

}  // namespace

Response list_log(const Call& call) {
  obs::LogQuestion question;
  if (const std::string trouble = read_question(call, question); !trouble.empty())
    return problem(400, trouble);
  const std::size_t wanted = question.most;
  ++question.most;  // one more says whether there is a next page
  std::vector<obs::KeptLine> lines = call.backend.log_lines(question);
  const bool more = lines.size() > wanted;
  if (more) lines.resize(wanted);
  base::Node items = base::Node::empty_list();
  for (const obs::KeptLine& line : lines) items.push(node_of(line));
  base::Node body = base::Node::empty_map();
  body.set("items", std::move(items));
  body.set("next", base::Node::text(more ? std::to_string(lines.back().id) : ""));
  return json(body);
}

}  // namespace api
