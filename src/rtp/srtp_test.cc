#include "rtp/srtp.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <srtp2/srtp.h>

#include "base/rng.h"
#include "rtp/detail/aes_cm.h"
#include "rtp/packet.h"
#include "rtp/rtcp.h"

namespace rtp {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Master = std::array<std::uint8_t, kSrtpMasterBytes>;

Bytes hex(std::string_view text) {
  const auto value = [](char c) {
    return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'A' + 10);
  };
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(value(text[i]) << 4U | value(text[i + 1])));
  }
  return bytes;
}
template <std::size_t kSize>
std::array<std::uint8_t, kSize> fixed(std::string_view text) {
  std::array<std::uint8_t, kSize> bytes{};
  const Bytes from = hex(text);
  std::copy_n(from.begin(), kSize, bytes.begin());
  return bytes;
}

const Master master_key = fixed<30>("E1F97A0D3E018BE0D64FA32C06DE41390EC675AD498AFEEBB6960B3AABE6");

Bytes packet(std::uint16_t sequence, std::uint32_t ssrc = 0xCAFEBABE, std::size_t payload = 160) {
  Bytes bytes(kHeaderBytes + payload, 0xAB);
  write_header({.payload_type = 0,
                .marker = false,
                .sequence = sequence,
                .timestamp = sequence * 160U,
                .ssrc = ssrc},
               bytes);
  return bytes;
}
Bytes report(std::uint32_t ssrc) {
  Bytes bytes(kControlBytesMax);
  bytes.resize(
      write_control({.ssrc = ssrc, .sent = {}, .report = {}, .cname = "x", .bye = false}, bytes));
  return bytes;
}
Bytes protect(SrtpSender& sender, Bytes bytes) {
  const std::size_t size = bytes.size();
  bytes.resize(size + kSrtpOverhead);
  const auto length = sender.protect(bytes, size);
  EXPECT_TRUE(length);
  bytes.resize(*length);
  return bytes;
}

TEST(Srtp, Rfc3711_B2_KeyStream) {
  detail::AesCm cipher(fixed<16>("2B7E151628AED2A6ABF7158809CF4F3C"));
  Bytes stream(48, 0);

  cipher.apply(fixed<16>("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000"), stream);

  EXPECT_EQ(stream, hex("E03EAD0935C95E80E166B16DD92B4EB4"
                        "D23513162B02D0F72A43A2FE4A5F97AB"
                        "41E95B3BB0A2E8DD477901E4FCA894C0"));
}

TEST(Srtp, Rfc3711_B3_KeyDerivation) {
  const detail::SessionKeys keys = detail::derive(master_key, detail::Kind::Rtp);

  EXPECT_EQ(keys.cipher, fixed<16>("C61E7A93744F39EE10734AFE3FF7A087"));
  EXPECT_EQ(keys.salt, fixed<14>("30CBBC08863D8C85D49DB34A9AE1"));
  EXPECT_EQ(keys.authentication, fixed<20>("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"));
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): each expectation counts
TEST(Srtp, WhatIsProtectedIsOpenedAndOnlyOnce) {
  for (const SrtpSuite suite : {SrtpSuite::AesCm128HmacSha1_80, SrtpSuite::AesCm128HmacSha1_32}) {
    SrtpSender sender(suite, master_key);
    SrtpReceiver receiver(suite, master_key);
    Bytes bytes = protect(sender, packet(65'535));
    Bytes copy = bytes;

    const auto length = receiver.unprotect(bytes);

    ASSERT_TRUE(length);
    bytes.resize(*length);
    EXPECT_EQ(bytes, packet(65'535));
    auto again = receiver.unprotect(copy);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error(), SrtpReject::Replayed);
  }
}

TEST(Srtp, TheRolloverIsFollowedThroughLossAndDisorder) {
  SrtpSender sender(SrtpSuite::AesCm128HmacSha1_80, master_key);
  SrtpReceiver receiver(SrtpSuite::AesCm128HmacSha1_80, master_key);
  std::vector<Bytes> sent;
  for (std::uint32_t i = 0; i < 400'000; i += 97) {
    sent.push_back(protect(sender, packet(static_cast<std::uint16_t>(i + 60'000))));
  }
  for (std::size_t i = 0; i + 1 < sent.size(); i += 2) std::swap(sent[i], sent[i + 1]);

  int opened = 0;
  for (Bytes& bytes : sent) opened += receiver.unprotect(bytes) ? 1 : 0;

  // The second of the two that were swapped at the very beginning is before the first index.
  EXPECT_GE(opened, static_cast<int>(sent.size()) - 1);
}

TEST(Srtp, TheSenderNeverUsesAKeyStreamTwice) {
  SrtpSender sender(SrtpSuite::AesCm128HmacSha1_80, master_key);
  (void)protect(sender, packet(7));
  Bytes other = packet(7);
  other.back() = 0;
  other.resize(other.size() + kSrtpOverhead);

  auto twice = sender.protect(other, other.size() - kSrtpOverhead);

  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error(), SrtpReject::Replayed);
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): each expectation counts
TEST(Srtp, Wire_T15_ForgedPacketsChangeNothing) {
  SrtpSender sender(SrtpSuite::AesCm128HmacSha1_80, master_key);
  SrtpReceiver receiver(SrtpSuite::AesCm128HmacSha1_80, master_key);
  base::SplitMix rng(1);
  Bytes first = protect(sender, packet(1));
  EXPECT_TRUE(receiver.unprotect(first));

  for (int i = 0; i < 10'000; ++i) {
    Bytes forged = packet(static_cast<std::uint16_t>(rng.next()));
    forged.resize(forged.size() + 10);
    const Bytes before = forged;
    EXPECT_FALSE(receiver.unprotect(forged));
    EXPECT_EQ(forged, before);
  }
  for (std::size_t flip = 0; flip < 182; ++flip) {
    Bytes flipped = protect(sender, packet(static_cast<std::uint16_t>(2 + flip)));
    flipped[flip] = static_cast<std::uint8_t>(flipped[flip] ^ 1U);
    EXPECT_FALSE(receiver.unprotect(flipped));
  }

  Bytes good = protect(sender, packet(200));
  EXPECT_TRUE(receiver.unprotect(good));
}

TEST(Srtp, ShortAndStrangeBytesAreMalformed) {
  SrtpReceiver receiver(SrtpSuite::AesCm128HmacSha1_80, master_key);
  for (std::size_t size = 0; size < 40; ++size) {
    Bytes bytes(size, 0xFF);
    EXPECT_FALSE(receiver.unprotect(bytes));
    EXPECT_FALSE(receiver.unprotect_control(bytes));
  }
}

// ---- libsrtp2 as the other side ----------------------------------------------------------------

class Oracle {
 public:
  Oracle(SrtpSuite suite, srtp_ssrc_type_t direction, Master master) : master_(master) {
    static const bool ready = srtp_init() == srtp_err_status_ok;
    EXPECT_TRUE(ready);
    srtp_policy_t policy{};
    if (suite == SrtpSuite::AesCm128HmacSha1_80) {
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
    } else {
      srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&policy.rtp);
    }
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
    policy.ssrc.type = direction;
    policy.key = master_.data();
    policy.window_size = 128;
    EXPECT_EQ(srtp_create(&session_, &policy), srtp_err_status_ok);
  }
  ~Oracle() { (void)srtp_dealloc(session_); }
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  // One of libsrtp2's four calls, in place.
  template <class F>
  bool run(F call, Bytes& bytes) {
    int length = static_cast<int>(bytes.size());
    bytes.resize(bytes.size() + SRTP_MAX_TRAILER_LEN + 4);
    const bool good = call(session_, bytes.data(), &length) == srtp_err_status_ok;
    bytes.resize(static_cast<std::size_t>(length));
    return good;
  }

 private:
  Master master_;
  srtp_t session_ = nullptr;
};

class SrtpOracle : public testing::TestWithParam<SrtpSuite> {};

TEST_P(SrtpOracle, BothSidesMakeTheSameBytes) {
  SrtpSender ours(GetParam(), master_key);
  Oracle theirs(GetParam(), ssrc_any_outbound, master_key);

  for (std::uint32_t i = 0; i < 3'000; ++i) {
    const Bytes plain = packet(static_cast<std::uint16_t>(64'000 + i), 0xCAFEBABE, i % 200);
    Bytes expected = plain;
    ASSERT_TRUE(theirs.run(srtp_protect, expected));
    ASSERT_EQ(protect(ours, plain), expected) << i;
  }
}

// NOLINTNEXTLINE(readability-function-cognitive-complexity): each expectation counts
TEST_P(SrtpOracle, EachOpensTheOthersReports) {
  SrtpSender sender(GetParam(), master_key);
  SrtpReceiver receiver(GetParam(), master_key);
  Oracle in(GetParam(), ssrc_any_inbound, master_key);
  Oracle out(GetParam(), ssrc_any_outbound, master_key);

  for (int i = 0; i < 5; ++i) {
    Bytes from_us = report(7);
    const std::size_t size = from_us.size();
    from_us.resize(size + kSrtpOverhead);
    const auto length = sender.protect_control(from_us, size);
    ASSERT_TRUE(length);
    from_us.resize(*length);
    EXPECT_TRUE(in.run(srtp_unprotect_rtcp, from_us));
    EXPECT_EQ(from_us, report(7));

    Bytes from_them = report(7);
    ASSERT_TRUE(out.run(srtp_protect_rtcp, from_them));
    Bytes twice = from_them;
    const auto opened = receiver.unprotect_control(from_them);
    ASSERT_TRUE(opened);
    from_them.resize(*opened);
    EXPECT_EQ(from_them, report(7));
    EXPECT_FALSE(receiver.unprotect_control(twice));
  }
}

TEST_P(SrtpOracle, BothAcceptTheSamePackets) {
  Oracle sender(GetParam(), ssrc_any_outbound, master_key);
  Oracle theirs(GetParam(), ssrc_any_inbound, master_key);
  SrtpReceiver ours(GetParam(), master_key);
  base::SplitMix rng(7);
  std::vector<Bytes> sent;
  for (std::uint32_t i = 0; i < 2'000; ++i) {
    sent.push_back(packet(static_cast<std::uint16_t>(100 + i)));
    ASSERT_TRUE(sender.run(srtp_protect, sent.back()));
  }

  // Lost, doubled, late by up to 60, damaged.
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const std::size_t late = base::below(rng, 60);
    Bytes a = sent[i - std::min(i, late)];
    if (base::below(rng, 20) == 0) a[base::below(rng, a.size())] ^= 1U;
    Bytes b = a;
    ASSERT_EQ(theirs.run(srtp_unprotect, a), ours.unprotect(b).has_value()) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Suites, SrtpOracle,
                         testing::Values(SrtpSuite::AesCm128HmacSha1_80,
                                         SrtpSuite::AesCm128HmacSha1_32));

}  // namespace
}  // namespace rtp
