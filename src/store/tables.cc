#include "store/tables.h"

#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "base/result.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "store/codec.h"
#include "store/database.h"
#include "store/deliveries.h"
#include "store/notices.h"
#include "store/record_json.h"
#include "store/things.h"

namespace store {
namespace {

std::optional<std::int64_t> ms_of(const std::optional<base::WallTime>& at) {
  if (!at) return std::nullopt;
  return at->unix_ms;
}

std::optional<std::int64_t> number_of(std::optional<bool> truth) {
  if (!truth) return std::nullopt;
  return *truth ? 1 : 0;
}

std::string bytes_of(const facts::Fact& fact) {
  std::string bytes;
  (void)encode(fact, bytes);
  return bytes;
}

}  // namespace

std::string binding_key(const facts::Binding& binding) {
  const std::string key = binding.username + '\n';
  if (binding.instance.empty() || binding.reg_id == 0) return key + binding.contact;
  return key + binding.instance + '\n' + std::to_string(binding.reg_id);
}

base::Result<std::unique_ptr<Tables>, SqlError> Tables::open(const Database& database,
                                                             NoticeFilter filter) {
  std::unique_ptr<Tables> tables(new Tables(database, std::move(filter)));
  if (auto done = tables->prepare_all(); !done) return base::Unexpected{done.error()};
  return tables;
}

base::Status<SqlError> Tables::prepare_all() {
  struct Wanted {
    Statement& statement;
    std::string_view sql;
  };
  const Wanted all[] = {
      {insert_record_,
       "INSERT OR IGNORE INTO records(id,tenant,started,answered,ended,\"from\",from_name,dialled,"
       "\"group\",crm_account,outcome,answered_by,wait_ms,talk_ms,final_destination,ended_by,"
       "sip_code,q850,sip_call_id,recording,attempts,plan) "
       "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"},
      {record_known_, "SELECT 1 FROM records WHERE id=?"},
      {get_open_, "SELECT body FROM open_calls WHERE id=?"},
      {put_open_,
       "INSERT INTO open_calls VALUES(?,?) ON CONFLICT(id) DO UPDATE SET body=excluded.body"},
      {remove_open_, "DELETE FROM open_calls WHERE id=?"},
      {put_binding_,
       "INSERT INTO bindings VALUES(?,?,?,?,?) ON CONFLICT(key) DO UPDATE SET "
       "user_id=excluded.user_id, contact=excluded.contact, expires_ms=excluded.expires_ms, "
       "body=excluded.body"},
      {remove_binding_, "DELETE FROM bindings WHERE key=? AND contact=?"},
      {put_memory_,
       "INSERT INTO memories VALUES(?,?) ON CONFLICT(group_id) DO UPDATE SET "
       "memory=excluded.memory"},
      {get_thing_, "SELECT position,revision,body FROM things WHERE kind=? AND id=?"},
      {put_thing_,
       "INSERT INTO things VALUES(?,?,?,?,?) ON CONFLICT(kind,id) DO UPDATE SET "
       "position=excluded.position, revision=excluded.revision, body=excluded.body"},
      {remove_thing_, "DELETE FROM things WHERE kind=? AND id=?"},
      {last_position_, "SELECT COALESCE(MAX(position),-1) FROM things WHERE kind=?"},
      {put_audit_,
       "INSERT INTO audit(revision,at_ms,who,source,what,kind,id,before,after) "
       "VALUES(?,?,?,?,?,?,?,?,?)"},
      {get_meta_, "SELECT value FROM meta WHERE key=?"},
      {put_meta_,
       "INSERT INTO meta VALUES(?,?) ON CONFLICT(key) DO UPDATE SET value=excluded.value"},
      {insert_message_,
       "INSERT OR IGNORE INTO messages(id,box,call,file,\"from\",from_name,at_ms,length_ms,heard,"
       "saved,handled_by) VALUES(?,?,?,?,?,?,?,?,?,?,?)"},
      {change_message_,
       "UPDATE messages SET heard=COALESCE(?,heard), saved=COALESCE(?,saved), "
       "handled_by=COALESCE(?,handled_by) WHERE id=? AND box=?"},
      {remove_message_, "DELETE FROM messages WHERE id=? AND box=?"},
      {put_greeting_,
       "INSERT INTO greetings VALUES(?,?) ON CONFLICT(box) DO UPDATE SET file=excluded.file"},
      {put_notice_,
       "INSERT INTO notices(kind,ref,recipient,at_ms,tries,due_ms) VALUES(?,?,?,?,?,?)"},
      {remove_notice_, "DELETE FROM notices WHERE id=?"},
      {postpone_notice_, "UPDATE notices SET tries=?, due_ms=? WHERE id=?"},
      {put_call_back_, "INSERT OR REPLACE INTO call_backs VALUES(?,?,?)"},
      {put_text_, "INSERT OR IGNORE INTO texts(id,body) VALUES(?,?)"},
      {remove_text_, "DELETE FROM texts WHERE id=?"},
      {put_delivery_,
       "INSERT INTO deliveries(state,webhook,event_id,type,call,group_id,url,body,at_ms,due_ms,"
       "tries,status,trouble,done_ms) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)"},
      {remove_delivery_, "DELETE FROM deliveries WHERE id=?"},
      {update_delivery_,
       "UPDATE deliveries SET state=?, due_ms=?, tries=?, status=?, trouble=?, done_ms=? "
       "WHERE id=?"},
      {forget_deliveries_, "DELETE FROM deliveries WHERE done_ms<?"},
  };
  for (const Wanted& wanted : all) {
    TRY(wanted.statement, database_.prepare(wanted.sql));
  }
  return base::Ok{};
}

base::Status<SqlError> Tables::apply(std::vector<facts::Fact>&& batch) {
  Begun begun;
  for (facts::Fact& fact : batch) {
    if (auto done = apply(std::move(fact), begun); !done) return done;
  }
  for (auto& [id, record] : begun) {
    if (auto done = write_open(std::move(record)); !done) return done;
  }
  return base::Ok{};
}

base::Status<SqlError> Tables::apply(facts::Fact&& fact, Begun& begun) {
  return std::visit(
      base::Overloaded{
          [&](facts::CallArrived& f) -> base::Status<SqlError> {
            begun[f.record.id] = std::move(f.record);
            return base::Ok{};
          },
          [&](facts::CallPlanned& f) { return write_plan(std::move(f), begun); },
          [&](facts::CallAnswered& f) -> base::Status<SqlError> {
            if (!f.record.answered) f.record.answered = f.at;
            if (f.record.answered_by.empty()) f.record.answered_by = f.answered_by;
            begun[f.record.id] = std::move(f.record);
            return base::Ok{};
          },
          [&](const facts::CallEnded& f) {
            begun.erase(f.record.id);
            return write_record(f.record);
          },
          [&](const facts::RegistrationAdded& f) { return write_binding(f.binding); },
          [&](const facts::RegistrationRemoved& f) {
            return remove_binding_.bind(binding_key(f.binding)).bind(f.binding.contact).run();
          },
          [&](const facts::MemoryChanged& f) {
            return put_memory_.bind(f.group_id).bind(f.memory).run();
          },
          [&](const facts::MessageLeft& f) { return write_message(f.message); },
          [&](const facts::MessageChanged& f) { return change_message(f); },
          [&](const facts::GreetingSet& f) { return put_greeting_.bind(f.box).bind(f.file).run(); },
          [&](const facts::CallBackWanted& f) {
            return put_call_back_.bind(f.call).bind(f.number).bind(f.at.unix_ms).run();
          },
          [&](const facts::TextKept& f) {
            return put_text_.bind(f.text.id).bind(bytes_of(f)).run();
          },
          [&](const facts::TextGone& f) { return remove_text_.bind(f.id).run(); },
          [](const auto&) -> base::Status<SqlError> { return base::Ok{}; },
      },
      fact);
}

// The beginning of a call; a replayed beginning of a call that has ended already is nothing.
base::Status<SqlError> Tables::write_open(facts::CallRecord&& record) {
  TRY(const bool known, record_known_.bind(record.id).step());
  record_known_.again();
  if (known) return base::Ok{};
  const std::string id = record.id;
  return put_open_.bind(id).bind(bytes_of(facts::CallArrived{std::move(record)})).run();
}

// A call that is cut while it hunts keeps what it planned.
base::Status<SqlError> Tables::write_plan(facts::CallPlanned&& planned, Begun& begun) {
  if (const auto found = begun.find(planned.call); found != begun.end()) {
    found->second.plan = std::move(planned.plan);
    return base::Ok{};
  }
  TRY(const bool known, get_open_.bind(planned.call).step());
  auto fact =
      known ? decode(get_open_.text(0))
            : base::Result<facts::Fact, DecodeError>{base::Unexpected{DecodeError::Truncated}};
  get_open_.again();
  auto* arrived = fact ? std::get_if<facts::CallArrived>(&*fact) : nullptr;
  if (arrived == nullptr) return base::Ok{};  // ended, and replayed
  arrived->record.plan = std::move(planned.plan);
  begun[planned.call] = std::move(arrived->record);
  return base::Ok{};
}

base::Status<SqlError> Tables::write_record(const facts::CallRecord& r) {
  insert_record_.bind(r.id).bind(r.tenant).bind(r.started.unix_ms);
  insert_record_.bind(ms_of(r.answered)).bind(ms_of(r.ended)).bind(r.from).bind(r.from_name);
  insert_record_.bind(r.dialled).bind(r.group).bind(r.crm_account).bind(facts::word(r.outcome));
  insert_record_.bind(r.answered_by).bind(r.wait_ms).bind(r.talk_ms).bind(r.final_destination);
  insert_record_.bind(facts::word(r.ended_by)).bind(r.sip_code).bind(r.q850).bind(r.sip_call_id);
  insert_record_.bind(r.recording).bind(to_json(r.attempts)).bind(to_json(r.plan));
  if (auto done = insert_record_.run(); !done) return done;
  const bool is_new = database_.changes() > 0;
  records_written_ += is_new ? 1U : 0U;
  const bool missed = is_new && !r.group.empty() && !r.answered.has_value();
  if (missed && (!filter_.of_call || filter_.of_call(r))) {
    const base::WallTime at = r.ended.value_or(r.started);
    if (auto done = put_notice({.kind = kMissedCall, .ref = r.id, .at = at, .due = at}); !done)
      return done;
  }
  if (is_new && filter_.of_end && filter_.of_end(r)) {
    Delivery ended;
    ended.state = DeliveryState::Unsettled;
    ended.type = "call.ended";
    ended.call = r.id;
    ended.at = ended.due = r.ended.value_or(r.started);
    if (auto done = put_delivery(ended); !done) return done;
  }
  return remove_open_.bind(r.id).run();
}

base::Status<SqlError> Tables::put_notice(const Notice& notice) {
  return put_notice_.bind(notice.kind)
      .bind(notice.ref)
      .bind(notice.recipient)
      .bind(notice.at.unix_ms)
      .bind(static_cast<std::int64_t>(notice.tries))
      .bind(notice.due.unix_ms)
      .run();
}

base::Status<SqlError> Tables::apply(const NoticeChange& change) {
  for (const std::int64_t id : change.removed) {
    if (auto done = remove_notice_.bind(id).run(); !done) return done;
  }
  for (const Notice& notice : change.added) {
    if (auto done = put_notice(notice); !done) return done;
  }
  for (const Notice& notice : change.postponed) {
    postpone_notice_.bind(static_cast<std::int64_t>(notice.tries)).bind(notice.due.unix_ms);
    if (auto done = postpone_notice_.bind(notice.id).run(); !done) return done;
  }
  if (!change.days_until.has_value()) return base::Ok{};
  return put_meta_.bind("days_until").bind(std::to_string(change.days_until->unix_ms)).run();
}

base::Status<SqlError> Tables::write_binding(const facts::Binding& binding) {
  return put_binding_.bind(binding_key(binding))
      .bind(binding.user_id)
      .bind(binding.contact)
      .bind(binding.expires_at.unix_ms)
      .bind(bytes_of(facts::RegistrationAdded{binding}))
      .run();
}

base::Status<SqlError> Tables::write_message(const facts::Message& m) {
  boxes_.insert(m.box);
  insert_message_.bind(m.id).bind(m.box).bind(m.call).bind(m.file).bind(m.from).bind(m.from_name);
  insert_message_.bind(m.at.unix_ms).bind(m.length_ms).bind(number_of(m.heard));
  if (auto done = insert_message_.bind(number_of(m.saved)).bind(m.handled_by).run(); !done)
    return done;
  if (database_.changes() == 0 || (filter_.of_message && !filter_.of_message(m))) return base::Ok{};
  return put_notice({.kind = kMessageLeft, .ref = m.box + '\n' + m.id, .at = m.at, .due = m.at});
}

base::Status<SqlError> Tables::change_message(const facts::MessageChanged& change) {
  boxes_.insert(change.box);
  if (change.deleted) return remove_message_.bind(change.id).bind(change.box).run();
  return change_message_.bind(number_of(change.heard))
      .bind(number_of(change.saved))
      .bind(change.handled_by)
      .bind(change.id)
      .bind(change.box)
      .run();
}

base::Result<std::uint64_t, SqlError> Tables::interrupt_open_calls() {
  TRY(auto all, database_.prepare("SELECT body FROM open_calls ORDER BY id"));
  std::vector<facts::CallRecord> cut;
  while (true) {
    TRY(const bool row, all.step());
    if (!row) break;
    auto fact = decode(all.text(0));
    if (!fact) continue;
    if (auto* arrived = std::get_if<facts::CallArrived>(&*fact)) {
      cut.push_back(std::move(arrived->record));
    }
  }
  for (facts::CallRecord& record : cut) {
    record.outcome = facts::Outcome::Interrupted;
    record.ended_by = facts::EndedBy::Server;
    // When it ended nobody saw; its last sign of life puts it in its place in lists.
    record.ended = record.answered.value_or(record.started);
    if (auto done = write_record(record); !done) return base::Unexpected{done.error()};
  }
  if (auto done = database_.execute("DELETE FROM open_calls"); !done) {
    return base::Unexpected{done.error()};
  }
  return static_cast<std::uint64_t>(cut.size());
}

base::Result<std::int64_t, SqlError> Tables::revision() {
  TRY(const bool row, get_meta_.bind("revision").step());
  const std::string text = row ? get_meta_.text(0) : "0";
  get_meta_.again();
  std::int64_t number = 0;
  (void)std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

base::Result<std::optional<Thing>, SqlError> Tables::thing(const Change& change) {
  TRY(const bool row, get_thing_.bind(change.kind).bind(change.id).step());
  std::optional<Thing> found;
  if (row) {
    found = Thing{.kind = change.kind,
                  .id = change.id,
                  .position = get_thing_.number(0),
                  .revision = get_thing_.number(1),
                  .body = get_thing_.text(2)};
  }
  get_thing_.again();
  return found;
}

base::Result<std::int64_t, SqlError> Tables::position_for(const Change& change,
                                                          const std::optional<Thing>& before) {
  if (change.position) return *change.position;
  if (before) return before->position;
  TRY(const bool row, last_position_.bind(change.kind).step());
  const std::int64_t last = row ? last_position_.number(0) : -1;
  last_position_.again();
  return last + 1;
}

std::optional<Refusal> Tables::refused(const std::optional<Thing>& before, const Change& change) {
  if (change.expected == 0) {
    if (before) return Refusal::Exists;
    return std::nullopt;
  }
  if (!before && (change.expected || !change.body)) return Refusal::NotFound;
  if (change.expected && before->revision != *change.expected) return Refusal::Stale;
  return std::nullopt;
}

base::Result<Committed, Tables::EditError> Tables::apply(const Edit& edit) {
  const auto failed = [](SqlError why) {
    return base::Unexpected{EditError{Refusal::Unavailable, std::move(why)}};
  };
  const auto current = revision();
  if (!current) return failed(current.error());
  if (edit.base_revision && *edit.base_revision != *current) {
    return base::Unexpected{EditError{Refusal::Stale, {}}};
  }
  const std::int64_t next = *current + 1;
  for (const Change& change : edit.changes) {
    const auto before = thing(change);
    if (!before) return failed(before.error());
    if (const auto why = refused(*before, change)) {
      return base::Unexpected{EditError{*why, {}}};
    }
    if (auto done = apply(edit, change, next); !done) return failed(done.error());
  }
  if (auto done = put_meta_.bind("revision").bind(std::to_string(next)).run(); !done) {
    return failed(done.error());
  }
  if (edit.office_hash) {
    if (auto done = put_meta_.bind("office_hash").bind(*edit.office_hash).run(); !done) {
      return failed(done.error());
    }
  }
  return Committed{next};
}

base::Status<SqlError> Tables::apply(const Edit& edit, const Change& change,
                                     std::int64_t revision) {
  TRY(const auto before, thing(change));
  if (change.body) {
    TRY(const std::int64_t position, position_for(change, before));
    put_thing_.bind(change.kind).bind(change.id).bind(position).bind(revision).bind(*change.body);
    if (auto done = put_thing_.run(); !done) return done;
  } else {
    if (auto done = remove_thing_.bind(change.kind).bind(change.id).run(); !done) return done;
  }
  put_audit_.bind(revision).bind(edit.when.unix_ms).bind(edit.who).bind(edit.source);
  put_audit_.bind(edit.what).bind(change.kind).bind(change.id);
  if (before) {
    put_audit_.bind(before->body);
  } else {
    put_audit_.bind_null();
  }
  return put_audit_.bind(change.body).run();
}

base::Status<SqlError> Tables::add_token(const ApiToken& token) {
  TRY(auto statement, database_.prepare("INSERT INTO tokens VALUES(?,?,?,?,?)"));
  return statement.bind(token.id)
      .bind(token.name)
      .bind(token.hash)
      .bind(token.scopes)
      .bind(token.created.unix_ms)
      .run();
}

base::Status<SqlError> Tables::remove_token(const std::string& id) {
  TRY(auto statement, database_.prepare("DELETE FROM tokens WHERE id=?"));
  return statement.bind(id).run();
}

}  // namespace store
