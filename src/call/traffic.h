#pragma once
// How many SIP messages came and went, as the metrics name them: requests by method and transport,
// responses by code. Retransmissions are not in it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/address.h"
#include "sip/message.h"

namespace call {

class Traffic {
 public:
  static constexpr std::size_t kMethods = static_cast<std::size_t>(sip::Method::Other) + 1;
  static constexpr std::size_t kTransports = static_cast<std::size_t>(base::Transport::Wss) + 1;
  static constexpr std::uint16_t kCodes = 700;
  struct Direction {
    std::array<std::array<std::uint64_t, kTransports>, kMethods> requests{};
    std::array<std::uint64_t, kCodes> responses{};
  };

  // A message that was read.
  void came(const sip::Message& message, base::Transport transport);
  // A message of ours, by its first line.
  void went(std::string_view bytes, base::Transport transport);
  [[nodiscard]] const Direction& in() const { return in_; }
  [[nodiscard]] const Direction& out() const { return out_; }

 private:
  Direction in_, out_;
};

}  // namespace call
