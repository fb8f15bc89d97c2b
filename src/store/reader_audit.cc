// Questions about the configuration and its history.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "store/database.h"
#include "store/detail/reader_impl.h"
#include "store/reader.h"
#include "store/things.h"

namespace store {
namespace {

using detail::kMaxPage;
using detail::nothing;
using detail::Query;
using detail::thing_of;

AuditEntry audit_of(const Statement& row) {
  AuditEntry entry;
  entry.seq = row.number(0);
  entry.revision = row.number(1);
  entry.when = base::WallTime{row.number(2)};
  entry.who = row.text(3);
  entry.what = row.text(4);
  entry.kind = row.text(5);
  entry.id = row.text(6);
  if (!row.is_null(7)) entry.before = row.text(7);
  if (!row.is_null(8)) entry.after = row.text(8);
  entry.source = row.text(9);
  return entry;
}

}  // namespace

Read<std::vector<Thing>> Reader::things(const std::string& kind) {
  return impl_->all(
      "SELECT kind,id,position,revision,body FROM things WHERE ?1='' OR kind=?1 "
      "ORDER BY kind,position,id",
      [&](Statement& s) { s.bind(kind); }, thing_of);
}

Read<std::int64_t> Reader::revision() {
  TRY(const auto number, impl_->one("SELECT CAST(value AS INTEGER) FROM meta WHERE key='revision'",
                                    nothing, [](const Statement& row) { return row.number(0); }));
  return number.value_or(0);
}

Read<std::optional<std::string>> Reader::office_hash() {
  return impl_->one("SELECT value FROM meta WHERE key='office_hash'", nothing,
                    [](const Statement& row) { return row.text(0); });
}

Read<std::vector<AuditEntry>> Reader::audit(std::size_t limit, std::int64_t before_seq) {
  const std::int64_t before = before_seq == 0 ? INT64_MAX : before_seq;
  return impl_->all(
      "SELECT seq,revision,at_ms,who,what,kind,id,before,after,source FROM audit WHERE seq<? "
      "ORDER BY seq DESC LIMIT ?",
      [&](Statement& s) {
        s.bind(before).bind(static_cast<std::int64_t>(std::min(limit, kMaxPage)));
      },
      audit_of);
}

Read<std::vector<Revision>> Reader::revisions(const RevisionFilter& filter) {
  Query query;
  query.sql = "SELECT revision,MIN(at_ms),MIN(who),MIN(source),MIN(what),COUNT(*) FROM audit";
  query.where("revision<?", {filter.before == 0 ? INT64_MAX : filter.before});
  query.equals("who", filter.who);
  if (!filter.kind.empty()) {
    query.where(filter.id.empty()
                    ? "revision IN (SELECT revision FROM audit WHERE kind=?)"
                    : "revision IN (SELECT revision FROM audit WHERE kind=? AND id=?)",
                filter.id.empty() ? std::vector<Query::Value>{filter.kind}
                                  : std::vector<Query::Value>{filter.kind, filter.id});
  }
  query.sql += " GROUP BY revision ORDER BY revision DESC LIMIT " +
               std::to_string(std::min(filter.limit, kMaxPage));
  return impl_->all(
      query.sql, [&](Statement& s) { query.bind_to(s); },
      [](const Statement& row) {
        return Revision{row.number(0), base::WallTime{row.number(1)},
                        row.text(2),   row.text(3),
                        row.text(4),   row.number(5)};
      });
}

Read<std::vector<AuditEntry>> Reader::revision_entries(std::int64_t revision) {
  return impl_->all(
      "SELECT seq,revision,at_ms,who,what,kind,id,before,after,source FROM audit WHERE revision=? "
      "ORDER BY seq",
      [&](Statement& s) { s.bind(revision); }, audit_of);
}

// A thing that was not touched later is in the table with the position that it has now.
Read<std::vector<Thing>> Reader::things_at(std::int64_t revision) {
  return impl_->all(
      "SELECT a.kind,a.id,COALESCE(t.position,a.seq),a.revision,a.after FROM audit a "
      "LEFT JOIN things t ON t.kind=a.kind AND t.id=a.id "
      "WHERE a.seq IN (SELECT MAX(seq) FROM audit WHERE revision<=? GROUP BY kind,id) "
      "AND a.after IS NOT NULL ORDER BY a.kind,3,a.id",
      [&](Statement& s) { s.bind(revision); }, thing_of);
}

}  // namespace store
