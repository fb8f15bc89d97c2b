#include "call/detail/mailboxes.h"

#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"
#include "facts/mailbox.h"
#include "service/pin.h"

namespace call {

const std::string* Mailboxes::greeting(std::string_view box) const {
  const auto found = greetings_.find(box);
  return found == greetings_.end() ? nullptr : &found->second;
}

std::string Mailboxes::set_greeting(const std::string& box, const std::string& file) {
  const auto found = greetings_.find(box);
  std::string old = found == greetings_.end() ? std::string() : found->second;
  if (!file.empty()) {
    greetings_[box] = file;
  } else if (found != greetings_.end()) {
    greetings_.erase(found);
  }
  return old;
}

facts::MailboxCounts Mailboxes::counts(std::string_view box) const {
  const auto found = counts_.find(box);
  return found == counts_.end() ? facts::MailboxCounts{} : found->second;
}

bool Mailboxes::set_counts(const std::string& box, const facts::MailboxCounts& counts) {
  if (this->counts(box) == counts) return false;
  counts_[box] = counts;
  return true;
}

service::PinVerdict Mailboxes::try_pin(const std::string& box, std::string_view expected,
                                       std::string_view keyed, base::WallTime now) {
  return service::try_pin(tries_[box], expected, keyed, now);
}

service::PinVerdict Mailboxes::try_unknown(const std::string& number, base::WallTime now) {
  const auto found = unknown_.find(number);
  if (found == unknown_.end() && unknown_.size() >= kUnknownMax)
    return service::PinVerdict::TooEarly;
  return service::try_pin(unknown_[number], "", "", now);
}

}  // namespace call
