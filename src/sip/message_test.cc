#include "sip/message.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "sip/header_values.h"
#include "sip/uri.h"
#include "sip/writer.h"

namespace sip {
namespace {

const std::string kInvite =
    "INVITE sip:600@office.example SIP/2.0\r\n"
    "v: SIP/2.0/UDP 192.0.2.7:5060;rport;branch=z9hG4bKa1\r\n"
    "Via: SIP/2.0/TCP [2001:db8::9]:5062;branch=z9hG4bKb2, SIP/2.0/UDP far.example\r\n"
    "f: \"Alice, \\\"A\\\"\" <sip:101@office.example>;tag=t1\r\n"
    "t: <sip:600@office.example>\r\n"
    "i: c1@192.0.2.7\r\n"
    "CSeq: 7 INVITE\r\n"
    "Max-Forwards : 70\r\n"
    "m: <sip:101@192.0.2.7:5060;transport=udp>;expires=60, \"B\" <sips:b@[::1]>;q=0.5\r\n"
    "Subject: a folded\r\n"
    "  subject\r\n"
    "X-Own: kept\r\n"
    "c: application/sdp\r\n"
    "l: 4\r\n"
    "\r\n"
    "v=0\r\n and more";

TEST(Message, ReadsCompactFormsFoldingListsAndUnknownHeaders) {
  const Message::Outcome parsed = Message::parse(kInvite);

  ASSERT_FALSE(parsed.reject.has_value()) << word(*parsed.reject);
  const Message& message = parsed.message;
  EXPECT_EQ(message.method(), Method::Invite);
  EXPECT_EQ(message.request_uri(), "sip:600@office.example");
  EXPECT_EQ(message.cseq(), 7U);
  EXPECT_EQ(message.value(Header::Subject), "a folded   subject");
  EXPECT_EQ(message.find("x-own")->value, "kept");
  EXPECT_EQ(message.body(), "v=0\r");
  EXPECT_EQ(from_of(message)->tag(), "t1");
  EXPECT_EQ(from_of(message)->display, "\"Alice, \\\"A\\\"\"");
  std::vector<std::string_view> branches;
  message.for_each_value(Header::Via,
                         [&](std::string_view v) { branches.push_back(Via::parse(v)->branch()); });
  EXPECT_EQ(branches, (std::vector<std::string_view>{"z9hG4bKa1", "z9hG4bKb2", ""}));
  std::vector<std::string_view> contacts;
  message.for_each_value(Header::Contact,
                         [&](std::string_view v) { contacts.push_back(NameAddr::parse(v)->uri); });
  EXPECT_EQ(contacts, (std::vector<std::string_view>{"sip:101@192.0.2.7:5060;transport=udp",
                                                     "sips:b@[::1]"}));
}

TEST(Message, CutAtAnyByteIsRefusedOrReadButNeverHarms) {
  for (std::size_t length = 0; length < kInvite.size(); ++length)
    (void)Message::parse(std::string_view{kInvite}.substr(0, length)).message.answerable();
}

TEST(Writer, Rfc3261_18_2_1_AResponseTellsTheSourceOnTheTopVia) {
  const Message::Outcome parsed = Message::parse(kInvite);
  const base::Address source = *base::Address::parse("198.51.100.4:40000");

  Writer writer = response_to(parsed.message, source, 180, "tt");
  writer.no_body();

  EXPECT_EQ(writer.take(),
            "SIP/2.0 180 Ringing\r\n"
            "Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bKa1;rport=40000;received=198.51.100.4\r\n"
            "Via: SIP/2.0/TCP [2001:db8::9]:5062;branch=z9hG4bKb2\r\n"
            "Via: SIP/2.0/UDP far.example\r\n"
            "From: \"Alice, \\\"A\\\"\" <sip:101@office.example>;tag=t1\r\n"
            "To: <sip:600@office.example>;tag=tt\r\n"
            "Call-ID: c1@192.0.2.7\r\n"
            "CSeq: 7 INVITE\r\n"
            "Content-Length: 0\r\n\r\n");
}

TEST(Writer, RefusesWhatWouldBreakALine) {
  Writer writer;
  writer.request("INVITE", "sip:a@b").header(Header::From, "x\r\nEvil: 1");
  EXPECT_FALSE(writer.ok());
}

TEST(Uri, ReadsItsParts) {
  const auto uri = Uri::parse("sip:al%69ce:pw@[2001:db8::1]:5070;transport=tcp;lr?X=1");
  ASSERT_TRUE(uri.has_value());
  EXPECT_EQ(unescaped(uri->user), "alice");
  EXPECT_EQ(uri->host, "[2001:db8::1]");
  EXPECT_EQ(uri->port, 5070);
  EXPECT_EQ(uri->param("transport"), "tcp");
  EXPECT_EQ(uri->param("lr"), "");
  EXPECT_FALSE(uri->param("ob").has_value());
  EXPECT_EQ(uri->headers, "X=1");
}

TEST(Uri, Rfc3261_19_1_4_EqualAndDifferent) {
  EXPECT_TRUE(same_uri("sip:%61lice@atlanta.example;transport=TCP",
                       "sip:alice@AtLanta.example;Transport=tcp"));
  EXPECT_TRUE(same_uri("sip:carol@chicago.example", "sip:carol@chicago.example;newparam=5"));
  EXPECT_FALSE(same_uri("sip:ALICE@a.example", "sip:alice@a.example"));
  EXPECT_FALSE(same_uri("sip:bob@b.example", "sip:bob@b.example:5060"));
  EXPECT_FALSE(same_uri("sip:bob@b.example", "sip:bob@b.example;transport=udp"));
}

}  // namespace
}  // namespace sip
