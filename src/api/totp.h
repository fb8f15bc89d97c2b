#pragma once
// The second factor: six digits that change every 30 seconds (RFC 6238 with SHA-1, as every phone's
// application makes them).

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace api {

// The code of one step of 30 seconds; nothing for a secret that is not base32.
[[nodiscard]] std::optional<std::string> totp_code(std::string_view base32, std::uint64_t step);
// The step of a moment whose code this is: the current one, the one before or after it.
[[nodiscard]] std::optional<std::uint64_t> totp_step(std::string_view base32, std::string_view code,
                                                     base::WallTime now);
// 160 random bits in base32.
[[nodiscard]] std::string new_totp_secret();
// What a phone reads from a QR code.
[[nodiscard]] std::string totp_uri(std::string_view secret, std::string_view account,
                                   std::string_view issuer);

// A code is good once (RFC 6238 section 5.2). Thread-safe.
class UsedCodes final {
 public:
  // False: this step's code, or a later one, was used for the account before.
  [[nodiscard]] bool use(const std::string& account, std::uint64_t step);

 private:
  std::mutex mutex_;
  std::map<std::string, std::uint64_t> last_;
};

}  // namespace api
