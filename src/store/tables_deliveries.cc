// Tables: deliveries.
#include <cstdint>

#include "base/result.h"
#include "store/database.h"
#include "store/deliveries.h"
#include "store/tables.h"

namespace store {

base::Status<SqlError> Tables::put_delivery(const Delivery& delivery) {
  put_delivery_.bind(static_cast<std::int64_t>(delivery.state)).bind(delivery.webhook);
  put_delivery_.bind(delivery.event_id).bind(delivery.type).bind(delivery.call);
  put_delivery_.bind(delivery.group).bind(delivery.url).bind(delivery.body);
  put_delivery_.bind(delivery.at.unix_ms).bind(delivery.due.unix_ms);
  put_delivery_.bind(static_cast<std::int64_t>(delivery.tries));
  put_delivery_.bind(static_cast<std::int64_t>(delivery.status)).bind(delivery.trouble);
  if (delivery.done.has_value()) return put_delivery_.bind(delivery.done->unix_ms).run();
  return put_delivery_.bind_null().run();
}

base::Status<SqlError> Tables::apply(const DeliveryChange& change) {
  for (const std::int64_t id : change.removed)
    if (auto done = remove_delivery_.bind(id).run(); !done) return done;
  for (const Delivery& delivery : change.added)
    if (auto done = put_delivery(delivery); !done) return done;
  for (const Delivery& delivery : change.updated) {
    update_delivery_.bind(static_cast<std::int64_t>(delivery.state)).bind(delivery.due.unix_ms);
    update_delivery_.bind(static_cast<std::int64_t>(delivery.tries));
    update_delivery_.bind(static_cast<std::int64_t>(delivery.status)).bind(delivery.trouble);
    if (delivery.done.has_value())
      update_delivery_.bind(delivery.done->unix_ms);
    else
      update_delivery_.bind_null();
    if (auto done = update_delivery_.bind(delivery.id).run(); !done) return done;
  }
  if (!change.forget_before.has_value()) return base::Ok{};
  return forget_deliveries_.bind(change.forget_before->unix_ms).run();
}

}  // namespace store
