// STUN on the SIP port (RFC 8489): the vectors of RFC 5769 section 2, and what gets no answer.
#include "sip/stun.h"

#include <cstddef>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/address.h"

namespace sip {
namespace {

const std::string kTransaction = "\x21\x12\xA4\x42\xB7\xE7\xA7\x01\xBC\x34\xD6\x86\xFA\x87\xDF\xAE";

std::string request(std::string_view attributes = {}, std::string_view type = {"\0\x01", 2}) {
  std::string out(type);
  out += '\0';
  out += static_cast<char>(attributes.size());
  out += kTransaction;
  out += attributes;
  return out;
}

base::Address from(const char* text) {
  return *base::Address::parse(text);
}

TEST(Stun, Rfc5769_2_2_TellsAnIpv4AddressHidden) {
  EXPECT_EQ(stun_answer(request(), from("192.0.2.1:32853")),
            std::string("\x01\x01\x00\x0C", 4) + kTransaction +
                std::string("\x00\x20\x00\x08\x00\x01\xA1\x47\xE1\x12\xA6\x43", 12));
}

TEST(Stun, Rfc5769_2_3_TellsAnIpv6AddressHidden) {
  EXPECT_EQ(stun_answer(request(), from("[2001:db8:1234:5678:11:2233:4455:6677]:32853")),
            std::string("\x01\x01\x00\x18", 4) + kTransaction +
                std::string("\x00\x20\x00\x14\x00\x02\xA1\x47\x01\x13\xA9\xFA\xA5\xD3\xF1\x79"
                            "\xBC\x25\xF4\xB5\xBE\xD2\xB9\xD9",
                            24));
}

TEST(Stun, AnswersWithOptionalAttributesAndRefusesThoseThatItWouldHaveToKnow) {
  const std::string software("\x80\x22\x00\x05phone\0\0\0", 12);
  const std::string username(
      "\x00\x06\x00\x03"
      "bob\0",
      8);

  EXPECT_EQ(stun_answer(request(software), from("192.0.2.1:1")).substr(0, 2), "\x01\x01");
  const std::string refused = stun_answer(request(software + username), from("192.0.2.1:1"));
  EXPECT_EQ(refused.substr(0, 2), "\x01\x11");
  EXPECT_TRUE(refused.ends_with(std::string("\x00\x0A\x00\x02\x00\x06\x00\x00", 8)));
  EXPECT_EQ(refused.size(), 20U + static_cast<std::size_t>(refused[3]));
}

TEST(Stun, GivesNoAnswerToAnythingElse) {
  const auto answer = [](const std::string& bytes) {
    return stun_answer(bytes, from("192.0.2.1:1"));
  };

  for (std::size_t size = 0; size < 20; ++size) EXPECT_EQ(answer(request().substr(0, size)), "");
  EXPECT_EQ(answer(request({}, {"\x00\x11", 2})), "");  // an indication
  EXPECT_EQ(answer(request({}, {"\x01\x01", 2})), "");  // an answer
  EXPECT_EQ(answer(request() + "more"), "");
  EXPECT_EQ(answer(request({"\x80\x22\x00\x09phone\0\0\0", 12})), "");  // longer than it is
  std::string old = request();
  old[4] = 'x';
  EXPECT_FALSE(is_stun(old));
  EXPECT_FALSE(is_stun("REGISTER sip:office.example SIP/2.0\r\n"));
}

}  // namespace
}  // namespace sip
