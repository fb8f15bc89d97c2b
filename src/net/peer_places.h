#pragma once
// How many connections each peer has taken of the places that all share: nobody gets them all.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>

#include "base/address.h"

namespace net {

class PeerPlaces final {
 public:
  explicit PeerPlaces(std::size_t most) : most_(most) {}

  // False: this peer has enough. A peer is an IPv4 address or the /64 of an IPv6 address.
  [[nodiscard]] bool take(const base::IpAddress& address) {
    std::size_t& taken = taken_[peer_of(address)];
    if (taken >= most_) return false;
    ++taken;
    return true;
  }
  void give_back(const base::IpAddress& address) {
    const auto found = taken_.find(peer_of(address));
    if (found != taken_.end() && --found->second == 0) taken_.erase(found);
  }

 private:
  [[nodiscard]] static base::IpAddress peer_of(base::IpAddress address) {
    if (address.is_v6) std::fill(address.bytes.begin() + 8, address.bytes.end(), std::uint8_t{0});
    return address;
  }

  std::size_t most_;
  std::map<base::IpAddress, std::size_t> taken_;
};

}  // namespace net
