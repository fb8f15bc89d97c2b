#pragma once
// Read-only questions to the database, over a connection of its own: one Reader a thread. Sees what
// is committed; never blocks the store thread (WAL).

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "store/things.h"

namespace store {

struct RecordFilter {
  std::optional<base::WallTime> from{}, until{};  // of `started`: from <= started < until
  std::string group{}, outcome{}, answered_by{}, caller{}, dialled{},
      tenant{};     // exact; empty = any
  std::string q{};  // in from, from_name, dialled, group or answered_by, any case
  // A field of the contract's record: started (default), ended, wait_ms, talk_ms, from, dialled,
  // group, outcome, answered_by; '-' before it: descending. Default "-started".
  std::string sort{};
  std::size_t limit = 50;  // 1 to 1000
  std::string cursor{};    // the `next` of the page before, or empty
};

struct RecordPage {
  std::vector<facts::CallRecord> items;
  std::string next;  // empty: this was the last page
};

class Reader final {
 public:
  // The database must exist (Store::open makes it).
  [[nodiscard]] static base::Result<std::unique_ptr<Reader>, std::string> open(
      const std::string& database_file);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // The error says which argument is wrong ("sort: …", "cursor: …") or what the database said.
  [[nodiscard]] base::Result<RecordPage, std::string> records(const RecordFilter& filter);
  [[nodiscard]] std::optional<facts::CallRecord> record(const std::string& id);
  // By SIP Call-ID of the caller's leg: the newest.
  [[nodiscard]] std::optional<facts::CallRecord> record_by_sip_call_id(const std::string& call_id);

  // All things of a kind by position, or of all kinds (by kind, then position) if it is empty.
  [[nodiscard]] std::vector<Thing> things(const std::string& kind = {});
  [[nodiscard]] std::optional<Thing> thing(const std::string& kind, const std::string& id);
  [[nodiscard]] std::int64_t revision();
  [[nodiscard]] std::optional<std::string> office_hash();
  // Newest first; `before_seq` 0 = from the end.
  [[nodiscard]] std::vector<AuditEntry> audit(std::size_t limit, std::int64_t before_seq = 0);

  [[nodiscard]] std::vector<facts::Binding> bindings();
  [[nodiscard]] std::map<std::string, std::string> memories();  // group id -> hunt's text
  [[nodiscard]] std::optional<ApiToken> token_by_hash(const std::string& hash);
  [[nodiscard]] std::vector<ApiToken> tokens();

 private:
  class Impl;
  explicit Reader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace store
