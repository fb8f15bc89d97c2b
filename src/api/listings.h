#pragma once
// Lists of things as they are sorted and searched, made once for each configuration: a page of ten
// thousand users costs what it shows.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/node.h"
#include "model/snapshot.h"
#include "model/thing.h"

namespace api {

struct Listed {
  std::string id;
  std::string text;  // all of its JSON in lower case, for searches
  base::Node body;
};
using Listing = std::vector<Listed>;  // in the order of the office

// Thread-safe.
class Listings final {
 public:
  [[nodiscard]] std::shared_ptr<const Listing> of(
      const std::shared_ptr<const model::Snapshot>& snapshot, model::Kind kind);

 private:
  std::mutex mutex_;
  std::weak_ptr<const model::Snapshot> made_of_;  // what by_kind_ shows
  std::map<model::Kind, std::shared_ptr<const Listing>> by_kind_;
};

// A page of a list: from the entry behind the cursor on, at most `limit`.
struct PageOf {
  std::vector<std::size_t> places;  // in the listing
  std::string next;
};
// What a query asks of a list; `trouble` names what cannot be read.
struct ListQuestion {
  std::string sort;  // without the '-'
  bool descending = false;
  std::string q;  // in lower case
  std::map<std::string, std::string> equals;
  std::size_t limit = 1'000;
  std::string cursor;
  std::string trouble;
};
[[nodiscard]] ListQuestion list_question(const std::map<std::string, std::string>& query,
                                         const std::vector<std::string>& fields);
[[nodiscard]] PageOf page_of(const Listing& listing, const ListQuestion& question);

// ASCII letters in lower case.
[[nodiscard]] std::string lowered(std::string_view text);

}  // namespace api
