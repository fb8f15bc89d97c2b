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

std::string changed(std::string text, const std::string& from, const std::string& to) {
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(Dialog, Rfc3261_12_1_2_TheUacTakesTheRouteSetInReverse) {
  const Dialog dialog = Dialog::from_response(read(kInvite), read(kOk));

  EXPECT_EQ(dialog.routes,
            (std::vector<std::string>{"<sip:strict.example>", "<sip:p1.example;lr>"}));
  EXPECT_EQ(dialog.remote_target, "sip:b@192.0.2.9");
  EXPECT_EQ(dialog.local_tag, "ft");
  EXPECT_EQ(dialog.remote_tag, "tt");
  EXPECT_EQ(dialog.local_cseq, 7U);
  EXPECT_EQ(dialog.remote_cseq, 0U);
  EXPECT_TRUE(dialog.confirmed);
}

TEST(Dialog, Rfc3261_12_1_2_AProvisionalMakesAnEarlyDialog) {
  const std::string ringing = changed(kOk, "200 OK", "180 Ringing");
  EXPECT_FALSE(Dialog::from_response(read(kInvite), read(ringing)).confirmed);
}

TEST(Dialog, Wire_B8_The200SetsTargetAndRoutesAnew) {
  const std::string ringing = changed(kOk, "200 OK", "180 Ringing");
  Dialog dialog = Dialog::from_response(read(kInvite), read(ringing));
  const std::string moved =
      changed(changed(kOk, "sip:b@192.0.2.9", "sip:b@192.0.2.10"), ", <sip:strict.example>", "");

  dialog.confirm(read(moved));

  EXPECT_TRUE(dialog.confirmed);
  EXPECT_EQ(dialog.remote_target, "sip:b@192.0.2.10");
  EXPECT_EQ(dialog.routes, std::vector<std::string>{"<sip:p1.example;lr>"});
}

TEST(Dialog, Wire_B11_A200WithoutContactOrTagLeavesWhatWasKnown) {
  const std::string bare =
      changed(changed(kOk, "Contact: <sip:b@192.0.2.9>\r\n", ""), ";tag=tt", "");
  const Dialog dialog = Dialog::from_response(read(kInvite), read(bare));

  EXPECT_EQ(dialog.remote_target, "sip:600@office.example");
  EXPECT_EQ(dialog.remote_tag, "");
}

TEST(Dialog, Rfc3261_12_2_1_1_LooseRoutesFollowAndTheTargetIsTheRequestUri) {
  Dialog dialog = Dialog::from_request(read(kInvite), "lt");

  Writer bye = dialog.request(Method::Bye, dialog.next_cseq(), "SIP/2.0/UDP x;branch=z9hG4bKq");
  bye.no_body();

  EXPECT_EQ(bye.take(),
            "BYE sip:101@192.0.2.7 SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bKq\r\n"
            "Max-Forwards: 70\r\nRoute: <sip:p1.example;lr>\r\nRoute: <sip:p2.example;lr>\r\n"
            "From: <sip:600@office.example>;tag=lt\r\n"
            "To: \"A\" <sip:101@office.example>;tag=ft\r\nCall-ID: c1\r\nCSeq: 1 BYE\r\n"
            "Content-Length: 0\r\n\r\n");
}

TEST(Dialog, ARecordRouteThatNamesNoProxyIsLeftOut) {
  const std::string odd = changed(kInvite, "<sip:p1.example;lr>", "<2si;p:x>, <tel:+1>, <sip:a b>");

  EXPECT_EQ(Dialog::from_request(read(odd), "lt").routes,
            std::vector<std::string>{"<sip:p2.example;lr>"});
}

TEST(Dialog, Rfc3261_12_2_1_1_WithoutRoutesItGoesToTheTarget) {
  const std::string direct =
      changed(kInvite, "Record-Route: <sip:p1.example;lr>, <sip:p2.example;lr>\r\n", "");
  const Dialog dialog = Dialog::from_request(read(direct), "lt");

  EXPECT_EQ(dialog.next_hop().request_uri, "sip:101@192.0.2.7");
  EXPECT_EQ(dialog.next_hop().first, "sip:101@192.0.2.7");
}

TEST(Dialog, Invariant_I7_OwnNumbersRiseAndAnAckHasThatOfItsInvite) {
  Dialog dialog = Dialog::from_response(read(kInvite), read(kOk));
  EXPECT_EQ(dialog.next_cseq(), 8U);
  EXPECT_EQ(dialog.next_cseq(), 9U);

  Writer ack = dialog.request(Method::Ack, 7, "SIP/2.0/UDP x;branch=z9hG4bKa");

  EXPECT_NE(ack.text().find("CSeq: 7 ACK\r\n"), std::string::npos);
}

TEST(Dialog, Rfc3261_12_2_2_AReinviteMovesTheTargetAndNotTheRoutes) {
  Dialog dialog = Dialog::from_request(read(kInvite), "lt");
  const std::string moved = changed(changed(kInvite, "sip:101@192.0.2.7>", "sip:101@192.0.2.70>"),
                                    "<sip:p1.example;lr>, ", "");

  dialog.refresh_target(read(moved));

  EXPECT_EQ(dialog.remote_target, "sip:101@192.0.2.70");
  EXPECT_EQ(dialog.routes.size(), 2U);
}

TEST(Dialog, Rfc3261_12_1_1_AContactThatIsNoSipUriIsNoTarget) {
  Dialog dialog = Dialog::from_request(read(kInvite), "lt");

  dialog.refresh_target(read(changed(kInvite, "<sip:101@192.0.2.7>", "<mailto:a@b.example>")));
  dialog.refresh_target(read(changed(kInvite, "<sip:101@192.0.2.7>", "<tel:+48123456789>")));

  EXPECT_EQ(dialog.remote_target, "sip:101@192.0.2.7");
}

TEST(Dialog, Rfc3261_19_1_1_HeadersAndMethodOfAContactStayOutOfTheRequestUri) {
  EXPECT_EQ(as_request_uri("sip:a@h.example;method=INVITE;transport=tcp?Route=%3Csip:x%3E"),
            "sip:a@h.example;transport=tcp");
  EXPECT_EQ(as_request_uri("sip:a@h.example?"), "sip:a@h.example");
  EXPECT_EQ(as_request_uri("sip:a;method=x@h.example;lr"), "sip:a;method=x@h.example;lr");
  EXPECT_EQ(as_request_uri("tel:+48123"), "tel:+48123");
  EXPECT_EQ(as_request_uri("sips:[2001:db8::1]:5061;METHOD=BYE"), "sips:[2001:db8::1]:5061");
}

TEST(Dialog, Rfc3261_12_2_2_ThePeersTagMustFitToo) {
  const Dialog dialog = Dialog::from_request(read(kInvite), "lt");
  EXPECT_FALSE(dialog.owns_request(read(changed(in_dialog("BYE", 8), "tag=ft", "tag=xx"))));
  EXPECT_FALSE(
      dialog.owns_request(read(changed(in_dialog("BYE", 8), "Call-ID: c1", "Call-ID: c2"))));
}

}  // namespace
}  // namespace sip
