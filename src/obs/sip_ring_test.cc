#include "obs/sip_ring.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/time.h"
#include "obs/log.h"
#include "obs/sip_ladder.h"
#include "obs/sip_redact.h"

namespace obs {
namespace {

std::string message(const std::string& call_id, std::size_t filler = 0) {
  return "INVITE sip:600@office.example SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7\r\nCall-ID: " +
         call_id + "\r\nX-Filler: " + std::string(filler, 'f') + "\r\n\r\n";
}

base::Flow from(const std::string& peer) {
  base::Flow flow;
  flow.peer = base::Address::parse(peer).value_or(base::Address{});
  flow.local = base::Address::parse("192.0.2.1:5060").value_or(base::Address{});
  return flow;
}

TEST(SipRing, FindsWhatIsOfACallByTheCallIdsOfItsLegs) {
  SipRing ring(std::size_t{64} * 1024);
  ring.keep(false, from("192.0.2.7:5060"), message("a"), {1});
  ring.keep(false, from("192.0.2.8:5060"), message("other"), {2});
  ring.relate("leg-1", "a", {3});
  ring.relate("leg-2", "other", {3});
  ring.keep(true, from("192.0.2.9:5060"), message("leg-1"), {4});
  ring.keep(true, from("192.0.2.9:5060"), message("leg-2"), {5});

  const auto found = ring.of_call("a", {10});

  ASSERT_EQ(found.size(), 2U);
  EXPECT_FALSE(found[0].sent);
  EXPECT_EQ(found[0].flow.peer, from("192.0.2.7:5060").peer);
  EXPECT_TRUE(found[1].sent);
  EXPECT_EQ(found[1].bytes, message("leg-1"));
  EXPECT_EQ(found[1].at, base::WallTime{4});
}

TEST(SipRing, TheOldestGiveWayAndTheRestStaysWhole) {
  SipRing ring(std::size_t{8} * 1024);
  for (int i = 0; i < 5'000; ++i) {
    const std::string id = std::to_string(i);
    ring.keep(false, from("192.0.2.7:5060"), message(id, static_cast<std::size_t>(i * 37 % 500)),
              {i});
    for (int back = 0; back < 3 && back <= i; ++back) {
      const auto found = ring.of_call(std::to_string(i - back), {i});
      ASSERT_EQ(found.size(), 1U) << i << " " << back;
      EXPECT_EQ(found[0].at.unix_ms, i - back);
    }
  }

  EXPECT_TRUE(ring.of_call("10", {5'000}).empty());
}

TEST(SipRing, WhatIsOlderThanAnHourIsNotShownAndGoes) {
  SipRing ring(std::size_t{64} * 1024);
  ring.keep(false, from("192.0.2.7:5060"), message("a"), {1'000});
  ring.keep(false, from("192.0.2.7:5060"), message("a"), {2'000'000});

  EXPECT_EQ(ring.of_call("a", {3'600'000}).size(), 2U);
  EXPECT_EQ(ring.of_call("a", {3'602'000}).size(), 1U);
  EXPECT_TRUE(ring.of_call("a", {9'000'000}).empty());
}

TEST(SipRing, OneWhoReadsAlongSeesEachOnceAndHearsWhatHeMissed) {
  SipRing ring(std::size_t{16} * 1024);
  std::uint64_t next = 0;
  std::uint64_t seen = 0;
  std::uint64_t lost = 0;
  for (int i = 0; i < 3'000; ++i) {
    ring.keep(false, from("192.0.2.7:5060"), message(std::to_string(i), i % 300), {i});
    if (i % (i < 1'500 ? 5 : 200) != 0) continue;
    auto batch = ring.after(next, 1'000'000);
    next = batch.next;
    seen += batch.copies.size();
    lost += batch.lost;
    ASSERT_FALSE(batch.copies.empty());
    EXPECT_EQ(batch.copies.back().at.unix_ms, i);
  }

  EXPECT_EQ(next, ring.newest() - 199);
  EXPECT_EQ(seen + lost, next);
  EXPECT_GT(lost, 0U);
  EXPECT_GT(seen, 1'500U);
}

TEST(SipRing, KeepsNothingWithoutRoomAndNothingThatIsLongerThanAQuarter) {
  SipRing off(0);
  off.keep(false, from("192.0.2.7:5060"), message("a"), {1});
  SipRing small(1'024);
  small.keep(false, from("192.0.2.7:5060"), message("a", 2'000), {1});

  EXPECT_FALSE(off.keeps());
  EXPECT_TRUE(off.of_call("a", {1}).empty());
  EXPECT_TRUE(small.of_call("a", {1}).empty());
}

TEST(SipRing, ReadsTheCallIdInBothFormsAndNeverFromTheBody) {
  EXPECT_EQ(call_id_of("BYE sip:a SIP/2.0\r\ni : abc \r\n\r\n"), "abc");
  EXPECT_EQ(call_id_of("BYE sip:a SIP/2.0\r\nCALL-ID:abc\r\n\r\n"), "abc");
  EXPECT_EQ(call_id_of("BYE sip:a SIP/2.0\r\nContact: x\r\n\r\nCall-ID: abc\r\n"), "");
  EXPECT_EQ(call_id_of("BYE"), "");
  EXPECT_EQ(call_id_of("BYE\n"), "");
}

std::string secretive() {
  return "INVITE sip:+48587622447@office.example SIP/2.0\r\n"
         "From: \"Alice Example\" <sip:+48600100200@office.example>;tag=1\r\n"
         "To: Bob Someone <sip:101@office.example>\r\n"
         "Call-ID: a\r\n"
         "Authorization: Digest username=\"101\", realm=\"office.example\", nonce=\"abcdef\", "
         "uri=\"sip:600@office.example\", response=\"0123456789abcdef\", cnonce=\"xyz\", "
         "nc=00000001\r\n"
         "Content-Type: application/sdp\r\n\r\n"
         "v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0a2V5|2^20\r\n";
}

TEST(SipRedact, SecretsAreTakenOutAlwaysAndTheLengthStays) {
  std::string text = secretive();

  redact(text, PiiMode::Shown);

  EXPECT_EQ(text.size(), secretive().size());
  for (const char* secret : {"abcdef\"", "0123456789", "xyz", "c2VjcmV0"})
    EXPECT_EQ(text.find(secret), std::string::npos) << text;
  for (const char* shown : {"Alice Example", "+48600100200", "username=\"101\"", "nc=00000001"})
    EXPECT_NE(text.find(shown), std::string::npos) << text;
}

TEST(SipRedact, PeopleAreHiddenAsTheLogHidesThem) {
  std::string shortened = secretive();
  std::string hidden = secretive();

  redact(shortened, PiiMode::Short);
  redact(hidden, PiiMode::Hidden);

  EXPECT_NE(shortened.find("sip:+4860xxxxx00@office"), std::string::npos) << shortened;
  for (const std::string& text : {shortened, hidden}) {
    for (const char* person : {"Alice Example", "+48600100200", "+48587622447", "Someone", ":101@"})
      EXPECT_EQ(text.find(person), std::string::npos) << person << "\n" << text;
  }
  EXPECT_EQ(hidden.find("+48"), std::string::npos) << hidden;
  EXPECT_NE(hidden.find("@office.example"), std::string::npos);
}

TEST(SipRedact, KeysThatWerePressedAndTextsAreNeverShown) {
  std::string info =
      "INFO sip:a SIP/2.0\r\nContent-Type: "
      "application/dtmf-relay\r\n\r\nSignal=7\r\nDuration=160\r\n";
  std::string text = "MESSAGE sip:a SIP/2.0\r\nContent-Type: text/plain\r\n\r\nhello there";

  redact(info, PiiMode::Shown);
  redact(text, PiiMode::Shown);

  EXPECT_NE(info.find("Signal=x\r\nDuration=160"), std::string::npos) << info;
  EXPECT_EQ(text.find("hello"), std::string::npos);
}

TEST(SipLadder, DrawsTheCallerOnTheLeftAndEachPeerOnItsLane) {
  const std::vector<SipCopy> messages{
      {1, {1'000}, false, from("192.0.2.7:5060"), message("a")},
      {2, {1'020}, true, from("192.0.2.9:5060"), message("b")},
      {3, {1'130}, false, from("192.0.2.9:5060"), "SIP/2.0 180 Ringing\r\n\r\n"},
      {4, {2'200}, true, from("192.0.2.7:5060"), "SIP/2.0 180 Rin\x1bging\r\n\r\n"}};

  const std::string drawn = draw_ladder(messages);

  EXPECT_EQ(drawn,
            "             192.0.2.7:5060              harrier             192.0.2.9:5060\n"
            "    0.000           │── INVITE ────────────►│                       │\n"
            "    0.020           │                       │── INVITE ────────────►│\n"
            "    0.130           │                       │◄─ 180 Ringing ────────│\n"
            "    1.200           │◄─ 180 Rin.ging ───────│                       │\n");
}

TEST(SipLadder, ACaptureFileHoldsEveryMessageWithItsAddresses) {
  const std::vector<SipCopy> messages{{1, {1'500}, false, from("192.0.2.7:5062"), message("a")},
                                      {2, {1'600}, true, from("[2001:db8::1]:5060"), message("b")}};

  const std::string file = to_pcap(messages);

  ASSERT_GT(file.size(), 24U + 16U + 28U);
  EXPECT_EQ(file.substr(0, 4), "\xa1\xb2\xc3\xd4");
  const std::string ip = file.substr(40, 20);
  EXPECT_EQ(ip[0], '\x45');
  EXPECT_EQ(ip.substr(12, 8), std::string("\xc0\x00\x02\x07\xc0\x00\x02\x01", 8));
  EXPECT_EQ(file.substr(40 + 28, message("a").size()), message("a"));
  EXPECT_NE(file.find(message("b")), std::string::npos);
}

}  // namespace
}  // namespace obs
