#pragma once
// The signature of a webhook (Standard Webhooks): HMAC-SHA256 over id, time and body.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace notify {

// "v1,<base64>" of `id.timestamp.body` with this key.
[[nodiscard]] std::string signature_of(std::string_view key, std::string_view id,
                                       std::int64_t timestamp_s, std::string_view body);

// The headers of a signed body: webhook-id, webhook-timestamp, and webhook-signature with one
// signature a key, blanks between them.
[[nodiscard]] std::vector<std::string> signed_headers(const std::vector<std::string>& keys,
                                                      const std::string& id,
                                                      std::int64_t timestamp_s,
                                                      std::string_view body);

}  // namespace notify
