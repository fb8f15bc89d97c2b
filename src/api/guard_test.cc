// Bans, the log and the messages of a call over the API.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "api/http.h"
#include "api/testing/ask.h"
#include "api/testing/fake_backend.h"
#include "base/address.h"
#include "facts/call_record.h"
#include "obs/log.h"

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

void give_log(FakeBackend& backend) {
  const auto tell = [&](obs::Level level, const char* call, const char* text) {
    backend.log.keep({level, "call.ended", {{"call", call}}}, {1'000}, text);
  };
  tell(obs::Level::Info, "0001", "level=info one");
  tell(obs::Level::Warn, "0002", "level=warn Two");
  tell(obs::Level::Error, "0001", "level=error three");
}

TEST(LogLines, AreReadByPagesTheNewestFirst) {
  FakeBackend backend{office()};
  give_log(backend);

  const Response first = ask(backend, {.target = "/api/v1/log?limit=2"});

  EXPECT_EQ(ids(first), (std::vector<std::string>{"3", "2"}));
  EXPECT_NE(first.body.find(R"("next":"2")"), std::string::npos) << first.body;
  const Response second = ask(backend, {.target = "/api/v1/log?limit=2&cursor=2"});
  EXPECT_EQ(ids(second), std::vector<std::string>{"1"});
  EXPECT_NE(second.body.find(R"("next":"")"), std::string::npos) << second.body;
}

TEST(LogLines, AreFoundByLevelCallAndText) {
  FakeBackend backend{office()};
  give_log(backend);

  EXPECT_EQ(ids(ask(backend, {.target = "/api/v1/log?level=warn"})),
            (std::vector<std::string>{"3", "2"}));
  EXPECT_EQ(ids(ask(backend, {.target = "/api/v1/log?call=0001"})),
            (std::vector<std::string>{"3", "1"}));
  EXPECT_EQ(ids(ask(backend, {.target = "/api/v1/log?q=tWO"})), std::vector<std::string>{"2"});
}

TEST(LogLines, AreForAdministratorsAndAQuestionThatCannotBeReadIsRefused) {
  FakeBackend backend{office()};

  EXPECT_EQ(ask(backend, {.target = "/api/v1/log", .token = "none"}).status, 401);
  for (const char* query : {"level=loud", "limit=0", "limit=1001", "limit=x", "cursor=-1"})
    EXPECT_EQ(ask(backend, {.target = std::string{"/api/v1/log?"} + query}).status, 400) << query;
}

}  // namespace
}  // namespace api
