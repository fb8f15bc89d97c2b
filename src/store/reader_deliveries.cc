// Questions about deliveries.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/database.h"
#include "store/deliveries.h"
#include "store/detail/reader_impl.h"
#include "store/reader.h"

namespace store {
namespace {

using detail::kMaxPage;
using detail::nothing;
using detail::Query;

constexpr std::string_view kColumns =
    "SELECT id,state,webhook,event_id,type,call,group_id,url,body,at_ms,due_ms,tries,status,"
    "trouble,done_ms FROM deliveries";

Delivery delivery_of(const Statement& row) {
  Delivery made;
  made.id = row.number(0);
  made.state = static_cast<DeliveryState>(row.number(1));
  made.webhook = row.text(2);
  made.event_id = row.text(3);
  made.type = row.text(4);
  made.call = row.text(5);
  made.group = row.text(6);
  made.url = row.text(7);
  made.body = row.text(8);
  made.at = {row.number(9)};
  made.due = {row.number(10)};
  made.tries = static_cast<std::uint32_t>(row.number(11));
  made.status = static_cast<std::uint16_t>(row.number(12));
  made.trouble = row.text(13);
  if (!row.is_null(14)) made.done = base::WallTime{row.number(14)};
  return made;
}

std::int64_t number_of(DeliveryState state) {
  return static_cast<std::int64_t>(state);
}

std::int64_t state_from(const std::string& text) {
  for (const DeliveryState state : {DeliveryState::Unsettled, DeliveryState::Waiting,
                                    DeliveryState::Delivered, DeliveryState::Failed})
    if (text == word(state)) return number_of(state);
  return -1;
}

}  // namespace

const char* word(DeliveryState state) {
  switch (state) {
    case DeliveryState::Unsettled:
      return "unsettled";
    case DeliveryState::Waiting:
      return "waiting";
    case DeliveryState::Delivered:
      return "delivered";
    case DeliveryState::Failed:
      break;
  }
  return "failed";
}

Read<std::vector<Delivery>> Reader::deliveries_unsettled(std::size_t limit) {
  return impl_->all(
      std::string(kColumns) + " WHERE state=? ORDER BY id LIMIT ?",
      [&](Statement& s) {
        s.bind(number_of(DeliveryState::Unsettled)).bind(static_cast<std::int64_t>(limit));
      },
      delivery_of);
}

Read<std::vector<Delivery>> Reader::deliveries_due(base::WallTime now, std::size_t of_one) {
  return impl_->all(
      std::string(kColumns) +
          " WHERE id IN (SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY "
          "webhook,group_id "
          "ORDER BY due_ms,id) AS place FROM deliveries WHERE state=? AND due_ms<=?) "
          "WHERE place<=?) ORDER BY due_ms,id",
      [&](Statement& s) {
        s.bind(number_of(DeliveryState::Waiting)).bind(now.unix_ms);
        s.bind(static_cast<std::int64_t>(of_one));
      },
      delivery_of);
}

Read<std::int64_t> Reader::deliveries_waiting() {
  TRY(const auto count, impl_->one("SELECT COUNT(*) FROM deliveries WHERE state<2", nothing,
                                   [](const Statement& row) { return row.number(0); }));
  return count.value_or(0);
}

Read<std::vector<Delivery>> Reader::deliveries(const DeliveryFilter& filter) {
  Query query;
  query.sql = kColumns;
  query.where("state>?", {number_of(DeliveryState::Unsettled)});
  query.equals("webhook", filter.webhook);
  query.equals("call", filter.call);
  query.equals("type", filter.type);
  if (!filter.state.empty()) query.where("state=?", {state_from(filter.state)});
  if (filter.before > 0) query.where("id<?", {filter.before});
  query.sql += " ORDER BY id DESC LIMIT ?";
  return impl_->all(
      query.sql,
      [&](Statement& s) {
        query.bind_to(s);
        s.bind(static_cast<std::int64_t>(std::min(filter.limit, kMaxPage)));
      },
      delivery_of);
}

Read<std::optional<Delivery>> Reader::delivery(std::int64_t id) {
  return impl_->one(
      std::string(kColumns) + " WHERE id=?", [&](Statement& s) { s.bind(id); }, delivery_of);
}

}  // namespace store
