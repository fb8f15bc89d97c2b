#pragma once
// The names and addresses of TLS peers by the numbers that flows carry (base::PeerName): a flow
// stays small, and the shell asks for the text once a connection.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/limits.h"

namespace call {

class PeerNames final {
 public:
  // Of the room for names the last part is for those of trunks: whoever sends calls on to many
  // hosts cannot take it from them.
  static constexpr std::size_t kForTrunks = 512;

  // The number of this name, the same each time; nothing when there are too many.
  [[nodiscard]] std::optional<base::PeerName> number_of(std::string_view name) {
    return number_within(name, base::kPeerNamesMax - kForTrunks);
  }
  void add_trunk(std::string_view name) { (void)number_within(name, base::kPeerNamesMax); }
  // "" for None.
  [[nodiscard]] std::string_view text_of(base::PeerName name) const {
    const auto number = static_cast<std::size_t>(name);
    return number == 0 || number > names_.size() ? std::string_view() : names_[number - 1];
  }

 private:
  std::optional<base::PeerName> number_within(std::string_view name, std::size_t most) {
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (names_[i] == name) return static_cast<base::PeerName>(i + 1);
    if (names_.size() >= most) return std::nullopt;
    names_.emplace_back(name);
    return static_cast<base::PeerName>(names_.size());
  }

  std::vector<std::string> names_;
};

}  // namespace call
