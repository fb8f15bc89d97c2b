// Questions about notices.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/database.h"
#include "store/detail/reader_impl.h"
#include "store/notices.h"
#include "store/reader.h"

namespace store {
namespace {

using detail::nothing;

Notice notice_of(const Statement& row) {
  Notice notice;
  notice.id = row.number(0);
  notice.kind = row.text(1);
  notice.ref = row.text(2);
  notice.recipient = row.text(3);
  notice.at = {row.number(4)};
  notice.tries = static_cast<std::uint32_t>(row.number(5));
  notice.due = {row.number(6)};
  return notice;
}

}  // namespace

Read<std::vector<Notice>> Reader::notices_without_recipient(std::size_t limit) {
  return impl_->all(
      "SELECT id,kind,ref,recipient,at_ms,tries,due_ms FROM notices WHERE recipient='' "
      "ORDER BY id LIMIT ?",
      [&](Statement& s) { s.bind(static_cast<std::int64_t>(limit)); }, notice_of);
}

Read<std::vector<Notice>> Reader::notices_due(base::WallTime now, std::size_t limit) {
  return impl_->all(
      "SELECT id,kind,ref,recipient,at_ms,tries,due_ms FROM notices "
      "WHERE recipient<>'' AND due_ms<=? ORDER BY due_ms,id LIMIT ?",
      [&](Statement& s) { s.bind(now.unix_ms).bind(static_cast<std::int64_t>(limit)); }, notice_of);
}

Read<std::int64_t> Reader::notice_count() {
  TRY(const auto count, impl_->one("SELECT COUNT(*) FROM notices", nothing,
                                   [](const Statement& row) { return row.number(0); }));
  return count.value_or(0);
}

Read<std::optional<base::WallTime>> Reader::days_until() {
  return impl_->one("SELECT CAST(value AS INTEGER) FROM meta WHERE key='days_until'", nothing,
                    [](const Statement& row) { return base::WallTime{row.number(0)}; });
}

}  // namespace store
