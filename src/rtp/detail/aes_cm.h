#pragma once
// AES-128 in counter mode and HMAC-SHA1 as SRTP uses them, over OpenSSL.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <openssl/evp.h>
#include <openssl/types.h>

namespace rtp::detail {

using Block = std::array<std::uint8_t, 16>;

// AES-CM (RFC 3711 section 4.1.1): the same call encrypts and decrypts.
class AesCm final {
 public:
  explicit AesCm(std::span<const std::uint8_t, 16> key);
  // XORs `bytes` with the key stream that begins at counter block `start`.
  void apply(const Block& start, std::span<std::uint8_t> bytes);

 private:
  struct Free {
    void operator()(EVP_CIPHER_CTX* cipher) const { EVP_CIPHER_CTX_free(cipher); }
  };
  std::unique_ptr<EVP_CIPHER_CTX, Free> cipher_;
};

// HMAC-SHA1 over up to two pieces.
class Hmac final {
 public:
  static constexpr std::size_t kBytes = 20;
  explicit Hmac(std::span<const std::uint8_t, kBytes> key);
  [[nodiscard]] std::array<std::uint8_t, kBytes> of(std::span<const std::uint8_t> first,
                                                    std::span<const std::uint8_t> second);

 private:
  struct Free {
    void operator()(EVP_MAC_CTX* mac) const { EVP_MAC_CTX_free(mac); }
  };
  std::unique_ptr<EVP_MAC_CTX, Free> mac_;
};

// Session keys of one kind of packet.
struct SessionKeys {
  std::array<std::uint8_t, 16> cipher{};
  std::array<std::uint8_t, 14> salt{};
  std::array<std::uint8_t, Hmac::kBytes> authentication{};
};
enum class Kind : std::uint8_t { Rtp, Rtcp };
inline constexpr std::size_t kMasterBytes = 30;  // 16 of key, 14 of salt
// RFC 3711 section 4.3 with a key derivation rate of 0.
[[nodiscard]] SessionKeys derive(std::span<const std::uint8_t, kMasterBytes> master, Kind kind);

// The first counter block of a packet (section 4.1.1).
[[nodiscard]] Block counter_block(const std::array<std::uint8_t, 14>& salt, std::uint32_t ssrc,
                                  std::uint64_t index);

}  // namespace rtp::detail
