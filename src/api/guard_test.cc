// Bans and the messages of a call over the API.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "api/backend.h"
#include "api/http.h"
#include "api/testing/ask.h"
#include "api/testing/fake_backend.h"
#include "base/address.h"
#include "base/time.h"
#include "config/json.h"
#include "facts/call_record.h"
#include "obs/sip_ring.h"

namespace api {
namespace {

using testing::ask;
using testing::FakeBackend;
using testing::ids;
using testing::office;

TEST(Bans, AreListedAndLiftedOnce) {
  FakeBackend backend{office()};
  backend.banned = {{"192.0.2.66", "192.0.2.66", "guessed_passwords", {1}, {2}, 7},
                    {"2001:db8::", "2001:db8::/64", "guessed_names", {1}, {2}, 0}};

  EXPECT_EQ(ids(ask(backend, {.target = "/api/v1/bans"})),
            (std::vector<std::string>{"192.0.2.66", "2001:db8::"}));
  EXPECT_EQ(ids(ask(backend, {.target = "/api/v1/bans?q=names"})),
            std::vector<std::string>{"2001:db8::"});
  EXPECT_EQ(ask(backend, {.method = "DELETE", .target = "/api/v1/bans/2001:db8::"}).status, 204);
  EXPECT_EQ(backend.lifted_by, "local");
  EXPECT_EQ(ask(backend, {.method = "DELETE", .target = "/api/v1/bans/2001:db8::"}).status, 404);
  EXPECT_EQ(ask(backend, {.method = "DELETE", .target = "/api/v1/bans/nobody"}).status, 404);
  backend.live.reset();
  EXPECT_EQ(ask(backend, {.target = "/api/v1/bans"}).status, 503);
}

void give_messages(FakeBackend& backend) {
  facts::CallRecord record;
  record.id = "0001";
  record.sip_call_id = "a@192.0.2.7";
  backend.ended.push_back(record);
  backend.kept_of = "a@192.0.2.7";
  base::Flow flow;
  flow.peer = base::Address::parse("192.0.2.7:5060").value_or(base::Address{});
  backend.kept = {{1,
                   {1'000},
                   false,
                   flow,
                   "INVITE sip:600@office.example SIP/2.0\r\nCall-ID: a@192.0.2.7\r\n\r\n"}};
}

TEST(CallMessages, AreShownAsDataAsALadderAndAsACapture) {
  FakeBackend backend{office()};
  give_messages(backend);

  const Response data = ask(backend, {.target = "/api/v1/calls/0001/sip"});
  const Response ladder =
      ask(backend, {.target = "/api/v1/calls/0001/sip", .accept = "text/plain"});
  const Response capture = ask(backend, {.target = "/api/v1/calls/0001/pcap"});

  ASSERT_EQ(data.status, 200);
  EXPECT_NE(data.body.find("\"start\":\"INVITE sip:600@office.example\""), std::string::npos)
      << data.body;
  EXPECT_NE(ladder.body.find("INVITE"), std::string::npos);
  EXPECT_EQ(ladder.type, "text/plain; charset=utf-8");
  EXPECT_EQ(capture.type, "application/vnd.tcpdump.pcap");
  EXPECT_EQ(capture.body.substr(0, 4), "\xa1\xb2\xc3\xd4");
}

TEST(CallMessages, ThatAreGoneAreNotFoundAndAStrangerSeesNone) {
  FakeBackend backend{office()};
  give_messages(backend);
  backend.kept.clear();

  EXPECT_EQ(ask(backend, {.target = "/api/v1/calls/0001/sip"}).status, 404);
  EXPECT_EQ(ask(backend, {.target = "/api/v1/calls/0002/pcap"}).status, 404);
  EXPECT_EQ(ask(backend, {.target = "/api/v1/calls/0001/sip", .token = "none"}).status, 401);
}

}  // namespace
}  // namespace api
