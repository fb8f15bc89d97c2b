#pragma once
// Times in which one phone may fetch its settings, with its password, once.
//
// A window has a secret of its own, is kept in memory alone and ends with the process. Who fetches
// first may do so again for a minute, for phones ask twice; nobody else may.

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "model/provisioning.h"

namespace api {

struct ProvisionWindow {
  std::string user_id;
  std::string device_id;  // empty: the account that all phones of the user share
  model::ProvisionedPhone phone = model::ProvisionedPhone::Yealink;
  model::PhoneSettings reach;  // server, port, transport and lamps; the rest when it is fetched
  base::WallTime expires{};
};

// Thread-safe.
class ProvisionWindows final {
 public:
  static constexpr std::size_t kMost = 1'000;
  static constexpr base::Duration kAgain{60'000};

  // The secret of its address; one for the same account before it does not hold any more. Nothing:
  // there are too many.
  [[nodiscard]] std::optional<std::string> open(ProvisionWindow window, base::WallTime now);
  // The window of that secret, if it is open for who asks from there.
  [[nodiscard]] std::optional<ProvisionWindow> look(std::string_view secret,
                                                    const std::string& source,
                                                    base::WallTime now) const;
  // He gets the file. False: it is another's by now, who looked at the same time, or time is over.
  [[nodiscard]] bool take(std::string_view secret, const std::string& source, base::WallTime now);

 private:
  struct Held {
    ProvisionWindow window;
    std::string source;      // who fetched it; empty: nobody yet
    base::WallTime until{};  // for him
  };
  [[nodiscard]] static bool is_over(const Held& held, base::WallTime now);

  mutable std::mutex mutex_;
  std::map<std::string, Held, std::less<>> held_;  // by the secret's hash
};

}  // namespace api
