#pragma once
// Any service and any queue, driven by bytes: keys, media events, hang-ups and time in any order.
// What must hold whatever comes:
//
//   - a deadline that is reached moves or goes away; what is done does nothing any more
//   - a service ends once (GoTo, HangUp, Confirmed or CallBack), and then it is done
//   - one recording at a time; each file is in the end kept or discarded, exactly once
//   - when only time passes, every service that has a longest time ends by itself
//   - an agent is offered one call at a time, and only to who waits; a caller is connected or sent
//     away once, and nothing but Withdraw comes for him afterwards

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace service::testing {

class Bytes {
 public:
  explicit Bytes(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  [[nodiscard]] bool empty() const { return at_ == bytes_.size(); }
  // 0 when there are no more.
  [[nodiscard]] std::uint8_t next() { return empty() ? std::uint8_t{0} : bytes_[at_++]; }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

// The promise that was broken, or nothing.
[[nodiscard]] std::string drive_service(Bytes bytes);
[[nodiscard]] std::string drive_queue(Bytes bytes);

}  // namespace service::testing
