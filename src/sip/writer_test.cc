#include "sip/writer.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/address.h"
#include "sip/message.h"
#include "sip/testing/read_all.h"

namespace sip {
namespace {

base::Address address(std::string_view text) {
  return base::Address::parse(text).value_or(base::Address{});
}

// A request with this Via value, and more header lines.
std::string request(std::string_view via, std::string_view more = {}) {
  std::string out = "INVITE sip:600@office.example SIP/2.0\r\nVia: ";
  out.append(via).append(
      "\r\nFrom: <sip:201@h>;tag=1\r\nTo: <sip:600@h>\r\nCall-ID: c\r\nCSeq: 3 INVITE\r\n");
  return out.append(more).append("Content-Length: 0\r\n\r\n");
}

// The top Via line of the answer to it.
std::string answered_via(std::string_view via, std::string_view source) {
  const std::string bytes = request(via);
  const Writer answer = response_to(Message::parse(bytes).message, address(source), 200, "t");
  const std::string& text = answer.text();
  const std::size_t start = text.find("Via: ") + 5;
  return text.substr(start, text.find("\r\n", start) - start);
}

std::string target(std::string_view via, std::string_view source) {
  const std::string bytes = request(via);
  return response_target(Message::parse(bytes).message, address(source)).to_string();
}

TEST(ResponseVia, Wire_E1_Rfc3581_4_RportAndReceivedTellTheSource) {
  EXPECT_EQ(answered_via("SIP/2.0/UDP 10.0.0.5:5060;rport;branch=z9hG4bK1", "192.0.2.7:40001"),
            "SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK1;rport=40001;received=192.0.2.7");
  EXPECT_EQ(answered_via("SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK1", "192.0.2.7:5060"),
            "SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK1");
  EXPECT_EQ(answered_via("SIP/2.0/UDP phone.example;branch=z9hG4bK1", "192.0.2.7:5060"),
            "SIP/2.0/UDP phone.example;branch=z9hG4bK1;received=192.0.2.7");
  EXPECT_EQ(answered_via("SIP/2.0/UDP [2001:db8::1];branch=z9hG4bK1", "[2001:db8::2]:5060"),
            "SIP/2.0/UDP [2001:db8::1];branch=z9hG4bK1;received=2001:db8::2");
}

TEST(ResponseVia, Wire_E1_WhatTheSenderClaimsOfReceivedIsReplaced) {
  EXPECT_EQ(answered_via("SIP/2.0/UDP 10.0.0.5;received=198.51.100.1;rport=1;x=\";received=2\"",
                         "192.0.2.7:40001"),
            "SIP/2.0/UDP 10.0.0.5;x=\";received=2\";rport=40001;received=192.0.2.7");
}

TEST(ResponseTarget, Wire_E1_IsTheSourceOrItsAddressWithThePortOfTheViaAndNeverAThirdAddress) {
  EXPECT_EQ(target("SIP/2.0/UDP 10.0.0.5:5080;rport", "192.0.2.7:40001"), "192.0.2.7:40001");
  EXPECT_EQ(target("SIP/2.0/UDP 10.0.0.5:5080", "192.0.2.7:40001"), "192.0.2.7:5080");
  EXPECT_EQ(target("SIP/2.0/UDP 10.0.0.5", "192.0.2.7:40001"), "192.0.2.7:5060");
  EXPECT_EQ(target("SIP/2.0/UDP victim.example;maddr=198.51.100.9;received=198.51.100.8",
                   "192.0.2.7:40001"),
            "192.0.2.7:5060");
  EXPECT_EQ(target("SIP/2.0/UDP [2001:db8::1]:5081", "[2001:db8::2]:9"), "[2001:db8::2]:5081");
}

TEST(Response, Rfc3261_8_2_6_KeepsAToTagAndGivesOneWhereThereIsNone) {
  const std::string fresh = request("SIP/2.0/UDP 192.0.2.7");
  std::string tagged = fresh;
  tagged.replace(tagged.find("To: <sip:600@h>"), 15, "To: sip:600@h;tag=old");
  const base::Address source = address("192.0.2.7:5060");

  const Writer first = response_to(Message::parse(fresh).message, source, 180, "new");
  const Writer second = response_to(Message::parse(tagged).message, source, 180, "new");
  const Writer trying = response_to(Message::parse(fresh).message, source, 100, {});

  EXPECT_NE(first.text().find("To: <sip:600@h>;tag=new\r\n"), std::string::npos);
  EXPECT_NE(second.text().find("To: sip:600@h;tag=old\r\n"), std::string::npos);
  EXPECT_NE(trying.text().find("To: <sip:600@h>\r\n"), std::string::npos);
}

TEST(Response, Rfc3261_8_2_6_1_OnlyA100TakesTheTimestampAlong) {
  const std::string bytes = request("SIP/2.0/UDP 192.0.2.7", "Timestamp: 54\r\n");
  const Message message = Message::parse(bytes).message;
  const base::Address source = address("192.0.2.7:5060");

  EXPECT_NE(response_to(message, source, 100, {}).text().find("Timestamp: 54\r\n"),
            std::string::npos);
  EXPECT_EQ(response_to(message, source, 180, "t").text().find("Timestamp"), std::string::npos);
}

TEST(Response, A400IsWrittenForAFaultThatCanBeAnswered) {
  const std::string bytes = request("SIP/2.0/UDP 192.0.2.7", "Max-Forwards: x\r\n");
  const Message::Outcome outcome = Message::parse(bytes);
  ASSERT_EQ(outcome.reject, Reject::BadMaxForwards);
  ASSERT_TRUE(outcome.message.answerable());

  Writer writer = response_to(outcome.message, address("192.0.2.7:5060"),
                              answer_code(Reject::BadMaxForwards), "t");

  EXPECT_EQ(writer.no_body().take(),
            "SIP/2.0 400 Bad Request\r\nVia: SIP/2.0/UDP 192.0.2.7\r\nFrom: <sip:201@h>;tag=1\r\n"
            "To: <sip:600@h>;tag=t\r\nCall-ID: c\r\nCSeq: 3 INVITE\r\nContent-Length: 0\r\n\r\n");
}

TEST(Writer, WritesNumbersListsAndABody) {
  Writer writer;
  writer.request("MESSAGE", "sip:a@h")
      .header(Header::MaxForwards, std::uint64_t{70})
      .header("X-Own", "kept")
      .body("text/plain", "hi");

  EXPECT_TRUE(writer.ok());
  EXPECT_EQ(writer.take(),
            "MESSAGE sip:a@h SIP/2.0\r\nMax-Forwards: 70\r\nX-Own: kept\r\n"
            "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi");
}

TEST(Writer, RefusesEachThingThatWouldBreakALine) {
  static constexpr std::array<std::string_view, 3> kBad{"a\rb", "a\nb",
                                                        std::string_view{"a\0b", 3}};
  for (const std::string_view bad : kBad) {
    const bool written = Writer{}.request("INVITE", bad).ok() ||
                         Writer{}.request(bad, "sip:a@h").ok() || Writer{}.status(200, bad).ok() ||
                         Writer{}.header(Header::Subject, bad).ok() ||
                         Writer{}.header(bad, "x").ok();
    EXPECT_FALSE(written);
  }
  EXPECT_FALSE(Writer{}.request("INVITE", "sip:a b@h").ok());
  EXPECT_FALSE(Writer{}.request("INVITE", "").ok());
  EXPECT_TRUE(Writer{}.header(Header::Subject, "").ok());
}

TEST(Writer, WhatWasParsedIsWrittenAgainTheSame) {
  const std::string bytes = request("SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKf",
                                    "s:  folded\r\n  subject\r\nX-Own :\t kept\r\n");

  EXPECT_TRUE(testing::survives_printing(Message::parse(bytes)));
}

TEST(Phrase, IsKnownForTheCodesThatWeSend) {
  EXPECT_EQ(phrase_of(180), "Ringing");
  EXPECT_EQ(phrase_of(487), "Request Terminated");
  EXPECT_EQ(phrase_of(603), "Decline");
  EXPECT_EQ(phrase_of(299), "Unknown");
}

}  // namespace
}  // namespace sip
