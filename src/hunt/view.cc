#include "hunt/view.h"

#include <string>
#include <string_view>

#include "hunt/memory.h"

namespace hunt {

UserPresence PresenceView::user(std::string_view user_id) const {
  const auto found = presence_.users.find(std::string{user_id});
  return found == presence_.users.end() ? UserPresence{} : found->second;
}

Memory PresenceView::memory(std::string_view group_id) const {
  const auto found = presence_.memory.find(std::string{group_id});
  if (found == presence_.memory.end()) return {};
  return decode(found->second).value_or(Memory{});
}

}  // namespace hunt
