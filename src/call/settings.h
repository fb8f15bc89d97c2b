#pragma once
// What the engine is told of harrier.yaml.

#include <cstdint>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/limits.h"
#include "base/time.h"

namespace call {

// RFC 3261 table 4 and rule 3 of docs/hunting.md; all in milliseconds.
struct Timers {
  base::Duration t1{500};
  base::Duration t2{4'000};
  base::Duration t4{5'000};
  base::Duration c{180'000};
  base::Duration dead{3'000};        // no response at all from a device
  base::Duration dead_trunk{6'000};  // the same through a trunk
};

// `media` of harrier.yaml.
struct MediaSettings {
  enum class When : std::uint8_t { Auto, Always, Never };
  bool available = false;  // somebody carries out what Media says
  When anchor = When::Auto;
  std::uint16_t first_port = 0, last_port = 0;
  std::string address;  // shown in descriptions; empty: this machine's towards that peer
};

struct Settings {
  std::uint16_t shard = 0;
  std::string advertise;  // public address, or empty: the local address of the flow
  // This machine's addresses towards others, one a family: named where a flow's local address is
  // the wildcard.
  std::vector<base::IpAddress> own;
  std::vector<base::Cidr> trusted;  // no digest for calls from there; never to a trunk
  Timers timers;
  MediaSettings media;
  std::vector<std::string> emergency{"112"};
  base::Limits limits;
  bool tells_legs = false;  // whoever carries the actions out wants LegBegan
};

}  // namespace call
