#pragma once
// Deliveries: HTTP requests that tell others what happened. They are rows until somebody outside
// took them or they were given up, and for some days after that, as a log.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace store {

// Ended: the call of an unsettled row; it is not known yet who is told.
enum class DeliveryState : std::uint8_t { Unsettled, Waiting, Delivered, Failed };
// "waiting", "delivered", "failed"; "unsettled".
[[nodiscard]] const char* word(DeliveryState state);

struct Delivery {
  std::int64_t id = 0;  // given by the store
  DeliveryState state = DeliveryState::Waiting;
  std::string webhook{};   // id of the webhook; empty: an action URL
  std::string event_id{};  // the same at every try
  std::string type{};      // of the event: "call.ended"
  std::string call{};
  std::string group{};  // id of the group whose action URL it is
  std::string url{};    // of an action URL; a webhook's is the one that it has when it is asked
  std::string body{};   // of a webhook
  base::WallTime at{};  // when it became true
  base::WallTime due{};
  std::uint32_t tries = 0;
  std::uint16_t status = 0;  // HTTP, of the last answer; 0: none
  std::string trouble{};     // of the last try
  std::optional<base::WallTime> done{};
  bool operator==(const Delivery&) const = default;
};

// One transaction. What is not there any more is no trouble.
struct DeliveryChange {
  std::vector<std::int64_t> removed{};
  std::vector<Delivery> added{};    // their ids are not read
  std::vector<Delivery> updated{};  // state, tries, due, status, trouble and done are new
  std::optional<base::WallTime> forget_before{};  // of those that are done
};

struct DeliveryFilter {
  std::string webhook{}, call{}, state{}, type{};  // exact; empty = any
  std::size_t limit = 50;                          // 1 to 1000
  std::int64_t before = 0;                         // id of the last one seen; 0: from the newest
};

}  // namespace store
