#include "sip/dialog.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sip/message.h"

namespace sip {
namespace {

const std::string kInvite =
    "INVITE sip:600@office.example SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1\r\n"
    "Record-Route: <sip:p1.example;lr>, <sip:p2.example;lr>\r\n"
    "From: \"A\" <sip:101@office.example>;tag=ft\r\nTo: <sip:600@office.example>\r\n"
    "Call-ID: c1\r\nCSeq: 7 INVITE\r\nContact: <sip:101@192.0.2.7>\r\n\r\n";
const std::string kOk =
    "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK2\r\n"
    "Record-Route: <sip:p1.example;lr>, <sip:strict.example>\r\n"
    "From: \"A\" <sip:101@office.example>;tag=ft\r\nTo: <sip:600@office.example>;tag=tt\r\n"
    "Call-ID: c1\r\nCSeq: 7 INVITE\r\nContact: <sip:b@192.0.2.9>\r\n\r\n";

Message read(const std::string& bytes) {
  return Message::parse(bytes).message;
}

std::string in_dialog(const std::string& method, int cseq, const std::string& to_tag = "lt") {
  return method + " sip:us@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK3\r\n" +
         "From: <sip:101@office.example>;tag=ft\r\nTo: <sip:600@office.example>;tag=" + to_tag +
         "\r\nCall-ID: c1\r\nCSeq: " + std::to_string(cseq) + " " + method + "\r\n\r\n";
}

TEST(Dialog, Rfc3261_12_1_1_TheUasTakesTheRouteSetInOrder) {
  const Dialog dialog = Dialog::from_request(read(kInvite), "lt");

  EXPECT_EQ(dialog.routes,
            (std::vector<std::string>{"<sip:p1.example;lr>", "<sip:p2.example;lr>"}));
  EXPECT_EQ(dialog.remote_target, "sip:101@192.0.2.7");
  EXPECT_EQ(dialog.remote_uri, "\"A\" <sip:101@office.example>");
  EXPECT_EQ(dialog.next_hop().request_uri, "sip:101@192.0.2.7");
  EXPECT_EQ(dialog.next_hop().first, "sip:p1.example;lr");
}

TEST(Dialog, Rfc3261_12_2_1_1_AStrictRouterInFrontBecomesTheRequestUri) {
  Dialog dialog = Dialog::from_response(read(kInvite), read(kOk));

  Writer bye = dialog.request(Method::Bye, dialog.next_cseq(), "SIP/2.0/UDP x;branch=z9hG4bKq");
  bye.no_body();

  EXPECT_EQ(bye.take(),
            "BYE sip:strict.example SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bKq\r\n"
            "Max-Forwards: 70\r\nRoute: <sip:p1.example;lr>\r\nRoute: <sip:b@192.0.2.9>\r\n"
            "From: \"A\" <sip:101@office.example>;tag=ft\r\n"
            "To: <sip:600@office.example>;tag=tt\r\nCall-ID: c1\r\nCSeq: 8 BYE\r\n"
            "Content-Length: 0\r\n\r\n");
}

TEST(Dialog, Invariant_I7_TheCseqOfThePeerMustRise) {
  Dialog dialog = Dialog::from_request(read(kInvite), "lt");

  EXPECT_EQ(dialog.take_cseq(read(in_dialog("BYE", 8))), Order::Next);
  EXPECT_EQ(dialog.take_cseq(read(in_dialog("BYE", 8))), Order::Repeat);
  EXPECT_EQ(dialog.take_cseq(read(in_dialog("INFO", 3))), Order::Old);
  EXPECT_EQ(dialog.take_cseq(read(in_dialog("ACK", 7))), Order::Next);
}

TEST(Dialog, ARequestBelongsToItByCallIdAndBothTags) {
  const Dialog dialog = Dialog::from_request(read(kInvite), "lt");

  EXPECT_TRUE(dialog.owns_request(read(in_dialog("BYE", 8))));
  EXPECT_FALSE(dialog.owns_request(read(in_dialog("BYE", 8, "other"))));
}

}  // namespace
}  // namespace sip
