#pragma once
// A text that one user sent another by SIP MESSAGE (RFC 3428), while it waits for a phone.

#include <string>

#include "base/time.h"

namespace facts {

struct Text {
  std::string id;    // of the store, of events, of the Call-ID of what goes on
  std::string to;    // the id of the user
  std::string from;  // the extension of who sent it
  std::string from_name;
  std::string type;  // "text/plain;charset=UTF-8"
  std::string body;
  base::WallTime at{};
  bool operator==(const Text&) const = default;
};

}  // namespace facts
