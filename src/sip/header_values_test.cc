#include "sip/header_values.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/limits.h"
#include "sip/message.h"
#include "sip/testing/must.h"
#include "sip/text.h"

namespace sip {
namespace {

using testing::must;

// display|uri|params, or what it is instead.
std::string address(std::string_view value) {
  const auto parsed = NameAddr::parse(value);
  if (!parsed.has_value()) return "none";
  if (parsed->star) return "star";
  return std::string{parsed->display}
      .append("|")
      .append(parsed->uri)
      .append("|")
      .append(parsed->params);
}

// transport host port branch
std::string via(std::string_view value) {
  const auto parsed = Via::parse(value);
  if (!parsed.has_value()) return "none";
  return std::string{parsed->transport}
      .append(" ")
      .append(parsed->host)
      .append(" ")
      .append(std::to_string(parsed->port))
      .append(" ")
      .append(parsed->branch());
}

std::string message_with(std::string_view fields, std::string_view body) {
  std::string out =
      "INVITE sip:600@office.example SIP/2.0\r\n"
      "Via: SIP/2.0/UDP 192.0.2.31;branch=z9hG4bK1\r\nFrom: <sip:201@h>;tag=1\r\n"
      "To: <sip:600@h>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n";
  return out.append(fields).append("\r\n").append(body);
}

TEST(NameAddr, Rfc3261_20_10_ReadsBothForms) {
  EXPECT_EQ(address("<sip:a@h;x=1>;tag=2"), "|sip:a@h;x=1|;tag=2");
  EXPECT_EQ(address("sip:a@h;tag=2"), "|sip:a@h|;tag=2");
  EXPECT_EQ(address("Front desk <sip:a@h>"), "Front desk|sip:a@h|");
  EXPECT_EQ(address("desk<sip:a@h>"), "desk|sip:a@h|");
  EXPECT_EQ(address("\"A, <b> \\\"c\\\"\" <sip:a@h?X=1>;q=1"),
            "\"A, <b> \\\"c\\\"\"|sip:a@h?X=1|;q=1");
  EXPECT_EQ(address("\"\" < tel:+49 > ; a = \"b;c\""), "\"\"|tel:+49|; a = \"b;c\"");
  EXPECT_EQ(address("\xC3\x84rger <sip:a@h>"), "\xC3\x84rger|sip:a@h|");
  EXPECT_EQ(address(" * "), "star");
}

TEST(NameAddr, RefusesWhatIsNoAddress) {
  for (const std::string_view value :
       {"", "nobody", "<>", "<sip:a@h", "\"x <sip:a@h>", "\"x\" sip:a@h", "a, b <sip:a@h>",
        "sip:a@h?X=1", "sip:a@h,sip:b@h", "<sip:a@h> tag=1", "<sip:a@h>;x=\"1", "<sip:a b@h>"})
    EXPECT_EQ(address(value), "none") << value;
}

TEST(NameAddr, FindsParametersThroughQuotesAndBlanks) {
  const NameAddr parsed = must(
      NameAddr::parse("<sip:a@h;tag=wrong>;x=\";tag=wrong\" ; TAG = right ;+sip.instance=\"<u>\""));

  EXPECT_EQ(parsed.tag(), "right");
  EXPECT_EQ(parsed.param("+sip.instance"), "\"<u>\"");
  EXPECT_EQ(parsed.param("q"), std::nullopt);
}

TEST(Via, Rfc3261_20_42_ReadsEachForm) {
  EXPECT_EQ(via("SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKx"), "UDP 192.0.2.1 5060 z9hG4bKx");
  EXPECT_EQ(via("SIP / 2.0 / TCP  [2001:db8::1]:5062 ; branch = z"), "TCP [2001:db8::1] 5062 z");
  EXPECT_EQ(via("sip/2.0/tls host.example"), "tls host.example 0 ");
  EXPECT_EQ(via("SIP/2.0/UDP h : 5070;rport"), "UDP h 5070 ");
}

TEST(Via, RefusesWhatIsNone) {
  for (const std::string_view value :
       {"", ";", "SIP/2.0/UDP", "SIP/2.0 h", "SIP/3.0/UDP h", "HTTP/2.0/UDP h", "SIP/2.0/UDP h:x",
        "SIP/2.0/UDP h:65536", "SIP/2.0/UDP [2001:db8::1", "SIP/2.0/UDP 2001:db8::1",
        "SIP/2.0/UDP a b", "SIP/2.0/U;P h"})
    EXPECT_EQ(via(value), "none") << value;
}

TEST(Cseq, ReadsNumberAndMethod) {
  const Cseq cseq = must(Cseq::parse("0009 \t INVITE"));
  EXPECT_EQ(cseq.number, 9U);
  EXPECT_EQ(cseq.method, "INVITE");
  for (const std::string_view value : {"", "INVITE", "1", "-1 BYE", "4294967296 BYE", "1 B E"})
    EXPECT_FALSE(Cseq::parse(value).has_value()) << value;
}

TEST(Cseq, Wire_D3_ABlankAfterTheMethodIsForgiven) {
  const std::string bytes = message_with("Content-Length: 0\r\n", "");
  std::string spaced = bytes;
  spaced.replace(spaced.find("1 INVITE\r\n"), 10, "1 INVITE  \r\n");

  const Message::Outcome outcome = Message::parse(spaced);

  EXPECT_FALSE(outcome.reject.has_value());
  EXPECT_EQ(outcome.message.method(), Method::Invite);
}

TEST(Rack, Rfc3262_7_2_ReadsBothNumbersAndTheMethod) {
  const Rack rack = must(Rack::parse("776656 1 INVITE"));
  EXPECT_EQ(rack.rseq, 776'656U);
  EXPECT_EQ(rack.cseq, 1U);
  EXPECT_EQ(rack.method, "INVITE");
  for (const std::string_view value : {"", "1 INVITE", "1 2", "a 2 INVITE", "1 2 IN VITE"})
    EXPECT_FALSE(Rack::parse(value).has_value()) << value;
}

TEST(Reason, Rfc3326_ReadsSipAndQ850InOneHeader) {
  const std::string bytes = message_with(
      "Reason: SIP ;cause=200 ;text=\"Call completed elsewhere; really\", Q.850;cause=26\r\n"
      "Reason: preemption\r\n",
      "");
  const Message message = Message::parse(bytes).message;
  std::vector<std::string> seen;

  message.for_each_value(Header::Reason, [&](std::string_view value) {
    const auto reason = ReasonValue::parse(value);
    if (!reason.has_value()) return;
    seen.push_back(std::string{reason->protocol} + " " + std::to_string(reason->cause) + " " +
                   unquoted(reason->text));
  });

  EXPECT_EQ(seen, (std::vector<std::string>{"SIP 200 Call completed elsewhere; really", "Q.850 26 ",
                                            "preemption 0 "}));
  EXPECT_FALSE(ReasonValue::parse("SIP;cause=many").has_value());
  EXPECT_FALSE(ReasonValue::parse("").has_value());
}

TEST(SessionExpires, Rfc4028_4_ReadsSecondsAndRefresher) {
  const SessionExpires with = must(SessionExpires::parse("1800 ;refresher=uas"));
  const SessionExpires without = must(SessionExpires::parse("90"));
  EXPECT_EQ(with.seconds, 1'800U);
  EXPECT_EQ(with.refresher, "uas");
  EXPECT_EQ(without.seconds, 90U);
  EXPECT_EQ(without.refresher, "");
  EXPECT_FALSE(SessionExpires::parse("soon").has_value());
}

TEST(Replaces, Rfc3891_6_1_NeedsBothTags) {
  const Replaces replaces = must(Replaces::parse("a@b;to-tag=7;from-tag=9;early-only"));
  EXPECT_EQ(replaces.call_id, "a@b");
  EXPECT_EQ(replaces.to_tag, "7");
  EXPECT_EQ(replaces.from_tag, "9");
  EXPECT_TRUE(replaces.early_only);
  EXPECT_FALSE(Replaces::parse("a@b;to-tag=7").has_value());
  EXPECT_FALSE(Replaces::parse("a@b").has_value());
}

TEST(Seconds, ReadsExpiresAndRetryAfterWithTheirTails) {
  EXPECT_EQ(seconds_of("3600"), 3'600U);
  EXPECT_EQ(seconds_of(" 120 (in a meeting);duration=60"), 120U);
  EXPECT_EQ(seconds_of("18;x"), 18U);
  EXPECT_EQ(seconds_of("4294967295"), 4'294'967'295U);
  EXPECT_EQ(seconds_of("4294967296"), std::nullopt);
  EXPECT_EQ(seconds_of("-1"), std::nullopt);
  EXPECT_EQ(seconds_of("5 minutes"), std::nullopt);
  EXPECT_EQ(seconds_of(""), std::nullopt);
}

TEST(Body, IsFoundByItsTypeAloneOrInsideMultipart) {
  const std::string plain = message_with("c: Application/SDP ; x=1\r\n", "v=0\r\n");
  const std::string parts =
      message_with("Content-Type: multipart/mixed; boundary=\"ab\"\r\n",
                   "--abc\r\nnot a part\r\n--ab\r\nContent-Type: text/plain\r\n\r\nhi\r\n"
                   "--ab  \r\ncontent-type:application/sdp\r\n\r\nv=1\r\n\r\n--ab--\r\n");

  EXPECT_EQ(body_of_type(Message::parse(plain).message, "application/sdp"), "v=0\r\n");
  EXPECT_EQ(body_of_type(Message::parse(plain).message, "text/plain"), "");
  EXPECT_EQ(body_of_type(Message::parse(parts).message, "application/sdp"), "v=1\r\n");
  EXPECT_EQ(body_of_type(Message::parse(parts).message, "text/plain"), "hi");
}

TEST(Body, AMultipartBombIsReadToItsLimitOnly) {
  std::string body;
  for (std::size_t i = 0; i < base::kBodyPartsMax; ++i) body += "--b\r\n\r\n";
  body += "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b--\r\n";
  const std::string bomb = message_with("Content-Type: multipart/mixed;boundary=b\r\n", body);
  const std::string none = message_with("Content-Type: multipart/mixed\r\n", body);
  const std::string open = message_with("Content-Type: multipart/mixed;boundary=b\r\n",
                                        "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n");

  EXPECT_EQ(body_of_type(Message::parse(bomb).message, "application/sdp"), "");
  EXPECT_EQ(body_of_type(Message::parse(none).message, "application/sdp"), "");
  EXPECT_EQ(body_of_type(Message::parse(open).message, "application/sdp"), "");
}

TEST(Text, QuotesAndUnquotes) {
  EXPECT_EQ(quoted("a \"b\" \\ c\r\n\x7F"), "\"a \\\"b\\\" \\\\ c\"");
  EXPECT_EQ(unquoted("\"a \\\"b\\\" \\\\ c\""), "a \"b\" \\ c");
  EXPECT_EQ(unquoted("plain"), "plain");
  EXPECT_EQ(unquoted("\""), "\"");
}

}  // namespace
}  // namespace sip
