#include "api/totp.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "base/assert.h"
#include "base/time.h"

namespace api {
namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::int64_t kStepMs = 30'000;

std::optional<std::string> bytes_of(std::string_view base32) {
  std::string out;
  unsigned bits = 0;
  std::uint32_t held = 0;
  for (const char c : base32) {
    const std::size_t value = kLetters.find(c);
    if (value == std::string_view::npos) return {};
    held = (held << 5U | static_cast<std::uint32_t>(value)) & 0xFFFFU;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>(held >> bits & 0xFFU);
  }
  if (out.empty()) return {};
  return out;
}

void append_escaped(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '-' || c == '_';
    const auto byte = static_cast<unsigned char>(c);
    if (plain) {
      out += c;
    } else {
      out.append("%").append(1, kHex[byte >> 4U]).append(1, kHex[byte & 15U]);
    }
  }
}

}  // namespace

std::optional<std::string> totp_code(std::string_view base32, std::uint64_t step) {
  const auto key = bytes_of(base32);
  if (!key.has_value()) return {};
  std::array<unsigned char, 8> counter{};
  for (std::size_t i = 0; i < 8; ++i)
    counter[i] = static_cast<unsigned char>(step >> (8U * (7U - i)) & 0xFFU);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  ASSERT(HMAC(EVP_sha1(), key->data(), static_cast<int>(key->size()), counter.data(),
              counter.size(), digest.data(), &length) != nullptr);
  // RFC 4226 section 5.3: four bytes at the place that the last half byte names.
  const std::size_t offset = digest[length - 1] & 15U;
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8U | digest[offset + i];
  std::string digits = std::to_string((number & 0x7FFF'FFFFU) % 1'000'000U);
  return std::string(6 - digits.size(), '0') + digits;
}

std::optional<std::uint64_t> totp_step(std::string_view base32, std::string_view code,
                                       base::WallTime now) {
  const auto current = static_cast<std::uint64_t>(now.unix_ms / kStepMs);
  for (const std::uint64_t step : {current, current - 1, current + 1}) {
    const auto wanted = totp_code(base32, step);
    if (wanted.has_value() && *wanted == code) return step;
  }
  return {};
}

std::string new_totp_secret() {
  std::array<unsigned char, 32> random{};
  ASSERT(RAND_bytes(random.data(), static_cast<int>(random.size())) == 1);
  std::string secret;
  for (const unsigned char byte : random) secret += kLetters[byte & 31U];
  return secret;
}

std::string totp_uri(std::string_view secret, std::string_view account, std::string_view issuer) {
  std::string uri = "otpauth://totp/";
  append_escaped(uri, issuer);
  uri += ":";
  append_escaped(uri, account);
  uri.append("?secret=").append(secret).append("&issuer=");
  append_escaped(uri, issuer);
  return uri;
}

bool UsedCodes::use(const std::string& account, std::uint64_t step) {
  const std::scoped_lock lock{mutex_};
  const auto [known, fresh] = last_.try_emplace(account, step);
  if (fresh) return true;
  if (step <= known->second) return false;
  known->second = step;
  return true;
}

}  // namespace api
