#pragma once
// The SRTP and SRTCP transforms (RFC 3711) with AES-CM-128 and HMAC-SHA1, keys as SDES brings them
// (RFC 4568). A packet that does not fit is refused and nothing else changes: no packet of a
// stranger ever ends or moves anything (T15).

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/result.h"

namespace rtp {

// NOLINTNEXTLINE(readability-identifier-naming): the suites' own names
enum class SrtpSuite : std::uint8_t { AesCm128HmacSha1_80, AesCm128HmacSha1_32 };
inline constexpr std::size_t kSrtpMasterBytes = 30;  // 16 bytes of key, 14 of salt
// What protecting adds at most: the tag, and for RTCP the index before it.
inline constexpr std::size_t kSrtpOverhead = 14;

enum class SrtpReject : std::uint8_t {
  Malformed,  // not RTP or RTCP, or too short for a tag
  BadTag,
  Replayed,  // seen before, or so old that nobody knows; for a sender: would use a key stream twice
  NotEncrypted,  // SRTCP without the E bit: both suites encrypt
};

// Protects what we send. One a stream and key; keeps the rollover counter of our one SSRC.
class SrtpSender final {
 public:
  SrtpSender(SrtpSuite suite, std::span<const std::uint8_t, kSrtpMasterBytes> master);
  ~SrtpSender();
  SrtpSender(const SrtpSender&) = delete;
  SrtpSender& operator=(const SrtpSender&) = delete;

  // Encrypts the first `length` bytes of `buffer` in place and appends the tag; the new length.
  // REQUIRES: buffer.size() >= length + kSrtpOverhead.
  [[nodiscard]] base::Result<std::size_t, SrtpReject> protect(std::span<std::uint8_t> buffer,
                                                              std::size_t length);
  [[nodiscard]] base::Result<std::size_t, SrtpReject> protect_control(
      std::span<std::uint8_t> buffer, std::size_t length);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Opens what the peer sends. Rollover counters and replay windows are kept for the last four SSRCs
// whose packets were authentic.
class SrtpReceiver final {
 public:
  SrtpReceiver(SrtpSuite suite, std::span<const std::uint8_t, kSrtpMasterBytes> master);
  ~SrtpReceiver();
  SrtpReceiver(const SrtpReceiver&) = delete;
  SrtpReceiver& operator=(const SrtpReceiver&) = delete;

  // Checks the tag and decrypts in place; the length without the tag. On failure `bytes` are as
  // they came.
  [[nodiscard]] base::Result<std::size_t, SrtpReject> unprotect(std::span<std::uint8_t> bytes);
  [[nodiscard]] base::Result<std::size_t, SrtpReject> unprotect_control(
      std::span<std::uint8_t> bytes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rtp
