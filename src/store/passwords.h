#pragma once
// Passwords of people who log in: kept as argon2id (libsodium) and never as they are. A hash takes
// some 20 ms and 19 MiB on purpose: never on a signalling thread.

#include <cstddef>
#include <string>
#include <string_view>

namespace store {

inline constexpr std::size_t kPasswordBytesMin = 10;
inline constexpr std::size_t kPasswordBytesMax = 256;

// "$argon2id$v=19$m=19456,t=2,p=1$…"
[[nodiscard]] std::string hash_password(std::string_view plain);
// True for what hash_password() makes.
[[nodiscard]] bool is_password_hash(std::string_view text);
// Takes the same time for a `hash` that is none: nobody learns who has an account.
[[nodiscard]] bool password_fits(std::string_view plain, const std::string& hash);

}  // namespace store
