#include "rtp/detail/aes_cm.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/types.h>

#include "base/assert.h"

namespace rtp::detail {

AesCm::AesCm(std::span<const std::uint8_t, 16> key) : cipher_(EVP_CIPHER_CTX_new()) {
  ASSERT(cipher_ != nullptr);
  ASSERT(EVP_EncryptInit_ex(cipher_.get(), EVP_aes_128_ctr(), nullptr, key.data(), nullptr) == 1);
}

void AesCm::apply(const Block& start, std::span<std::uint8_t> bytes) {
  ASSERT(EVP_EncryptInit_ex(cipher_.get(), nullptr, nullptr, nullptr, start.data()) == 1);
  int written = 0;
  ASSERT(EVP_EncryptUpdate(cipher_.get(), bytes.data(), &written, bytes.data(),
                           static_cast<int>(bytes.size())) == 1);
}

Hmac::Hmac(std::span<const std::uint8_t, kBytes> key) {
  EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  ASSERT(hmac != nullptr);
  mac_.reset(EVP_MAC_CTX_new(hmac));
  EVP_MAC_free(hmac);
  ASSERT(mac_ != nullptr);
  std::array<char, 5> digest{'S', 'H', 'A', '1', '\0'};
  const std::array<OSSL_PARAM, 2> parameters{
      OSSL_PARAM_construct_utf8_string("digest", digest.data(), 0), OSSL_PARAM_construct_end()};
  ASSERT(EVP_MAC_init(mac_.get(), key.data(), key.size(), parameters.data()) == 1);
}

std::array<std::uint8_t, Hmac::kBytes> Hmac::of(std::span<const std::uint8_t> first,
                                                std::span<const std::uint8_t> second) {
  std::array<std::uint8_t, kBytes> sum{};
  std::size_t size = 0;
  // Without a key: from the start again with the key that it has.
  ASSERT(EVP_MAC_init(mac_.get(), nullptr, 0, nullptr) == 1);
  ASSERT(EVP_MAC_update(mac_.get(), first.data(), first.size()) == 1);
  ASSERT(second.empty() || EVP_MAC_update(mac_.get(), second.data(), second.size()) == 1);
  ASSERT(EVP_MAC_final(mac_.get(), sum.data(), &size, sum.size()) == 1);
  ASSERT(size == kBytes);
  return sum;
}

SessionKeys derive(std::span<const std::uint8_t, kMasterBytes> master, Kind kind) {
  AesCm cipher(master.first<16>());
  const std::uint8_t first_label = kind == Kind::Rtp ? 0 : 3;
  const auto fill = [&](std::uint8_t label, std::span<std::uint8_t> out) {
    Block start{};
    std::copy_n(master.begin() + 16, 14, start.begin());
    start[7] = static_cast<std::uint8_t>(start[7] ^ label);
    std::fill(out.begin(), out.end(), std::uint8_t{0});
    cipher.apply(start, out);
  };
  SessionKeys keys;
  fill(first_label, keys.cipher);
  fill(static_cast<std::uint8_t>(first_label + 1), keys.authentication);
  fill(static_cast<std::uint8_t>(first_label + 2), keys.salt);
  return keys;
}

Block counter_block(const std::array<std::uint8_t, 14>& salt, std::uint32_t ssrc,
                    std::uint64_t index) {
  Block block{};
  std::copy(salt.begin(), salt.end(), block.begin());
  for (std::size_t i = 0; i < 4; ++i) {
    block[4 + i] = static_cast<std::uint8_t>(block[4 + i] ^ (ssrc >> (24 - 8 * i)));
  }
  for (std::size_t i = 0; i < 6; ++i) {
    block[8 + i] = static_cast<std::uint8_t>(block[8 + i] ^ (index >> (40 - 8 * i)));
  }
  return block;
}

}  // namespace rtp::detail
