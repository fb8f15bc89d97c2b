#include "api/provision_windows.h"

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"
#include "store/secrets.h"

namespace api {

bool ProvisionWindows::is_over(const Held& held, base::WallTime now) {
  return held.window.expires <= now || (!held.source.empty() && held.until <= now);
}

std::optional<std::string> ProvisionWindows::open(ProvisionWindow window, base::WallTime now) {
  const std::scoped_lock lock{mutex_};
  std::erase_if(held_, [&](const auto& entry) {
    const ProvisionWindow& old = entry.second.window;
    return is_over(entry.second, now) ||
           (old.user_id == window.user_id && old.device_id == window.device_id);
  });
  if (held_.size() >= kMost) return std::nullopt;
  std::string secret = store::new_token();
  held_.emplace(store::token_hash(secret), Held{std::move(window), {}, {}});
  return secret;
}

std::optional<ProvisionWindow> ProvisionWindows::look(std::string_view secret,
                                                      const std::string& source,
                                                      base::WallTime now) const {
  const std::scoped_lock lock{mutex_};
  const auto found = held_.find(store::token_hash(secret));
  if (found == held_.end() || is_over(found->second, now)) return std::nullopt;
  const Held& held = found->second;
  if (!held.source.empty() && held.source != source) return std::nullopt;
  return held.window;
}

bool ProvisionWindows::take(std::string_view secret, const std::string& source,
                            base::WallTime now) {
  const std::scoped_lock lock{mutex_};
  const auto found = held_.find(store::token_hash(secret));
  if (found == held_.end() || is_over(found->second, now)) return false;
  Held& held = found->second;
  if (!held.source.empty()) return held.source == source;
  held.source = source;
  held.until = {now.unix_ms + kAgain.count()};
  return true;
}

}  // namespace api
