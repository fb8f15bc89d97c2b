#include "sdp/session.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace sdp {
namespace {

const std::string kOffer =
    "v=0\r\no=alice 11 3 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"
    "m=video 4002 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n";

std::string with(const std::string& from, const std::string& to) {
  std::string text = kOffer;
  text.replace(text.find(from), from.size(), to);
  return text;
}

Reject why(const std::string& text) {
  const auto session = Session::parse(text);
  EXPECT_FALSE(session.has_value()) << text;
  return session ? Reject::TooLong : session.error();
}

TEST(Session, ReadsMediaFormatsAddressesAndDirections) {
  const auto session = Session::parse(kOffer);

  ASSERT_TRUE(session.has_value());
  ASSERT_EQ(session->media.size(), 2U);
  EXPECT_EQ(session->media[0].port, 4000);
  EXPECT_EQ(session->media[0].formats, (std::vector<std::string_view>{"0", "8", "101"}));
  EXPECT_EQ(session->media[1].address, "192.0.2.7");
  EXPECT_FALSE(session->is_hold());
}

TEST(Session, Wire_D8_EveryFormOfHoldIsSeen) {
  const std::string audio_only = kOffer.substr(0, kOffer.find("m=video"));
  for (const char* form : {"a=sendonly", "a=inactive"}) {
    std::string text = audio_only;
    text.replace(text.find("a=sendrecv"), 10, form);
    EXPECT_TRUE(Session::parse(text)->is_hold()) << form;
  }
  std::string text = audio_only;
  text.replace(text.find("c=IN IP4 192.0.2.7"), 18, "c=IN IP4 0.0.0.0");
  EXPECT_TRUE(Session::parse(text)->is_hold());
}

TEST(Session, RefusesByName) {
  EXPECT_EQ(why(""), Reject::NotVersion0);
  EXPECT_EQ(why(with("v=0", "v=1")), Reject::NotVersion0);
  EXPECT_EQ(why(with("o=alice 11", "o=alice x")), Reject::BadOrigin);
  EXPECT_EQ(why(with("audio 4000", "audio 70000")), Reject::BadMedia);
  EXPECT_EQ(why(with("0 8 101", "0 8 128")), Reject::BadMedia);
  EXPECT_EQ(why(with("c=IN IP4 192.0.2.7\r\n", "")), Reject::BadConnection);
  EXPECT_EQ(why(with("t=0 0\r\n", "")), Reject::NoTiming);
  EXPECT_EQ(why(with("s=-", "broken")), Reject::BadLine);
  std::string many = kOffer;
  for (int i = 0; i < 20; ++i) many += "m=audio 1 RTP/AVP 0\r\n";
  EXPECT_EQ(why(many), Reject::TooManyMedia);
  std::string bomb = kOffer;
  for (int i = 0; i < 80; ++i) bomb += "a=crypto:1\r\n";
  EXPECT_EQ(why(bomb), Reject::TooManyAttributes);
}

TEST(Session, CutAtAnyByteNeverHarms) {
  for (std::size_t length = 0; length < kOffer.size(); ++length)
    (void)Session::parse(std::string_view{kOffer}.substr(0, length));
}

TEST(OriginKeeper, TheVersionRisesOnlyWhenTheDescriptionChanges) {
  OriginKeeper keeper{77};

  const std::string first = keeper.rewrite(kOffer);
  EXPECT_NE(first.find("o=- 77 1 IN IP4 192.0.2.7\r\n"), std::string::npos);
  EXPECT_EQ(keeper.rewrite(with("alice 11 3", "alice 11 4")), first)
      << "only the peer's o= changed";
  EXPECT_NE(keeper.rewrite(with("a=sendrecv", "a=sendonly")).find("o=- 77 2 "), std::string::npos);
  EXPECT_NE(keeper.rewrite(kOffer).find("o=- 77 3 "), std::string::npos);
}

TEST(RejectAll, KeepsEveryLineWithPort0) {
  const auto answer = reject_all(kOffer);

  ASSERT_TRUE(answer.has_value());
  EXPECT_NE(answer->find("m=audio 0 RTP/AVP 0 8 101\r\nm=video 0 RTP/AVP 96\r\n"),
            std::string::npos);
  EXPECT_TRUE(fits(*Session::parse(kOffer), *Session::parse(*answer)));
}

TEST(RejectAll, WhatCannotBeReadIsNotAnswered) {
  const auto answer = reject_all("v=0\r\n");

  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error(), Reject::NoOrigin);
}

TEST(Fits, Wire_D11_ARefusedLineFitsAndAnUnofferedStaticTypeDoesNot) {
  const auto offer = Session::parse(kOffer);
  const std::string refused = with("m=video 4002", "m=video 0");
  EXPECT_TRUE(fits(*offer, *Session::parse(refused)));
  const std::string other = with("0 8 101", "18");
  EXPECT_FALSE(fits(*offer, *Session::parse(other)));
  const std::string renumbered = with("0 8 101", "112");
  EXPECT_TRUE(fits(*offer, *Session::parse(renumbered))) << "RFC 3264 6.1";
  const std::string dead = with("m=video 4002", "m=video 0");
  EXPECT_FALSE(fits(*Session::parse(dead), *offer)) << "what was not offered is not taken";
  const std::string secure = with("RTP/AVP 0", "RTP/SAVP 0");
  EXPECT_FALSE(fits(*offer, *Session::parse(secure)));
}

TEST(Session, Wire_D8_ALineWithPort0OrOneThatIsHeardIsNoHold) {
  const std::string refused = with("m=video 4002", "m=video 0");
  EXPECT_FALSE(Session::parse(refused)->is_hold());
  std::string both = refused;
  both.replace(both.find("a=sendrecv"), 10, "a=sendonly");
  EXPECT_TRUE(Session::parse(both)->is_hold()) << "the refused line does not count";
  std::string none = both;
  none.replace(none.find("audio 4000"), 10, "audio 0");
  EXPECT_FALSE(Session::parse(none)->is_hold()) << "nothing is live";
}

TEST(Session, ADirectionOfTheSessionHoldsForEveryLineWithoutOne) {
  const std::string text = with("m=audio", "a=inactive\r\nm=audio");
  const auto session = Session::parse(text);

  ASSERT_TRUE(session.has_value());
  EXPECT_EQ(session->media[0].direction, Direction::SendRecv);
  EXPECT_EQ(session->media[1].direction, Direction::Inactive);
}

TEST(Session, LineFeedsAloneAndAMissingLastLineEndAreForgiven) {
  std::string text = kOffer;
  std::erase(text, '\r');
  text.pop_back();
  const auto session = Session::parse(text);

  ASSERT_TRUE(session.has_value());
  EXPECT_EQ(session->media[1].attributes.back(), "rtpmap:96 VP8/90000");
}

TEST(Session, RefusesWhatIsOverItsLimitOrHoldsControlLetters) {
  EXPECT_EQ(why(kOffer + std::string(40'000, 'a')), Reject::TooLong);
  EXPECT_EQ(why(with("s=-", std::string("s=a\0b", 5))), Reject::BadControl);
  EXPECT_EQ(why(with("s=-", "s=a\rb")), Reject::BadControl);
  EXPECT_EQ(why(with("o=alice 11 3 IN IP4 192.0.2.7\r\n", "")), Reject::NoOrigin);
  EXPECT_EQ(why(with("c=IN IP4", "c=IN IP9")), Reject::BadConnection);
  EXPECT_EQ(why(with("audio 4000", "audio 4000/0")), Reject::BadMedia);
  EXPECT_EQ(why(with("audio 4000", "audio -1")), Reject::BadMedia);
  std::string bomb = kOffer.substr(0, kOffer.find("m=audio"));
  for (int i = 0; i < 80; ++i) bomb += "a=x\r\n";
  EXPECT_EQ(why(bomb), Reject::TooManyAttributes);
  EXPECT_STREQ(word(Reject::BadControl), "bad_control");
}

TEST(OriginKeeper, WhatIsNoDescriptionPassesUntouched) {
  OriginKeeper keeper{77};
  EXPECT_EQ(keeper.rewrite("v=0\r\ns=-\r\n"), "v=0\r\ns=-\r\n");
}

TEST(OriginKeeper, AnotherAddressInThePeersOriginIsAChange) {
  OriginKeeper keeper{77};
  (void)keeper.rewrite(kOffer);
  const std::string moved = keeper.rewrite(with("3 IN IP4 192.0.2.7", "3 IN IP4 192.0.2.8"));
  EXPECT_NE(moved.find("o=- 77 2 IN IP4 192.0.2.8\r\n"), std::string::npos);
}

TEST(Fits, AnAnswerMustKeepTheLinesOfTheOffer) {
  const auto offer = Session::parse(kOffer);
  const std::string audio_only = kOffer.substr(0, kOffer.find("m=video"));
  EXPECT_FALSE(fits(*offer, *Session::parse(audio_only)));
  EXPECT_FALSE(fits(*offer, *Session::parse(with("m=video", "m=application"))));
}

}  // namespace
}  // namespace sdp
