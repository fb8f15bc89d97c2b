#pragma once
// What the engine keeps of mailboxes between calls, by model::MailboxRef::key(): how they greet,
// how many messages wait, who guessed at their PINs. Messages are the store's.

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/time.h"
#include "facts/mailbox.h"
#include "service/pin.h"

namespace call {

class Mailboxes final {
 public:
  // The file of its own greeting; null: it has none.
  [[nodiscard]] const std::string* greeting(std::string_view box) const;
  // An empty `file`: the default one from now on. The file that greeted until now, or "".
  [[nodiscard]] std::string set_greeting(const std::string& box, const std::string& file);

  [[nodiscard]] facts::MailboxCounts counts(std::string_view box) const;
  // True if it is a change.
  [[nodiscard]] bool set_counts(const std::string& box, const facts::MailboxCounts& counts);

  // Judges a PIN and counts it (service/pin.h).
  [[nodiscard]] service::PinVerdict try_pin(const std::string& box, std::string_view expected,
                                            std::string_view keyed, base::WallTime now);
  // The same for a number that is no mailbox: never right, and slow in the same way, so that
  // nothing tells it from one that is. Of so many numbers no more is accepted at all.
  [[nodiscard]] service::PinVerdict try_unknown(const std::string& number, base::WallTime now);

 private:
  static constexpr std::size_t kUnknownMax = 10'000;

  std::map<std::string, std::string, std::less<>> greetings_;
  std::map<std::string, facts::MailboxCounts, std::less<>> counts_;
  std::map<std::string, service::PinTries, std::less<>> tries_;
  std::map<std::string, service::PinTries, std::less<>> unknown_;  // by number
};

}  // namespace call
