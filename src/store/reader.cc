#include "store/reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "store/codec.h"
#include "store/database.h"
#include "store/detail/reader_impl.h"
#include "store/record_json.h"
#include "store/things.h"

namespace store {
namespace {

constexpr std::chrono::milliseconds kBusy{500};
using detail::kMaxPage;
using detail::nothing;
using detail::Query;

constexpr std::string_view kColumns =
    "seq,id,tenant,started,answered,ended,\"from\",from_name,dialled,\"group\",crm_account,outcome,"
    "answered_by,wait_ms,talk_ms,final_destination,ended_by,sip_code,q850,sip_call_id,recording,"
    "attempts,plan,COALESCE((SELECT number FROM call_backs WHERE call=records.id),'')";

// What may be sorted by, and the SQL for it (never NULL).
struct SortKey {
  std::string_view name, sql;
  bool is_text = false;
};
constexpr std::array<SortKey, 9> kSortKeys{{{"started", "started"},
                                            {"ended", "COALESCE(ended,0)"},
                                            {"wait_ms", "wait_ms"},
                                            {"talk_ms", "talk_ms"},
                                            {"from", "\"from\"", true},
                                            {"dialled", "dialled", true},
                                            {"group", "\"group\"", true},
                                            {"outcome", "outcome", true},
                                            {"answered_by", "answered_by", true}}};

template <class E>
E enum_of(const std::string& name, E last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (name == facts::word(static_cast<E>(i))) return static_cast<E>(i);
  }
  return last;
}

std::optional<base::WallTime> time_or_nothing(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return base::WallTime{row.number(column)};
}

facts::CallRecord record_of(const Statement& row) {
  facts::CallRecord r;
  r.id = row.text(1);
  r.tenant = row.text(2);
  r.started = base::WallTime{row.number(3)};
  r.answered = time_or_nothing(row, 4);
  r.ended = time_or_nothing(row, 5);
  r.from = row.text(6);
  r.from_name = row.text(7);
  r.dialled = row.text(8);
  r.group = row.text(9);
  r.crm_account = row.text(10);
  r.outcome = enum_of(row.text(11), facts::Outcome::Interrupted);
  r.answered_by = row.text(12);
  r.wait_ms = row.number(13);
  r.talk_ms = row.number(14);
  r.final_destination = row.text(15);
  r.ended_by = enum_of(row.text(16), facts::EndedBy::Server);
  r.sip_code = static_cast<std::uint16_t>(row.number(17));
  r.q850 = static_cast<std::uint16_t>(row.number(18));
  r.sip_call_id = row.text(19);
  r.recording = row.text(20);
  r.attempts = attempts_from_json(row.text(21)).value_or(std::vector<facts::Attempt>{});
  r.plan = plan_from_json(row.text(22)).value_or(facts::PlanStory{});
  r.call_back = row.text(23);
  return r;
}

constexpr std::string_view kMessageColumns =
    "seq,id,box,call,file,\"from\",from_name,at_ms,length_ms,heard,saved,handled_by";

facts::Message message_of(const Statement& row) {
  facts::Message m;
  m.id = row.text(1);
  m.box = row.text(2);
  m.call = row.text(3);
  m.file = row.text(4);
  m.from = row.text(5);
  m.from_name = row.text(6);
  m.at = base::WallTime{row.number(7)};
  m.length_ms = row.number(8);
  m.heard = row.number(9) != 0;
  m.saved = row.number(10) != 0;
  m.handled_by = row.text(11);
  return m;
}

ApiToken token_of(const Statement& row) {
  return {row.text(0), row.text(1), row.text(2), row.text(3), base::WallTime{row.number(4)}};
}

std::string to_hex(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

std::optional<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    unsigned byte = 0;
    const auto got = std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    if (got.ec != std::errc{} || got.ptr != hex.data() + i + 2) return std::nullopt;
    out += static_cast<char>(byte);
  }
  return out;
}

// Where a page ended: the last row's seq and the value it was sorted by.
struct Cursor {
  std::int64_t seq = 0;
  std::string value;
};

std::optional<Cursor> cursor_from(std::string_view text) {
  const auto raw = from_hex(text);
  if (!raw) return std::nullopt;
  Cursor cursor;
  const char* end = raw->data() + raw->size();
  const auto got = std::from_chars(raw->data(), end, cursor.seq);
  if (got.ec != std::errc{} || got.ptr == end || *got.ptr != ':') return std::nullopt;
  cursor.value.assign(got.ptr + 1, end);
  return cursor;
}

// The pattern of LIKE that finds `text` anywhere, with its own wildcards escaped.
std::string anywhere(std::string_view text) {
  std::string out = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out + "%";
}

// Each column by itself, which costs half of what looking into all of them joined does; without
// letters there is no case to be blind to, and what has no wildcard needs no escapes.
void add_search(Query& query, const std::string& text) {
  const auto is_caseless = [](char c) { return (c >= '0' && c <= '9') || c == '+' || c == ' '; };
  const bool plain = std::ranges::all_of(text, is_caseless);
  const bool escapes = text.find_first_of("%_\\") != std::string::npos;
  std::string sql;
  std::vector<Query::Value> values;
  for (const char* column : {"\"from\"", "dialled", "from_name", "\"group\"", "answered_by"}) {
    sql += sql.empty() ? "(" : " OR ";
    if (plain) {
      sql += "instr(" + std::string{column} + ",?)>0";
    } else {
      sql += std::string{column} + " LIKE ?" + (escapes ? " ESCAPE '\\'" : "");
    }
    values.emplace_back(plain ? text : anywhere(text));
  }
  query.where(sql + ")", std::move(values));
}

void add_filters(Query& query, const RecordFilter& filter) {
  query.where("seq>?", {std::int64_t{0}});
  if (filter.from) query.where("started>=?", {filter.from->unix_ms});
  if (filter.until) query.where("started<?", {filter.until->unix_ms});
  query.equals("\"group\"", filter.group);
  query.equals("outcome", filter.outcome);
  query.equals("answered_by", filter.answered_by);
  query.equals("\"from\"", filter.caller);
  query.equals("dialled", filter.dialled);
  query.equals("tenant", filter.tenant);
  if (!filter.party.empty()) {
    std::string rung = "\"target\":";
    append_json_string(rung, filter.party);
    query.where("(\"from\"=? OR answered_by=? OR attempts LIKE ? ESCAPE '\\')",
                {filter.party, filter.party, anywhere(rung)});
  }
  if (!filter.q.empty()) add_search(query, filter.q);
}

void add_cursor(Query& query, const SortKey& key, bool descending, const Cursor& cursor) {
  Query::Value value = cursor.value;
  if (!key.is_text) {
    std::int64_t number = 0;
    (void)std::from_chars(cursor.value.data(), cursor.value.data() + cursor.value.size(), number);
    value = number;
  }
  query.where("(" + std::string{key.sql} + ",seq)" + (descending ? "<" : ">") + "(?,?)",
              {value, cursor.seq});
}

facts::Binding binding_of(facts::Fact&& fact) {
  auto* added = std::get_if<facts::RegistrationAdded>(&fact);
  return added == nullptr ? facts::Binding{} : std::move(added->binding);
}

}  // namespace

base::Result<std::unique_ptr<Reader>, std::string> Reader::open(const std::string& database_file,
                                                                std::chrono::milliseconds limit) {
  auto database = Database::open(database_file, Database::Mode::ReadOnly, kBusy);
  if (!database) {
    return base::Unexpected{"the database " + database_file + ": " + database.error().text};
  }
  return std::unique_ptr<Reader>(
      new Reader(std::make_unique<Impl>(std::move(*database), database_file, limit)));
}

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::~Reader() = default;

Read<RecordPage> Reader::records(const RecordFilter& filter) {
  std::string_view sort = filter.sort.empty() ? std::string_view{"-started"} : filter.sort;
  const bool descending = sort.starts_with('-');
  if (descending) sort.remove_prefix(1);
  const auto* key = std::ranges::find(kSortKeys, sort, &SortKey::name);
  if (key == kSortKeys.end()) {
    return base::Unexpected{
        ReadError{false, "sort: records cannot be sorted by " + std::string{sort}}};
  }
  if (filter.limit == 0 || filter.limit > kMaxPage) {
    return base::Unexpected{ReadError{false, "limit: 1 to 1000"}};
  }
  // The rows of the page are found in the index alone, but for what only the row knows.
  Query query;
  query.sql = filter.party.empty() ? "SELECT seq FROM records INDEXED BY records_lookup"
                                   : "SELECT seq FROM records";
  add_filters(query, filter);
  if (!filter.cursor.empty()) {
    const auto cursor = cursor_from(filter.cursor);
    if (!cursor) return base::Unexpected{ReadError{false, "cursor: not one that was given out"}};
    add_cursor(query, *key, descending, *cursor);
  }
  const std::string_view direction = descending ? " DESC" : " ASC";
  const std::string order = " ORDER BY " + std::string{key->sql} + std::string{direction} + ",seq" +
                            std::string{direction};
  query.sql = "SELECT " + std::string{kColumns} + "," + std::string{key->sql} +
              " FROM records WHERE seq IN (" + query.sql + order + " LIMIT " +
              std::to_string(filter.limit + 1) + ")" + order;
  RecordPage page;
  std::string last;
  auto done = impl_->each(
      query.sql, [&](Statement& s) { query.bind_to(s); },
      [&](const Statement& row) {
        if (page.items.size() == filter.limit) {
          page.next = to_hex(last);
          return;
        }
        page.items.push_back(record_of(row));
        last = std::to_string(row.number(0)) + ":" + row.text(24);
      });
  if (!done) return base::Unexpected{std::move(done.error())};
  return page;
}

Read<std::optional<facts::CallRecord>> Reader::record(const std::string& id) {
  return impl_->one(
      "SELECT " + std::string{kColumns} + " FROM records WHERE id=?",
      [&](Statement& s) { s.bind(id); }, record_of);
}

Read<std::optional<facts::CallRecord>> Reader::record_by_sip_call_id(const std::string& call_id) {
  return impl_->one(
      "SELECT " + std::string{kColumns} +
          " FROM records WHERE sip_call_id=? ORDER BY seq DESC LIMIT 1",
      [&](Statement& s) { s.bind(call_id); }, record_of);
}

Read<std::vector<GroupFigures>> Reader::figures(base::WallTime from, base::WallTime until) {
  return impl_->all(
      "SELECT \"group\",outcome,COUNT(*),CAST(AVG(wait_ms) AS INTEGER),"
      "CAST(AVG(talk_ms) AS INTEGER) FROM records INDEXED BY records_lookup "
      "WHERE started>=? AND started<? GROUP BY 1,2 ORDER BY 1,2",
      [&](Statement& s) { s.bind(from.unix_ms).bind(until.unix_ms); },
      [](const Statement& row) {
        return GroupFigures{row.text(0), row.text(1), row.number(2), row.number(3), row.number(4)};
      });
}

Read<std::vector<facts::Binding>> Reader::bindings() {
  std::vector<facts::Binding> all;
  auto done =
      impl_->each("SELECT body FROM bindings ORDER BY key", nothing, [&](const Statement& row) {
        if (auto fact = decode(row.text(0))) all.push_back(binding_of(std::move(*fact)));
      });
  if (!done) return base::Unexpected{std::move(done.error())};
  return all;
}

Read<std::map<std::string, std::string>> Reader::memories() {
  return impl_->pairs("SELECT group_id,memory FROM memories");
}

Read<std::map<std::string, std::string>> Reader::greetings() {
  return impl_->pairs("SELECT box,file FROM greetings WHERE file<>''");
}

Read<MessagePage> Reader::messages(const MessageFilter& filter) {
  const bool oldest_first = filter.sort == "at";
  if (!filter.sort.empty() && filter.sort != "at" && filter.sort != "-at")
    return base::Unexpected{ReadError{false, "sort: messages are sorted by at or -at"}};
  if (filter.limit == 0 || filter.limit > kMaxPage)
    return base::Unexpected{ReadError{false, "limit: 1 to 1000"}};
  Query query;
  query.sql = "SELECT " + std::string{kMessageColumns} + " FROM messages";
  query.where("box=?", {filter.box});
  if (!filter.q.empty())
    query.where("(\"from\"||char(10)||from_name) LIKE ? ESCAPE '\\'", {anywhere(filter.q)});
  if (!filter.cursor.empty()) {
    const auto cursor = cursor_from(filter.cursor);
    if (!cursor) return base::Unexpected{ReadError{false, "cursor: not one that was given out"}};
    query.where(oldest_first ? "seq>?" : "seq<?", {cursor->seq});
  }
  query.sql += std::string{" ORDER BY seq"} + (oldest_first ? " ASC" : " DESC") + " LIMIT " +
               std::to_string(filter.limit + 1);
  MessagePage page;
  std::string last;
  auto done = impl_->each(
      query.sql, [&](Statement& s) { query.bind_to(s); },
      [&](const Statement& row) {
        if (page.items.size() == filter.limit) {
          page.next = to_hex(last);
          return;
        }
        page.items.push_back(message_of(row));
        last = std::to_string(row.number(0)) + ":";
      });
  if (!done) return base::Unexpected{std::move(done.error())};
  return page;
}

Read<std::map<std::string, facts::MailboxCounts>> Reader::message_counts() {
  std::map<std::string, facts::MailboxCounts> all;
  auto done = impl_->each("SELECT box,SUM(heard=0),SUM(heard<>0) FROM messages GROUP BY box",
                          nothing, [&](const Statement& row) {
                            all[row.text(0)] = {static_cast<std::uint32_t>(row.number(1)),
                                                static_cast<std::uint32_t>(row.number(2))};
                          });
  if (!done) return base::Unexpected{std::move(done.error())};
  return all;
}

Read<std::optional<facts::Message>> Reader::message(const std::string& box, const std::string& id) {
  return impl_->one(
      "SELECT " + std::string{kMessageColumns} + " FROM messages WHERE id=? AND box=?",
      [&](Statement& s) { s.bind(id).bind(box); }, message_of);
}

Read<std::optional<facts::Message>> Reader::message_of_call(const std::string& call) {
  return impl_->one(
      "SELECT " + std::string{kMessageColumns} + " FROM messages WHERE call=? ORDER BY seq",
      [&](Statement& s) { s.bind(call); }, message_of);
}

Read<std::optional<ApiToken>> Reader::token_by_hash(const std::string& hash) {
  return impl_->one(
      "SELECT id,name,hash,scopes,created_ms FROM tokens WHERE hash=?",
      [&](Statement& s) { s.bind(hash); }, token_of);
}

Read<std::vector<ApiToken>> Reader::tokens() {
  return impl_->all("SELECT id,name,hash,scopes,created_ms FROM tokens ORDER BY created_ms,id",
                    nothing, token_of);
}

}  // namespace store
