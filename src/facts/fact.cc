#include "facts/fact.h"

#include <array>
#include <cstddef>
#include <string>
#include <variant>

#include "base/overloaded.h"

namespace facts {

bool is_durable(const Fact& fact) {
  return std::visit(base::Overloaded{
                        [](const CallArrived&) { return true; },
                        [](const CallPlanned&) { return true; },
                        [](const CallAnswered&) { return true; },
                        [](const CallEnded&) { return true; },
                        [](const RegistrationAdded&) { return true; },
                        [](const RegistrationRemoved&) { return true; },
                        [](const MemoryChanged&) { return true; },
                        [](const MessageLeft&) { return true; },
                        [](const MessageChanged&) { return true; },
                        [](const GreetingSet&) { return true; },
                        [](const CallBackWanted&) { return true; },
                        [](const TextKept&) { return true; },
                        [](const TextGone&) { return true; },
                        [](const auto&) { return false; },
                    },
                    fact);
}

std::string sentence(const ConfigChange& change) {
  std::string out = change.kind;
  if (!change.label.empty()) out.append(" ").append(change.label);
  return out.append(" ").append(change.verb);
}

const char* word(AuthFailure reason) {
  static constexpr std::array<const char*, 8> kWords{
      "unknown_user",   "wrong_password", "disabled_user", "stale_nonce",
      "replayed_nonce", "foreign_domain", "malformed",     "too_many_tries"};
  return kWords.at(static_cast<std::size_t>(reason));
}

}  // namespace facts
