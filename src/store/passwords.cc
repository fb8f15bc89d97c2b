#include "store/passwords.h"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <sodium.h>

#include "base/assert.h"

namespace store {
namespace {

constexpr unsigned long long kPasses = 2;
constexpr std::size_t kMemoryBytes = std::size_t{19} * 1024 * 1024;

void ready() {
  ASSERT(sodium_init() >= 0);
}

}  // namespace

std::string hash_password(std::string_view plain) {
  ready();
  std::array<char, crypto_pwhash_STRBYTES> made{};
  // It fails for want of memory only, as every allocation of ours that ends the process.
  ASSERT(crypto_pwhash_str_alg(made.data(), plain.data(), plain.size(), kPasses, kMemoryBytes,
                               crypto_pwhash_ALG_ARGON2ID13) == 0);
  return made.data();
}

bool is_password_hash(std::string_view text) {
  return text.starts_with("$argon2id$v=19$") && text.size() < crypto_pwhash_STRBYTES &&
         text.find_first_of(" \n\r") == std::string_view::npos;
}

bool password_fits(std::string_view plain, const std::string& hash) {
  ready();
  if (!is_password_hash(hash)) {
    (void)hash_password(plain);
    return false;
  }
  return crypto_pwhash_str_verify(hash.c_str(), plain.data(), plain.size()) == 0;
}

}  // namespace store
