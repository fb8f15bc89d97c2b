#pragma once
// Secrets at rest. Every password and PIN of the office is encrypted (libsodium secretbox): digest
// needs SIP passwords back, and nobody logs in with the others yet. Tokens are kept as a hash only.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace store {

class Secrets final {
 public:
  // Reads the key file (32 bytes, mode 0400), or makes it with a fresh key if it is not there. A
  // file of another size or readable by others is refused with its name.
  [[nodiscard]] static base::Result<Secrets, std::string> open(const std::string& key_file);
  ~Secrets();
  Secrets(Secrets&& other) noexcept;
  Secrets& operator=(Secrets&& other) noexcept;
  Secrets(const Secrets&) = delete;
  Secrets& operator=(const Secrets&) = delete;

  // base64 of nonce and box, for a YAML scalar with the tag !encrypted. Thread-safe.
  [[nodiscard]] std::string encrypt(std::string_view plain) const;
  // Nothing if it was not encrypted with this key. Thread-safe.
  [[nodiscard]] std::optional<std::string> decrypt(std::string_view base64) const;

 private:
  Secrets() = default;
  std::array<std::uint8_t, 32> key_{};
};

// 192 random bits as letters, digits, - and _; shown once.
[[nodiscard]] std::string new_token();
// What is stored of a token: hexadecimal BLAKE2b-256. Tokens are random, so no slow hash is needed.
[[nodiscard]] std::string token_hash(std::string_view token);

}  // namespace store
