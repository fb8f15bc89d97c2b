#include "sip/uri.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "sip/testing/must.h"

namespace sip {
namespace {

// The parts in one line, so that a whole URI is compared at once.
std::string parts(std::string_view text) {
  const std::optional<Uri> uri = Uri::parse(text);
  if (!uri.has_value()) return "none";
  static constexpr std::array<std::string_view, 4> kSchemes{"sip", "sips", "tel", "other"};
  std::string out{kSchemes.at(static_cast<std::size_t>(uri->scheme))};
  out.append("|").append(uri->user).append("|").append(uri->password).append("|");
  out.append(uri->host).append("|").append(std::to_string(uri->port)).append("|");
  return out.append(uri->params).append("|").append(uri->headers);
}

TEST(Uri, Rfc3261_19_1_1_ReadsEachPart) {
  EXPECT_EQ(parts("sip:office.example"), "sip|||office.example|0||");
  EXPECT_EQ(parts("SIPS:600@office.example:5061"), "sips|600||office.example|5061||");
  EXPECT_EQ(parts("sip:a:b@h;x=1;lr?S=1&T=2"), "sip|a|b|h|0|;x=1;lr|S=1&T=2");
  EXPECT_EQ(parts("sip:a@[2001:db8::1]:5070;transport=tcp"),
            "sip|a||[2001:db8::1]|5070|;transport=tcp|");
  EXPECT_EQ(parts("sip:1;ext=2@h"), "sip|1;ext=2||h|0||");
  EXPECT_EQ(parts("tel:+49-30-1;phone-context=x"), "tel|+49-30-1|||0|;phone-context=x|");
  EXPECT_EQ(parts("tel:*21#"), "tel|*21#|||0||");
  EXPECT_EQ(parts("urn:service:sos"), "other||||0||");
}

TEST(Uri, RefusesWhatIsNone) {
  for (const std::string_view text : {"",
                                      "600",
                                      "sip:",
                                      ":600",
                                      "sip:@h",
                                      "sip:a@",
                                      "sip:a@h:",
                                      "sip:a@h:0x5",
                                      "sip:a@h:65536",
                                      "sip:a@[2001:db8::1",
                                      "sip:2001:db8::10",
                                      "sip:a@b@c",
                                      "sip:a b@h",
                                      "<sip:a@h>",
                                      "tel:",
                                      "tel:+",
                                      "tel:hallo",
                                      "s p:a@h",
                                      "1a:b",
                                      "sip:a@h\r\n",
                                      "sip:a@[:::1]"})
    EXPECT_EQ(parts(text), "none") << text;
}

TEST(Uri, FindsParametersInAnyCase) {
  const Uri uri = testing::must(Uri::parse("sip:a@h;Transport=TCP;lr;x="));

  EXPECT_EQ(uri.param("transport"), "TCP");
  EXPECT_EQ(uri.param("LR"), "");
  EXPECT_EQ(uri.param("x"), "");
  EXPECT_EQ(uri.param("port"), std::nullopt);
}

TEST(Uri, EscapesAndUnescapesTheUser) {
  EXPECT_EQ(unescaped("%36%30%30"), "600");
  EXPECT_EQ(unescaped("100%"), "100%");
  EXPECT_EQ(unescaped("%4"), "%4");
  EXPECT_EQ(unescaped("%zz%41"), "%zzA");
  EXPECT_EQ(escaped_user("front desk@1#"), "front%20desk%401%23");
  EXPECT_EQ(escaped_user("+49(30)1;x=2"), "+49(30)1;x=2");
  EXPECT_EQ(unescaped(escaped_user("\x01%\xC3\xA4\"<>")), "\x01%\xC3\xA4\"<>");
}

TEST(Uri, Rfc3261_19_1_4_TheseAreEqual) {
  EXPECT_TRUE(same_uri("sip:%36%30%30@office.example", "SIP:600@OFFICE.example"));
  EXPECT_TRUE(same_uri("sip:600@h;a=1;b=2", "sip:600@h;B=2;A=1"));
  EXPECT_TRUE(same_uri("sip:600@h;security=on", "sip:600@h;other=off"));
  EXPECT_TRUE(same_uri("sip:h;method=REGISTER?to=a%40h&x=1", "sip:h;method=register?X=1&to=a%40h"));
  EXPECT_TRUE(same_uri("sip:a%3Bb@h", "sip:a%3bb@h"));
}

TEST(Uri, Rfc3261_19_1_4_TheseAreDifferent) {
  struct Pair {
    std::string_view a, b;
  };
  static constexpr auto kPairs = std::to_array<Pair>({
      {"sip:Desk@h", "sip:desk@h"},
      {"sip:600@h", "sips:600@h"},
      {"sip:600@h", "sip:600@h:5060"},
      {"sip:600@h", "sip:h"},
      {"sip:600:x@h", "sip:600@h"},
      {"sip:600@h;a=1", "sip:600@h;a=2"},
      {"sip:600@h", "sip:600@h?Subject=x"},
      {"sip:a%3Bb@h", "sip:a;b@h"},
      {"sip:600@h", "sip:600@h;user=phone"},
      {"sip:600@h", "sip:600@h;ttl=1"},
      {"sip:600@h", "sip:600@h;method=INVITE"},
      {"sip:600@h", "sip:600@h;maddr=192.0.2.1"},
      {"sip:600@h", "sip:600@h;transport=udp"},
  });
  for (const Pair& pair : kPairs) EXPECT_FALSE(same_uri(pair.a, pair.b)) << pair.b;
}

TEST(Uri, Rfc3966_4_TelephoneNumbersAreComparedWithoutTheirSeparators) {
  EXPECT_TRUE(same_uri("tel:+49-30-(12)34", "tel:+49301234"));
  EXPECT_TRUE(
      same_uri("tel:201;phone-context=Office.Example", "TEL:201;phone-context=office.example"));
  EXPECT_FALSE(same_uri("tel:201;phone-context=a", "tel:201"));
  EXPECT_FALSE(same_uri("tel:+49301234", "tel:49301234"));
}

TEST(Uri, OtherSchemesAreComparedLetterByLetter) {
  EXPECT_TRUE(same_uri("urn:x:1", "urn:x:1"));
  EXPECT_FALSE(same_uri("urn:x:1", "URN:x:1"));
  EXPECT_FALSE(same_uri("nonsense", "sip:a@h"));
}

}  // namespace
}  // namespace sip
