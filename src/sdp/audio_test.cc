#include "sdp/audio.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "sdp/session.h"

namespace sdp {
namespace {

const std::string kOffer =
    "v=0\r\no=alice 11 3 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"
    "m=video 4002 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n";
const std::string kKeyOfTheirs(40, 'A');
const std::string kKeyOfOurs(40, 'B');

std::string with(const std::string& from, const std::string& to, std::string text = kOffer) {
  text.replace(text.find(from), from.size(), to);
  return text;
}

Own own_with(std::vector<std::string> codecs) {
  return {.address = "192.0.2.1", .port = 30000, .codecs = std::move(codecs), .key = kKeyOfOurs};
}

std::optional<Answered> answered(const std::string& offer, const Own& own) {
  return answer_to(*Session::parse(offer), own);
}

TEST(Answer, Rfc3264_6_TakesWhatIsCommonInTheOffersOrderAndRefusesOtherLines) {
  const auto made = answered(kOffer, own_with({"PCMA", "PCMU"}));

  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->text,
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
            "m=audio 30000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
            "a=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\nm=video 0 RTP/AVP 96\r\n");
  EXPECT_TRUE(fits(*Session::parse(kOffer), *Session::parse(made->text)));
  EXPECT_EQ(made->agreed.formats, (std::vector<Format>{{0, "PCMU"}, {8, "PCMA"}}));
  EXPECT_EQ(made->agreed.digits, 101);
  EXPECT_EQ(made->agreed.address, "192.0.2.7");
  EXPECT_EQ(made->agreed.port, 4000);
  EXPECT_EQ(made->agreed.rtcp_port, 4001);
  EXPECT_FALSE(made->agreed.theirs.has_value());
}

TEST(Answer, Rfc3264_6_EventsAloneOrADeadLineAreNothingInCommon) {
  EXPECT_FALSE(answered(kOffer, own_with({"G722"})).has_value());
  EXPECT_FALSE(answered(with("0 8 101", "18 101"), own_with({"PCMU"})).has_value());
  EXPECT_FALSE(answered(with("audio 4000", "audio 0"), own_with({"PCMU"})).has_value());
}

TEST(Answer, Rfc3264_6_1_TheDirectionIsMirroredAndWhatWeDoNotWantLeftOut) {
  const std::vector<std::pair<std::string, std::string>> pairs{{"a=sendonly", "a=recvonly\r\n"},
                                                               {"a=recvonly", "a=sendonly\r\n"},
                                                               {"a=inactive", "a=inactive\r\n"}};
  for (const auto& [theirs, wanted] : pairs) {
    const auto made = answered(with("a=sendrecv", theirs), own_with({"PCMU"}));
    ASSERT_TRUE(made.has_value());
    EXPECT_NE(made->text.find(wanted), std::string::npos) << theirs;
  }
  Own speaker = own_with({"PCMU"});
  speaker.direction = Direction::SendOnly;
  EXPECT_EQ(answered(kOffer, speaker)->agreed.direction, Direction::SendOnly);
  EXPECT_EQ(answered(with("a=sendrecv", "a=sendonly"), speaker)->agreed.direction,
            Direction::Inactive);
}

TEST(Answer, Wire_D8_TheAddress0000IsAHoldToo) {
  const std::string held = with("c=IN IP4 192.0.2.7", "c=IN IP4 0.0.0.0");
  EXPECT_EQ(answered(held, own_with({"PCMU"}))->agreed.direction, Direction::RecvOnly);
}

TEST(Answer, Rfc3264_6_1_ADynamicFormatIsKnownByItsName) {
  const std::string named =
      with("a=rtpmap:101", "a=rtpmap:96 OPUS/48000/2\r\na=rtpmap:101", with("0 8 101", "96 101"));
  const auto made = answered(named, own_with({"opus", "PCMU"}));

  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->agreed.formats, (std::vector<Format>{{96, "opus"}}));
  EXPECT_NE(made->text.find("a=rtpmap:96 OPUS/48000/2\r\n"), std::string::npos);
}

TEST(Answer, TheTimeAndTheRtcpPortAreThoseOfTheOffer) {
  const std::string offer =
      with("a=sendrecv", "a=rtcp:4444 IN IP4 192.0.2.7", with("t=0 0", "t=2873397496 2873404696"));
  const auto made = answered(offer, own_with({"PCMU"}));

  ASSERT_TRUE(made.has_value());
  EXPECT_NE(made->text.find("t=2873397496 2873404696\r\n"), std::string::npos);
  EXPECT_EQ(made->agreed.rtcp_port, 4444);
}

TEST(Answer, Rfc4568_TheKeyOfASuiteThatWeKnowIsTakenAndOursGivenBack) {
  const std::string offer =
      with("a=sendrecv",
           "a=crypto:1 AES_256_CM_HMAC_SHA1_80 inline:" + std::string(62, 'x') +
               "\r\na=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:" + kKeyOfTheirs + "|2^31",
           with("RTP/AVP 0", "RTP/SAVP 0"));
  const auto made = answered(offer, own_with({"PCMU"}));

  ASSERT_TRUE(made.has_value());
  EXPECT_NE(made->text.find("RTP/SAVP 0"), std::string::npos);
  EXPECT_NE(made->text.find("a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:" + kKeyOfOurs + "\r\n"),
            std::string::npos);
  EXPECT_EQ(made->agreed.theirs, (Crypto{2, "AES_CM_128_HMAC_SHA1_32", kKeyOfTheirs}));
  EXPECT_EQ(made->agreed.ours, (Crypto{2, "AES_CM_128_HMAC_SHA1_32", kKeyOfOurs}));
}

TEST(Answer, Wire_T15_ASecureLineWithoutAKeyThatWeCanUseIsRefused) {
  EXPECT_FALSE(answered(with("RTP/AVP 0", "RTP/SAVP 0"), own_with({"PCMU"})).has_value());
  for (const std::string& bad : {std::string("inline:short"),
                                 "inline:" + kKeyOfTheirs + "|2^20|1:4", "clear:" + kKeyOfTheirs}) {
    const std::string offer = with("a=sendrecv", "a=crypto:1 AES_CM_128_HMAC_SHA1_80 " + bad,
                                   with("RTP/AVP 0", "RTP/SAVP 0"));
    EXPECT_FALSE(answered(offer, own_with({"PCMU"})).has_value()) << bad;
  }
}

TEST(Offer, OneLineWithEverythingThatWeCanInOrder) {
  EXPECT_EQ(offer_of(own_with({"opus", "PCMA"}), false),
            "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
            "m=audio 30000 RTP/AVP 111 8 101\r\na=rtpmap:111 opus/48000/2\r\n"
            "a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
            "a=ptime:20\r\na=sendrecv\r\n");
  const std::string secure = offer_of(own_with({"PCMU"}), true);
  EXPECT_NE(secure.find("RTP/SAVP 0 101"), std::string::npos);
  EXPECT_NE(secure.find("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + kKeyOfOurs),
            std::string::npos);
}

TEST(Offer, TheAnswerToItSaysWhatHolds) {
  const Own own = own_with({"PCMA", "PCMU", "G722"});
  const std::string offer = offer_of(own, false);
  Own peer = own_with({"PCMU"});
  peer.address = "2001:db8::9";
  peer.port = 5004;
  const auto made = answered(offer, peer);
  ASSERT_TRUE(made.has_value());

  const auto agreed = agreed_by(*Session::parse(made->text), own);

  ASSERT_TRUE(agreed.has_value());
  EXPECT_EQ(agreed->formats, (std::vector<Format>{{0, "PCMU"}}));
  EXPECT_EQ(agreed->address, "2001:db8::9");
  EXPECT_EQ(agreed->port, 5004);
  EXPECT_EQ(agreed->digits, 101);
}

TEST(Offer, AnAnswerThatTakesNothingAgreesNothing) {
  const Own own = own_with({"PCMU"});
  const std::string offer = offer_of(own, false);
  EXPECT_FALSE(agreed_by(*Session::parse(*reject_all(offer)), own).has_value());
}

}  // namespace
}  // namespace sdp
