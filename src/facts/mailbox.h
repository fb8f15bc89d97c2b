#pragma once
// A message in a mailbox, as it is told, stored, shown and played.

#include <cstdint>
#include <string>

#include "base/time.h"

namespace facts {

struct Message {
  std::string id;               // one of all mailboxes
  std::string box;              // model::MailboxRef::key(): stays when the mailbox is renamed
  std::string call;             // the call that left it
  std::string file;             // relative to the media folder
  std::string from, from_name;  // the caller; empty: unknown
  base::WallTime at{};
  std::int64_t length_ms = 0;
  bool heard = false;
  bool saved = false;
  std::string handled_by;  // extension of who takes care of it; empty: nobody
  bool operator==(const Message&) const = default;
};

// How many messages wait in a mailbox.
struct MailboxCounts {
  std::uint32_t fresh = 0;  // not heard
  std::uint32_t old = 0;
  bool operator==(const MailboxCounts&) const = default;
};

}  // namespace facts
