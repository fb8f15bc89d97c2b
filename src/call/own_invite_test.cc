// An INVITE as callee_headers.cc writes it, and what is made of it hop by hop.
#include "call/detail/own_invite.h"

#include <string>

#include <gtest/gtest.h>

namespace call {
namespace {

std::string invite_of_ours() {
  return "INVITE sip:600@office.example SIP/2.0\r\n"
         "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKabc\r\nMax-Forwards: 69\r\n"
         "Route: <sip:edge.example;lr>\r\nRoute: <sip:two.example;lr>\r\n"
         "From: <sip:201@h>;tag=1\r\nTo: <sip:600@h>\r\nCall-ID: c\r\nCSeq: 3 INVITE\r\n"
         "Contact: <sip:x@h>\r\nContent-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n";
}

TEST(OwnInvite, Rfc3261_9_1_CancelIsTheInviteUnderAnotherMethodWithItsReasons) {
  EXPECT_EQ(
      cancel_of(invite_of_ours(), "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n"),
      "CANCEL sip:600@office.example SIP/2.0\r\n"
      "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKabc\r\nMax-Forwards: 69\r\n"
      "Route: <sip:edge.example;lr>\r\nRoute: <sip:two.example;lr>\r\n"
      "From: <sip:201@h>;tag=1\r\nTo: <sip:600@h>\r\nCall-ID: c\r\nCSeq: 3 CANCEL\r\n"
      "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\nContent-Length: 0\r\n\r\n");
}

TEST(OwnInvite, Rfc3261_17_1_1_3_TheAckOfAFailureTakesTheToOfTheResponse) {
  EXPECT_EQ(failure_ack_of(invite_of_ours(), "<sip:600@h>;tag=b9"),
            "ACK sip:600@office.example SIP/2.0\r\n"
            "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKabc\r\nMax-Forwards: 69\r\n"
            "Route: <sip:edge.example;lr>\r\nRoute: <sip:two.example;lr>\r\n"
            "From: <sip:201@h>;tag=1\r\nTo: <sip:600@h>;tag=b9\r\nCall-ID: c\r\nCSeq: 3 ACK\r\n"
            "Content-Length: 0\r\n\r\n");
}

}  // namespace
}  // namespace call
