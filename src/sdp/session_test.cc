#include "sdp/session.h"

#include <string>
#include <string_view>
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

TEST(Answer, Rfc3264_6_TakesWhatIsCommonAndKeepsTheLines) {
  const auto offer = Session::parse(kOffer);
  const Capabilities ours{"192.0.2.1", 30000, {"8", "0"}};

  const auto made = answer(*offer, ours, 5);

  ASSERT_TRUE(made.has_value());
  EXPECT_NE(made->find("m=audio 30000 RTP/AVP 0 8\r\nm=video 0 RTP/AVP 96\r\n"), std::string::npos);
  EXPECT_TRUE(fits(*offer, *Session::parse(*made)));
  EXPECT_FALSE(answer(*offer, {"192.0.2.1", 30000, {"18"}}, 5).has_value());
}

TEST(Fits, AnAnswerMustKeepTheLinesOfTheOffer) {
  const auto offer = Session::parse(kOffer);
  const std::string audio_only = kOffer.substr(0, kOffer.find("m=video"));
  EXPECT_FALSE(fits(*offer, *Session::parse(audio_only)));
  EXPECT_FALSE(fits(*offer, *Session::parse(with("m=video", "m=application"))));
}

}  // namespace
}  // namespace sdp
