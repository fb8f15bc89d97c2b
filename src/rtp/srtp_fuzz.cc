// Bytes as what strangers send to a protected port. None is accepted but what our sender made, each
// of those once, and refused bytes stay as they came.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/assert.h"
#include "rtp/packet.h"
#include "rtp/srtp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  constexpr std::array<std::uint8_t, rtp::kSrtpMasterBytes> kMaster{1, 2, 3};
  const auto suite = size > 0 && (bytes[0] & 1U) != 0 ? rtp::SrtpSuite::AesCm128HmacSha1_32
                                                      : rtp::SrtpSuite::AesCm128HmacSha1_80;
  rtp::SrtpSender sender(suite, kMaster);
  rtp::SrtpReceiver receiver(suite, kMaster);
  const std::vector<std::uint8_t> input(bytes, bytes + size);

  std::vector<std::uint8_t> foreign = input;
  if (!receiver.unprotect(foreign)) ASSERT(foreign == input);
  foreign = input;
  if (!receiver.unprotect_control(foreign)) ASSERT(foreign == input);

  std::vector<std::uint8_t> ours = input;
  ours.resize(size + rtp::kSrtpOverhead);
  const auto length = sender.protect(ours, size);
  ASSERT(length.has_value() == rtp::header_length(input).has_value());
  if (!length) return 0;
  ours.resize(*length);
  std::vector<std::uint8_t> twice = ours;
  const auto opened = receiver.unprotect(ours);
  ASSERT(opened.has_value());
  ASSERT(*opened == size);
  ASSERT(std::equal(input.begin(), input.end(), ours.begin()));
  ASSERT(!receiver.unprotect(twice).has_value());
  return 0;
}
