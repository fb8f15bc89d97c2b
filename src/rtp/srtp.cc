#include "rtp/srtp.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/assert.h"
#include "base/result.h"
#include "rtp/detail/aes_cm.h"
#include "rtp/detail/bytes.h"
#include "rtp/packet.h"
#include "rtp/replay_window.h"

namespace rtp {
namespace {

using detail::get16;
using detail::get32;

constexpr std::size_t kControlTagBytes = 10;  // RFC 4568 section 6.2: also where RTP has 4
constexpr std::size_t kControlHeaderBytes = 8;
constexpr std::uint32_t kEncryptedBit = 0x80000000U;
constexpr std::size_t kSources = 4;

std::size_t tag_bytes(SrtpSuite suite) {
  return suite == SrtpSuite::AesCm128HmacSha1_80 ? 10 : 4;
}

// Cipher and authentication of one kind of packet.
struct Keyed {
  explicit Keyed(const detail::SessionKeys& keys)
      : salt(keys.salt), cipher(keys.cipher), hmac(keys.authentication) {}

  void crypt(std::uint32_t ssrc, std::uint64_t index, std::span<std::uint8_t> bytes) {
    cipher.apply(detail::counter_block(salt, ssrc, index), bytes);
  }
  // Over the packet and the rollover counter (RTP), or the packet alone (RTCP, index inside).
  std::array<std::uint8_t, detail::Hmac::kBytes> rtp_tag(std::span<const std::uint8_t> bytes,
                                                         std::uint64_t index) {
    std::array<std::uint8_t, 4> rollovers{};
    detail::put32(rollovers, 0, static_cast<std::uint32_t>(index >> 16U));
    return hmac.of(bytes, rollovers);
  }

  std::array<std::uint8_t, 14> salt;
  detail::AesCm cipher;
  detail::Hmac hmac;
};

// In a time that does not tell where they differ.
bool same(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  std::uint8_t difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference = static_cast<std::uint8_t>(difference | (a[i] ^ b[i]));
  }
  return difference == 0;
}

struct Source {
  std::uint32_t ssrc = 0;
  std::uint64_t used = 0;  // when it was last used, to give up the oldest
  ReplayWindow rtp, rtcp;
};

}  // namespace

struct SrtpSender::State {
  State(SrtpSuite of, std::span<const std::uint8_t, kSrtpMasterBytes> master)
      : suite(of),
        rtp(detail::derive(master, detail::Kind::Rtp)),
        rtcp(detail::derive(master, detail::Kind::Rtcp)) {}
  SrtpSuite suite;
  Keyed rtp, rtcp;
  ReplayWindow sent;
  std::uint32_t control_index = 0;
};

SrtpSender::SrtpSender(SrtpSuite suite, std::span<const std::uint8_t, kSrtpMasterBytes> master)
    : state_(std::make_unique<State>(suite, master)) {}
SrtpSender::~SrtpSender() = default;

base::Result<std::size_t, SrtpReject> SrtpSender::protect(std::span<std::uint8_t> buffer,
                                                          std::size_t length) {
  ASSERT(buffer.size() >= length + kSrtpOverhead);
  const auto packet = buffer.first(length);
  const auto header = header_length(packet);
  if (!header) return base::Unexpected{SrtpReject::Malformed};
  const std::uint16_t sequence = get16(packet, 2);
  const std::uint64_t index =
      state_->sent.begun() ? guess_index(state_->sent.highest(), sequence) : sequence;
  if (!state_->sent.is_new(index)) return base::Unexpected{SrtpReject::Replayed};
  state_->sent.add(index);
  state_->rtp.crypt(get32(packet, 8), index, packet.subspan(*header));
  const auto tag = state_->rtp.rtp_tag(packet, index);
  const std::size_t size = tag_bytes(state_->suite);
  std::copy_n(tag.begin(), size, buffer.begin() + static_cast<std::ptrdiff_t>(length));
  return length + size;
}

base::Result<std::size_t, SrtpReject> SrtpSender::protect_control(std::span<std::uint8_t> buffer,
                                                                  std::size_t length) {
  ASSERT(buffer.size() >= length + kSrtpOverhead);
  if (length < kControlHeaderBytes) return base::Unexpected{SrtpReject::Malformed};
  const std::uint32_t index = state_->control_index++ & ~kEncryptedBit;
  state_->rtcp.crypt(get32(buffer, 4), index,
                     buffer.subspan(kControlHeaderBytes, length - kControlHeaderBytes));
  detail::put32(buffer, length, index | kEncryptedBit);
  const auto tag = state_->rtcp.hmac.of(buffer.first(length + 4), {});
  std::copy_n(tag.begin(), kControlTagBytes,
              buffer.begin() + static_cast<std::ptrdiff_t>(length + 4));
  return length + 4 + kControlTagBytes;
}

struct SrtpReceiver::State {
  State(SrtpSuite of, std::span<const std::uint8_t, kSrtpMasterBytes> master)
      : suite(of),
        rtp(detail::derive(master, detail::Kind::Rtp)),
        rtcp(detail::derive(master, detail::Kind::Rtcp)) {}

  // What is known of `ssrc`; null when nothing yet.
  Source* find(std::uint32_t ssrc) {
    for (std::size_t i = 0; i < known; ++i) {
      if (sources[i].ssrc == ssrc) return &sources[i];
    }
    return nullptr;
  }
  // Only for a packet that was authentic: takes the place of the one not heard for longest.
  Source& remember(std::uint32_t ssrc) {
    Source* source = find(ssrc);
    if (source == nullptr) {
      source = known < kSources
                   ? &sources[known++]
                   : &*std::min_element(
                         sources.begin(), sources.end(),
                         [](const Source& a, const Source& b) { return a.used < b.used; });
      *source = {.ssrc = ssrc, .used = 0, .rtp = {}, .rtcp = {}};
    }
    source->used = ++uses;
    return *source;
  }

  SrtpSuite suite;
  Keyed rtp, rtcp;
  std::array<Source, kSources> sources{};
  std::size_t known = 0;
  std::uint64_t uses = 0;
};

SrtpReceiver::SrtpReceiver(SrtpSuite suite, std::span<const std::uint8_t, kSrtpMasterBytes> master)
    : state_(std::make_unique<State>(suite, master)) {}
SrtpReceiver::~SrtpReceiver() = default;

base::Result<std::size_t, SrtpReject> SrtpReceiver::unprotect(std::span<std::uint8_t> bytes) {
  const std::size_t tag_size = tag_bytes(state_->suite);
  if (bytes.size() < kHeaderBytes + tag_size) return base::Unexpected{SrtpReject::Malformed};
  const auto packet = bytes.first(bytes.size() - tag_size);
  const auto header = header_length(packet);
  if (!header) return base::Unexpected{SrtpReject::Malformed};
  const std::uint32_t ssrc = get32(packet, 8);
  const std::uint16_t sequence = get16(packet, 2);
  const Source* const known = state_->find(ssrc);
  const bool begun = known != nullptr && known->rtp.begun();
  const std::uint64_t index = begun ? guess_index(known->rtp.highest(), sequence) : sequence;
  if (begun && !known->rtp.is_new(index)) return base::Unexpected{SrtpReject::Replayed};
  const auto tag = state_->rtp.rtp_tag(packet, index);
  if (!same(bytes.last(tag_size), tag)) return base::Unexpected{SrtpReject::BadTag};
  state_->remember(ssrc).rtp.add(index);
  state_->rtp.crypt(ssrc, index, packet.subspan(*header));
  return packet.size();
}

base::Result<std::size_t, SrtpReject> SrtpReceiver::unprotect_control(
    std::span<std::uint8_t> bytes) {
  if (bytes.size() < kControlHeaderBytes + 4 + kControlTagBytes) {
    return base::Unexpected{SrtpReject::Malformed};
  }
  const auto signed_part = bytes.first(bytes.size() - kControlTagBytes);
  const std::size_t length = signed_part.size() - 4;
  if (bytes[0] >> 6U != 2) return base::Unexpected{SrtpReject::Malformed};
  const std::uint32_t word = get32(signed_part, length);
  if ((word & kEncryptedBit) == 0) return base::Unexpected{SrtpReject::NotEncrypted};
  const std::uint32_t index = word & ~kEncryptedBit;
  const std::uint32_t ssrc = get32(signed_part, 4);
  const Source* const known = state_->find(ssrc);
  if (known != nullptr && !known->rtcp.is_new(index)) {
    return base::Unexpected{SrtpReject::Replayed};
  }
  const auto tag = state_->rtcp.hmac.of(signed_part, {});
  if (!same(bytes.last(kControlTagBytes), tag)) return base::Unexpected{SrtpReject::BadTag};
  state_->remember(ssrc).rtcp.add(index);
  state_->rtcp.crypt(ssrc, index, bytes.subspan(kControlHeaderBytes, length - kControlHeaderBytes));
  return length;
}

}  // namespace rtp
