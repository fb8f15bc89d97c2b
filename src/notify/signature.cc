#include "notify/signature.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/base64.h"

namespace notify {

std::string signature_of(std::string_view key, std::string_view id, std::int64_t timestamp_s,
                         std::string_view body) {
  std::string text{id};
  text.append(".").append(std::to_string(timestamp_s)).append(".").append(body);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  (void)HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, text.size(),
             digest.data(), &length);
  const std::string_view made{reinterpret_cast<const char*>(digest.data()), length};
  return "v1," + base::base64(made);
}

std::vector<std::string> signed_headers(const std::vector<std::string>& keys, const std::string& id,
                                        std::int64_t timestamp_s, std::string_view body) {
  std::string signatures;
  for (const std::string& key : keys) {
    if (!signatures.empty()) signatures += ' ';
    signatures += signature_of(key, id, timestamp_s, body);
  }
  return {"webhook-id: " + id, "webhook-timestamp: " + std::to_string(timestamp_s),
          "webhook-signature: " + signatures};
}

}  // namespace notify
