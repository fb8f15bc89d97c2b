#include "api/listings.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/node.h"
#include "config/json.h"
#include "model/edit.h"
#include "model/encode.h"
#include "model/snapshot.h"
#include "model/thing.h"

namespace api {
namespace {

std::string text_of(const base::Node& body, std::string_view key) {
  const base::Node* found = body.find(key);
  return found != nullptr && found->scalar() != nullptr ? found->scalar()->text : std::string{};
}

std::string joined(const std::vector<std::string>& words) {
  std::string made;
  for (const std::string& word : words) made.append(made.empty() ? "" : ", ").append(word);
  return made;
}

bool whole_number(const std::string& text, std::size_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return !text.empty() && error == std::errc{} && end == text.data() + text.size();
}

// Where the page behind this cursor begins: after the entry that ended the one before, or, when
// that is gone, at its place.
std::size_t begin_of(const Listing& listing, const std::vector<std::size_t>& places,
                     const std::string& cursor) {
  std::size_t at = 0;
  const std::size_t colon = cursor.find(':');
  if (cursor.empty() || !whole_number(cursor.substr(0, colon), at)) return 0;
  if (colon == std::string::npos) return at;
  const std::string id = cursor.substr(colon + 1);
  if (at > 0 && at <= places.size() && listing[places[at - 1]].id == id) return at;
  for (std::size_t i = 0; i < places.size(); ++i)
    if (listing[places[i]].id == id) return i + 1;
  return at == 0 ? 0 : at - 1;
}

// `limit` and `cursor`; false for another name.
bool read_place(const std::string& name, const std::string& value, ListQuestion& question) {
  if (name == "limit") {
    if (value.empty()) return true;
    if (!whole_number(value, question.limit) || question.limit < 1)
      question.trouble = "limit: " + value + " cannot be read";
    question.limit = std::min(question.limit, std::size_t{1'000});
    return true;
  }
  if (name != "cursor") return false;
  question.cursor = value;
  std::size_t at = 0;
  if (!value.empty() && !whole_number(value.substr(0, value.find(':')), at))
    question.trouble = "cursor: " + value + " cannot be read";
  return true;
}

}  // namespace

std::string lowered(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return out;
}

std::shared_ptr<const Listing> Listings::of(const std::shared_ptr<const model::Snapshot>& snapshot,
                                            model::Kind kind) {
  {
    const std::scoped_lock lock{mutex_};
    if (made_of_.lock() == snapshot)
      if (const auto found = by_kind_.find(kind); found != by_kind_.end()) return found->second;
  }
  auto made = std::make_shared<Listing>();
  const model::EncodeOptions options{model::Secrets::Hidden, {}, true, true};
  for (const model::Thing& thing : model::things_of(snapshot->office(), kind)) {
    base::Node body = model::encode_thing(thing, options);
    std::string text = lowered(config::write_json(body));
    made->push_back({model::id_of(thing), std::move(text), std::move(body)});
  }
  const std::scoped_lock lock{mutex_};
  if (made_of_.lock() != snapshot) {
    made_of_ = snapshot;
    by_kind_.clear();
  }
  by_kind_[kind] = made;
  return made;
}

ListQuestion list_question(const std::map<std::string, std::string>& query,
                           const std::vector<std::string>& fields) {
  ListQuestion question;
  const auto is_field = [&](const std::string& name) {
    return std::ranges::find(fields, name) != fields.end();
  };
  for (const auto& [name, value] : query) {
    if (name == "expand") continue;
    if (read_place(name, value, question)) continue;
    if (name == "q") {
      question.q = lowered(value);
    } else if (name == "sort") {
      question.descending = value.starts_with('-');
      question.sort = value.substr(question.descending ? 1 : 0);
      if (!question.sort.empty() && !is_field(question.sort))
        question.trouble =
            "sort: " + question.sort + " is no field to sort by; known are " + joined(fields);
    } else if (is_field(name)) {
      question.equals[name] = value;
    } else {
      question.trouble = name + ": not known here; filters are " + joined(fields);
    }
  }
  return question;
}

PageOf page_of(const Listing& listing, const ListQuestion& question) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < listing.size(); ++i) {
    const Listed& one = listing[i];
    if (!question.q.empty() && one.text.find(question.q) == std::string::npos) continue;
    if (std::ranges::all_of(question.equals, [&](const auto& wanted) {
          return text_of(one.body, wanted.first) == wanted.second;
        }))
      places.push_back(i);
  }
  if (!question.sort.empty()) {
    std::vector<std::pair<std::string, std::size_t>> keyed;
    keyed.reserve(places.size());
    for (const std::size_t place : places)
      keyed.emplace_back(text_of(listing[place].body, question.sort), place);
    std::ranges::sort(keyed);
    for (std::size_t i = 0; i < keyed.size(); ++i) places[i] = keyed[i].second;
  }
  if (question.descending) std::ranges::reverse(places);
  PageOf page;
  const std::size_t begin = begin_of(listing, places, question.cursor);
  for (std::size_t i = begin; i < places.size() && page.places.size() < question.limit; ++i)
    page.places.push_back(places[i]);
  const std::size_t end = begin + page.places.size();
  if (end < places.size()) page.next = std::to_string(end) + ":" + listing[places[end - 1]].id;
  return page;
}

}  // namespace api
