// Bytes as a session description. Promises: no crash; what is accepted is within its limits and,
// with our o= line in it, is accepted again and says the same; the same text twice gives the same
// bytes; a refusal of all its lines fits it.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/limits.h"
#include "sdp/session.h"

namespace {

void check_limits(const sdp::Session& session, std::string_view text) {
  ASSERT(text.size() <= base::kSdpBytesMax);
  ASSERT(session.media.size() <= base::kSdpMediaMax);
  for (const sdp::Media& media : session.media) {
    ASSERT(media.attributes.size() <= base::kSdpAttributesMax);
    ASSERT(!media.formats.empty() && !media.kind.empty() && !media.protocol.empty());
    ASSERT(media.port == 0 || !media.address.empty());
  }
}

bool says_the_same(const sdp::Session& a, const sdp::Session& b) {
  if (a.media.size() != b.media.size() || a.address != b.address || a.timing != b.timing ||
      a.origin_address != b.origin_address)
    return false;
  for (std::size_t i = 0; i < a.media.size(); ++i) {
    const sdp::Media& left = a.media[i];
    const sdp::Media& right = b.media[i];
    if (left.kind != right.kind || left.port != right.port || left.formats != right.formats ||
        left.attributes != right.attributes || left.direction != right.direction ||
        left.address != right.address)
      return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto session = sdp::Session::parse(text);
  sdp::OriginKeeper keeper{42};
  const std::string shown = keeper.rewrite(text);
  ASSERT(keeper.rewrite(text) == shown);
  if (!session) {
    ASSERT(!std::string_view{sdp::word(session.error())}.empty());
    return 0;
  }
  check_limits(*session, text);
  (void)session->is_hold();
  if (shown.size() <= base::kSdpBytesMax) {
    const auto again = sdp::Session::parse(shown);
    ASSERT(again.has_value() && again->session_id == "42" && again->session_version == "1");
    ASSERT(says_the_same(*session, *again));
  }
  ASSERT(sdp::fits(*session, *session));
  const auto refusal = sdp::reject_all(text);
  ASSERT(refusal.has_value());
  const auto refused = sdp::Session::parse(*refusal);
  ASSERT(refused.has_value() && sdp::fits(*session, *refused));
  ASSERT(!refused->is_hold());
  return 0;
}
