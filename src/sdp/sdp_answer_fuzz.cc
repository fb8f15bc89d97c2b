// An offer from bytes, an answer by us (RFC 3264 section 6). Promises: as many m-lines as the
// offer, of the same kinds; one at most is live; its formats are among those of the offer; the
// answer is a description that we accept ourselves.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/limits.h"
#include "sdp/audio.h"
#include "sdp/session.h"

namespace {

// The first byte says what we can.
sdp::Own own_of(std::uint8_t bits) {
  sdp::Own own{(bits & 1U) != 0 ? "2001:db8::1" : "192.0.2.1", 30'000, {}, {}};
  if ((bits & 128U) != 0) own.key = std::string(40, 'k');
  constexpr std::string_view kCodecs[] = {"PCMU", "PCMA", "G722", "opus"};
  for (std::size_t i = 0; i < std::size(kCodecs); ++i)
    if ((bits >> 1U >> i & 1U) != 0) own.codecs.emplace_back(kCodecs[i]);
  return own;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(data + 1, data + size);
  const auto offer = sdp::Session::parse(text);
  if (!offer) return 0;
  const sdp::Own own = own_of(data[0]);
  const auto made = sdp::answer_to(*offer, own);
  if (!made.has_value()) return 0;
  if (made->text.size() > base::kSdpBytesMax) return 0;
  const auto answer = sdp::Session::parse(made->text);
  ASSERT(answer.has_value() && sdp::fits(*offer, *answer));
  ASSERT(answer->media.size() == offer->media.size());
  std::size_t live = 0;
  for (std::size_t i = 0; i < answer->media.size(); ++i) {
    const sdp::Media& line = answer->media[i];
    if (line.port == 0) continue;
    ++live;
    ASSERT(line.port == own.port && line.kind == "audio");
    for (const std::string_view format : line.formats)
      ASSERT(std::ranges::find(offer->media[i].formats, format) != offer->media[i].formats.end());
  }
  ASSERT(live == 1);
  ASSERT(!made->agreed.formats.empty());
  ASSERT(made->agreed.ours.has_value() == made->agreed.theirs.has_value());
  return 0;
}
