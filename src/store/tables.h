#pragma once
// The writing side of each table, over one connection. The caller holds the transaction.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "store/database.h"
#include "store/deliveries.h"
#include "store/notices.h"
#include "store/things.h"

namespace store {

class Tables final {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<Tables>, SqlError> open(
      const Database& database, NoticeFilter filter = {});

  // Carries durable facts out, in one transaction of the caller's. Doing it twice changes nothing:
  // calls go by their id, bindings, memories and greetings by the last word, messages by their id.
  // The beginning of a call whose end is among them is not kept.
  [[nodiscard]] base::Status<SqlError> apply(std::vector<facts::Fact>&& batch);
  // Every call with an arrival and no end becomes a record `interrupted`; how many.
  [[nodiscard]] base::Result<std::uint64_t, SqlError> interrupt_open_calls();

  // Why an edit was not carried out: refused, or the database failed.
  struct EditError {
    Refusal refusal = Refusal::Unavailable;
    std::optional<SqlError> sql;
  };
  [[nodiscard]] base::Result<Committed, EditError> apply(const Edit& edit);
  [[nodiscard]] base::Status<SqlError> apply(const NoticeChange& change);
  [[nodiscard]] base::Status<SqlError> apply(const DeliveryChange& change);
  [[nodiscard]] base::Status<SqlError> add_token(const ApiToken& token);
  [[nodiscard]] base::Status<SqlError> remove_token(const std::string& id);

  // Mailboxes of which messages were left or changed since the last call; perhaps also some of
  // transactions that were rolled back.
  [[nodiscard]] std::set<std::string> take_boxes() { return std::exchange(boxes_, {}); }
  // Also those of transactions that were rolled back: the caller takes differences.
  [[nodiscard]] std::uint64_t records_written() const { return records_written_; }

 private:
  // Calls that began or went on in this batch and did not end in it: each is written once.
  using Begun = std::map<std::string, facts::CallRecord>;

  Tables(const Database& database, NoticeFilter filter)
      : database_(database), filter_(std::move(filter)) {}
  [[nodiscard]] base::Status<SqlError> prepare_all();
  [[nodiscard]] base::Status<SqlError> write_record(const facts::CallRecord& record);
  [[nodiscard]] base::Status<SqlError> apply(facts::Fact&& fact, Begun& begun);
  [[nodiscard]] base::Status<SqlError> put_notice(const Notice& notice);
  [[nodiscard]] base::Status<SqlError> put_delivery(const Delivery& delivery);
  [[nodiscard]] base::Status<SqlError> write_open(facts::CallRecord&& record);
  [[nodiscard]] base::Status<SqlError> write_plan(facts::CallPlanned&& planned, Begun& begun);
  [[nodiscard]] base::Status<SqlError> write_binding(const facts::Binding& binding);
  [[nodiscard]] base::Status<SqlError> write_message(const facts::Message& message);
  [[nodiscard]] base::Status<SqlError> change_message(const facts::MessageChanged& change);
  [[nodiscard]] base::Status<SqlError> apply(const Edit& edit, const Change& change,
                                             std::int64_t revision);
  [[nodiscard]] base::Result<std::optional<Thing>, SqlError> thing(const Change& change);
  [[nodiscard]] static std::optional<Refusal> refused(const std::optional<Thing>& before,
                                                      const Change& change);
  [[nodiscard]] base::Result<std::int64_t, SqlError> revision();
  [[nodiscard]] base::Result<std::int64_t, SqlError> position_for(
      const Change& change, const std::optional<Thing>& before);

  const Database& database_;
  NoticeFilter filter_;
  Statement insert_record_, record_known_, get_open_, put_open_, remove_open_, put_binding_,
      remove_binding_, put_memory_, get_thing_, put_thing_, remove_thing_, last_position_,
      put_audit_, get_meta_, put_meta_, insert_message_, change_message_, remove_message_,
      put_greeting_, put_notice_, remove_notice_, postpone_notice_, put_call_back_, put_text_,
      remove_text_, put_delivery_, remove_delivery_, update_delivery_, forget_deliveries_;
  std::set<std::string> boxes_;
  std::uint64_t records_written_ = 0;
};

// The row of a binding: the instance and reg-id where there are some, else the contact.
[[nodiscard]] std::string binding_key(const facts::Binding& binding);

}  // namespace store
