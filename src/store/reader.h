#pragma once
// Read-only questions to the database, over a connection of its own: one thread at a time. Sees
// what is committed; never blocks the store thread (WAL). What cannot be read to its end is an
// error and never an empty or shorter answer.

#include <chrono>
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
#include "facts/mailbox.h"
#include "facts/text.h"
#include "store/deliveries.h"
#include "store/notices.h"
#include "store/things.h"

namespace store {

struct RecordFilter {
  std::optional<base::WallTime> from{}, until{};  // of `started`: from <= started < until
  std::string group{}, outcome{}, answered_by{}, caller{}, dialled{},
      tenant{};         // exact; empty = any
  std::string party{};  // the extension of a user: he called, was rung or took it
  std::string q{};      // in from, from_name, dialled, group or answered_by, any case
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

struct MessageFilter {
  std::string box{};       // of this mailbox
  std::string q{};         // in from or from_name, any case
  std::string sort{};      // "at" or "-at"; default "-at": the newest first
  std::size_t limit = 50;  // 1 to 1000
  std::string cursor{};    // the `next` of the page before, or empty
};

struct MessagePage {
  std::vector<facts::Message> items;
  std::string next;  // empty: this was the last page
};

// Why there is no answer: what is wrong with the question ("sort: …"), or with the database.
struct ReadError {
  bool of_database = true;
  std::string text;
};
template <class T>
using Read = base::Result<T, ReadError>;

class Reader final {
 public:
  // The database must exist (Store::open makes it). A question that takes longer than `limit` is
  // cut off and an error; 0: none is.
  [[nodiscard]] static base::Result<std::unique_ptr<Reader>, std::string> open(
      const std::string& database_file,
      std::chrono::milliseconds limit = std::chrono::milliseconds{0});
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  [[nodiscard]] Read<RecordPage> records(const RecordFilter& filter);
  [[nodiscard]] Read<std::optional<facts::CallRecord>> record(const std::string& id);
  // By SIP Call-ID of the caller's leg: the newest.
  [[nodiscard]] Read<std::optional<facts::CallRecord>> record_by_sip_call_id(
      const std::string& call_id);

  // All things of a kind by position, or of all kinds (by kind, then position) if it is empty.
  [[nodiscard]] Read<std::vector<Thing>> things(const std::string& kind = {});
  [[nodiscard]] Read<std::int64_t> revision();
  [[nodiscard]] Read<std::optional<std::string>> office_hash();
  // Newest first; `before_seq` 0 = from the end.
  [[nodiscard]] Read<std::vector<AuditEntry>> audit(std::size_t limit, std::int64_t before_seq = 0);

  // Edits, newest first.
  [[nodiscard]] Read<std::vector<Revision>> revisions(const RevisionFilter& filter);
  // Everything that one edit changed, in its order.
  [[nodiscard]] Read<std::vector<AuditEntry>> revision_entries(std::int64_t revision);
  // All things as they were after that edit, by kind and position.
  [[nodiscard]] Read<std::vector<Thing>> things_at(std::int64_t revision);
  // from <= started < until, by group and outcome.
  [[nodiscard]] Read<std::vector<GroupFigures>> figures(base::WallTime from, base::WallTime until);

  [[nodiscard]] Read<std::vector<facts::Binding>> bindings();
  [[nodiscard]] Read<std::map<std::string, std::string>> memories();  // group id -> hunt's text
  [[nodiscard]] Read<MessagePage> messages(const MessageFilter& filter);
  [[nodiscard]] Read<std::optional<facts::Message>> message(const std::string& box,
                                                            const std::string& id);
  // How many wait, of all mailboxes that have any.
  [[nodiscard]] Read<std::map<std::string, facts::MailboxCounts>> message_counts();
  // Of all mailboxes with a greeting of their own: its file.
  [[nodiscard]] Read<std::map<std::string, std::string>> greetings();
  // Texts that wait for a phone, the oldest first.
  [[nodiscard]] Read<std::vector<facts::Text>> texts();
  // The message that this call left, if it left one that is still there.
  [[nodiscard]] Read<std::optional<facts::Message>> message_of_call(const std::string& call);
  // Of which it is not settled who is told, the oldest first.
  [[nodiscard]] Read<std::vector<Notice>> notices_without_recipient(std::size_t limit);
  // To be sent at this moment, the longest due first.
  [[nodiscard]] Read<std::vector<Notice>> notices_due(base::WallTime now, std::size_t limit);
  [[nodiscard]] Read<std::int64_t> notice_count();
  // The days before this moment have their notices; nothing: no day has.
  [[nodiscard]] Read<std::optional<base::WallTime>> days_until();
  // Ended calls of which it is not settled who is told, the oldest first.
  [[nodiscard]] Read<std::vector<Delivery>> deliveries_unsettled(std::size_t limit);
  // To be sent at this moment, the longest due first; of each webhook and group so many at most.
  [[nodiscard]] Read<std::vector<Delivery>> deliveries_due(base::WallTime now, std::size_t of_one);
  [[nodiscard]] Read<std::int64_t> deliveries_waiting();
  // The newest first.
  [[nodiscard]] Read<std::vector<Delivery>> deliveries(const DeliveryFilter& filter);
  [[nodiscard]] Read<std::optional<Delivery>> delivery(std::int64_t id);
  [[nodiscard]] Read<std::optional<ApiToken>> token_by_hash(const std::string& hash);
  [[nodiscard]] Read<std::vector<ApiToken>> tokens();

 private:
  class Impl;
  explicit Reader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace store
