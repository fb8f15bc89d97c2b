// The routes over a backend of values: rights, preconditions, problems, pages.
#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "api/backend.h"
#include "api/desk.h"
#include "api/http.h"
#include "api/rights.h"
#include "api/router.h"
#include "api/testing/ask.h"
#include "api/testing/fake_backend.h"
#include "base/node.h"
#include "base/time.h"
#include "config/json.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "model/edit.h"
#include "model/findings.h"
#include "model/office.h"

namespace api {
namespace {

using testing::ask;
using testing::FakeBackend;
using testing::header;
using testing::ids;
using testing::office;
using testing::text_at;

// ---- targets -------------------------------------------------------------------------------

TEST(Http, ATargetIsSplitAndDecoded) {
  Request request;
  ASSERT_TRUE(read_target("/api/v1/users?q=a%20b&limit=5&flag", request));
  EXPECT_EQ(request.path, "/api/v1/users");
  EXPECT_EQ(request.query,
            (std::map<std::string, std::string>{{"q", "a b"}, {"limit", "5"}, {"flag", ""}}));
}

TEST(Http, ATargetThatCannotBeReadIsRefused) {
  for (const char* bad :
       {"", "users", "*", "http://host/", "/a%", "/a%4", "/a%zz", "/a%00", "/a?b=%g1", "/a?%=1"}) {
    Request request;
    EXPECT_FALSE(read_target(bad, request)) << bad;
  }
}

TEST(Http, EscapesAreDecodedAndPlusStays) {
  EXPECT_EQ(percent_decoded("%2B48+1%c3%B3"), "+48+1\xC3\xB3");
  EXPECT_EQ(percent_decoded("%"), std::nullopt);
}

TEST(Routes, APatternFitsPartByPart) {
  std::map<std::string, std::string> values;
  EXPECT_TRUE(fits("/api/v1/calls/{id}", "/api/v1/calls/7", values));
  EXPECT_EQ(values, (std::map<std::string, std::string>{{"id", "7"}}));
  EXPECT_FALSE(fits("/api/v1/calls/{id}", "/api/v1/calls", values));
  EXPECT_FALSE(fits("/api/v1/calls/{id}", "/api/v1/calls/", values));
  EXPECT_FALSE(fits("/api/v1/calls/{id}", "/api/v1/calls/7/legs", values));
  EXPECT_FALSE(fits("/healthz", "/healthy", values));
}

TEST(Routes, UnderTheApiOnlyTheDescriptionAndTheWayInAreOpen) {
  std::set<std::string_view> open;
  for (const Route& route : routes())
    if (route.access == Access::Open && route.pattern.starts_with("/api/"))
      open.insert(route.pattern);
  EXPECT_EQ(open, (std::set<std::string_view>{"/api/v1/openapi.json", "/api/v1/setup",
                                              "/api/v1/session"}));
}

TEST(Routes, WhatOnlyReadersMayDoChangesNothing) {
  for (const Route& route : routes()) {
    if (route.access != Access::Read) continue;
    EXPECT_TRUE(route.method == "GET" || route.pattern == "/api/v1/explain" ||
                route.pattern == "/api/v1/simulate")
        << route.pattern;
  }
}

// ---- rights --------------------------------------------------------------------------------

TEST(Rights, WithoutATokenTheAnswerIs401WithAChallenge) {
  FakeBackend backend{office()};
  const Response response = ask(backend, {.target = "/api/v1/users", .token = "none"});
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(response.type, "application/problem+json");
  EXPECT_EQ(header(response, "WWW-Authenticate"), "Bearer");
}

TEST(Rights, AReadingTokenReadsAndIs403ForChanges) {
  FakeBackend backend{office()};
  EXPECT_EQ(ask(backend, {.target = "/api/v1/users", .token = "read-token"}).status, 200);
  const Response response = ask(
      backend,
      {.method = "DELETE", .target = "/api/v1/users/103", .token = "read-token", .if_match = "*"});
  EXPECT_EQ(response.status, 403);
  EXPECT_TRUE(backend.orders.empty());
}

TEST(Rights, AreLookedAtBeforeABodyIsRead) {
  FakeBackend backend{office()};
  const auto admitted = [&](const char* method, const char* target, const std::string& token) {
    Request head;
    head.method = method;
    EXPECT_TRUE(read_target(target, head));
    if (!token.empty()) head.headers["authorization"] = "Bearer " + token;
    Desk desk{""};
    const Admission admission = admit(head, backend, desk);
    return admission.refusal.has_value() ? std::size_t{admission.refusal->status}
                                         : admission.max_body;
  };

  EXPECT_EQ(admitted("POST", "/api/v1/config/apply", ""), 401U);
  EXPECT_EQ(admitted("POST", "/api/v1/config/apply", "read-token"), 403U);
  EXPECT_EQ(admitted("POST", "/api/v1/config/apply", "admin-token"), kFileBodyMax);
  EXPECT_EQ(admitted("POST", "/api/v1/chain/import", "admin-token"), kFileBodyMax);
  EXPECT_EQ(admitted("POST", "/api/v1/users", "admin-token"), kBodyMax);
  EXPECT_EQ(admitted("POST", "/api/v1/nothing", ""), 404U);
  EXPECT_EQ(admitted("PUT", "/api/v1/users", "admin-token"), 405U);
  EXPECT_EQ(admitted("GET", "/healthz", ""), kOpenBodyMax);
}

TEST(Rights, AnEditNamesWhoAskedForIt) {
  FakeBackend backend{office()};
  const std::string body = R"({"extension": "110", "name": "Dan"})";
  (void)ask(backend, {.method = "POST", .target = "/api/v1/users", .body = body});
  (void)ask(backend, {.method = "PATCH",
                      .target = "/api/v1/users/110",
                      .body = R"({"name": "Daniel"})",
                      .token = "admin-token",
                      .if_match = "*"});
  ASSERT_EQ(backend.orders.size(), 2U);
  EXPECT_EQ(backend.orders[0].who, "local");
  EXPECT_EQ(backend.orders[0].what, (facts::ConfigChange{"user", "110", "Dan", "added"}));
  EXPECT_EQ(backend.orders[0].expected, 0);
  EXPECT_EQ(backend.orders[1].who, "crm");
  EXPECT_EQ(facts::sentence(backend.orders[1].what), "user Daniel changed");
}

TEST(Rights, TheSchemeBearerIsWrittenInAnyCase) {
  FakeBackend backend{office()};
  const auto status = [&](const char* authorization) {
    Request request;
    request.method = "GET";
    request.path = "/api/v1/users";
    request.headers["authorization"] = authorization;
    Desk desk{""};
    return serve(request, backend, desk).status;
  };

  for (const char* good : {"bearer read-token", "BEARER  read-token", "Bearer read-token"})
    EXPECT_EQ(status(good), 200) << good;
  for (const char* bad : {"Basic read-token", "bearer", "bearer ", "bearerread-token"})
    EXPECT_EQ(status(bad), 401) << bad;
}

// ---- preconditions -------------------------------------------------------------------------

TEST(Preconditions, WithoutIfMatchPutPatchAndDeleteAre428) {
  FakeBackend backend{office()};
  for (const char* method : {"PUT", "PATCH", "DELETE"}) {
    const Response response =
        ask(backend, {.method = method, .target = "/api/v1/users/103", .body = "{}"});
    EXPECT_EQ(response.status, 428) << method;
  }
  EXPECT_TRUE(backend.orders.empty());
}

TEST(Preconditions, AnotherRevisionIs412WithTheFreshETag) {
  FakeBackend backend{office()};
  for (const char* etag : {"\"40\"", "\"41", "41", "\"\"", "\"41x\"", "x"}) {
    const Response response =
        ask(backend, {.method = "DELETE", .target = "/api/v1/users/103", .if_match = etag});
    EXPECT_EQ(response.status, 412) << etag;
    EXPECT_EQ(header(response, "ETag"), "\"41\"");
  }
  EXPECT_TRUE(backend.orders.empty());
}

TEST(Preconditions, TheRevisionOfTheThingPassesAndIsExpectedOfTheStore) {
  FakeBackend backend{office()};
  const Response response = ask(backend, {.method = "PATCH",
                                          .target = "/api/v1/users/103",
                                          .body = R"({"name": "Carol"})",
                                          .if_match = "\"41\""});
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(header(response, "ETag"), "\"42\"");
  EXPECT_EQ(backend.orders.at(0).expected, 41);
}

TEST(Preconditions, WhatTheStoreRefusesIsTheAnswer) {
  FakeBackend backend{office()};
  for (const int status : {409, 412, 422, 503}) {
    backend.refuse_edits = Refused{static_cast<std::uint16_t>(status), "no", {}};
    const Response response = ask(backend, {.method = "PATCH",
                                            .target = "/api/v1/users/103",
                                            .body = R"({"name": "Carol"})",
                                            .if_match = "*"});
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(text_at(response.body, "status"), std::to_string(status));
    EXPECT_EQ(text_at(response.body, "detail"), "no");
  }
}

// ---- bodies --------------------------------------------------------------------------------

TEST(Bodies, EveryFindingIsInTheProblemWithItsPointer) {
  FakeBackend backend{office()};
  const Response response =
      ask(backend, {.method = "POST",
                    .target = "/api/v1/groups",
                    .body = R"({"name": "G", "timeout": -1, "strategi": "page"})"});
  EXPECT_EQ(response.status, 422);
  const auto body = config::read_json(response.body);
  ASSERT_TRUE(body);
  std::vector<std::string> pointers;
  for (const base::Node& error : *body->find("errors")->list())
    pointers.push_back(error.find("pointer")->scalar()->text);
  std::ranges::sort(pointers);
  EXPECT_EQ(pointers, (std::vector<std::string>{"/strategi", "/timeout"}));
}

TEST(Bodies, AClashIsToldAtTheThingThatWasSentWithPointersIntoIt) {
  FakeBackend backend{office()};
  const auto errors = [](const Response& response) {
    std::vector<std::string> told;
    const auto body = config::read_json(response.body);
    if (body && body->find("errors") != nullptr)
      for (const base::Node& error : *body->find("errors")->list())
        told.push_back(error.find("code")->scalar()->text + " " +
                       error.find("pointer")->scalar()->text);
    return told;
  };

  // The number is that of a group, which comes later in the office.
  EXPECT_EQ(errors(ask(backend, {.method = "PUT",
                                 .target = "/api/v1/users/103",
                                 .body = R"({"extension": "8001"})",
                                 .if_match = "*"})),
            (std::vector<std::string>{"number_used_twice /extension"}));
  EXPECT_EQ(errors(ask(backend, {.method = "POST",
                                 .target = "/api/v1/groups",
                                 .body = R"({"name": "B", "members": ["101", "109"]})"})),
            (std::vector<std::string>{"no_such_thing /members/1"}));
  // What another thing suffers is told without a pointer, which would lead into the wrong body.
  const Response renamed = ask(backend, {.method = "PUT",
                                         .target = "/api/v1/users/101",
                                         .body = R"({"extension": "111"})",
                                         .if_match = "*"});
  EXPECT_EQ(errors(renamed), (std::vector<std::string>{"no_such_thing "}));
  EXPECT_NE(renamed.body.find("group Sales, members/0: there is no user"), std::string::npos);
}

TEST(Bodies, WhatIsNoJsonIs400) {
  FakeBackend backend{office()};
  for (const char* body : {"", "{", "nul", "{\"a\":1,\"a\":2}"})
    EXPECT_EQ(ask(backend, {.method = "POST", .target = "/api/v1/users", .body = body}).status, 400)
        << body;
}

TEST(Bodies, SecretsAreLeftOutAndStayWhenTheyAreNotSent) {
  FakeBackend backend{office()};
  const Response read = ask(backend, {.target = "/api/v1/users/103"});
  EXPECT_EQ(read.body.find("secret"), std::string::npos) << read.body;
  const Response put = ask(
      backend,
      {.method = "PUT", .target = "/api/v1/users/103", .body = read.body, .if_match = "\"41\""});
  EXPECT_EQ(put.status, 200) << put.body;
  EXPECT_EQ(backend.office().users.at(2).sip_password, "secret-of-103");
}

TEST(Bodies, APutCannotMoveAThingToAnotherId) {
  FakeBackend backend{office()};
  const Response put = ask(backend, {.method = "PUT",
                                     .target = "/api/v1/users/103",
                                     .body = R"({"id": "999", "extension": "104"})",
                                     .if_match = "*"});
  EXPECT_EQ(put.status, 200) << put.body;
  EXPECT_EQ(text_at(put.body, "id"), "103");
  EXPECT_EQ(backend.office().users.size(), 3U);
}

TEST(Bodies, WarningsOfAnEditAreInTheAnswer) {
  FakeBackend backend{office()};
  const Response made = ask(backend, {.method = "POST",
                                      .target = "/api/v1/groups",
                                      .body = R"({"name": "Empty", "extensions": ["8002"]})"});
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(header(made, "Location"), "/api/v1/groups/empty");
  const auto body = config::read_json(made.body);
  ASSERT_TRUE(body && body->find("warnings") != nullptr) << made.body;
  EXPECT_EQ(body->find("warnings")->list()->size(), 1U);
}

TEST(RowS0_12, WhatIsReferredToIsNotDeletedAndTheReferencesAreNamed) {
  FakeBackend backend{office()};
  const Response response =
      ask(backend, {.method = "DELETE", .target = "/api/v1/users/101", .if_match = "*"});
  EXPECT_EQ(response.status, 409);
  EXPECT_NE(response.body.find("group Sales"), std::string::npos) << response.body;
  EXPECT_TRUE(backend.orders.empty());
}

// ---- lists ---------------------------------------------------------------------------------

TEST(Lists, PagesSortsAndSearches) {
  FakeBackend backend{office()};
  using Ids = std::vector<std::string>;
  const Response first = ask(backend, {.target = "/api/v1/users?limit=2"});
  EXPECT_EQ(ids(first), (Ids{"101", "102"}));
  const std::string next = text_at(first.body, "next");
  EXPECT_EQ(ids(ask(backend, {.target = "/api/v1/users?limit=2&cursor=" + next})), (Ids{"103"}));
  EXPECT_EQ(ids(ask(backend, {.target = "/api/v1/users?sort=-extension"})),
            (Ids{"103", "102", "101"}));
  EXPECT_EQ(ids(ask(backend, {.target = "/api/v1/users?q=USER%20102"})), (Ids{"102"}));
  EXPECT_EQ(ask(backend, {.target = "/api/v1/users?limit=0"}).status, 400);
  EXPECT_EQ(ask(backend, {.target = "/api/v1/users?cursor=x"}).status, 400);
}

TEST(Lists, AFieldThatIsNotThereIsRefusedWithTheKnownOnes) {
  FakeBackend backend{office()};

  const Response refused = ask(backend, {.target = "/api/v1/numbers?sort=-foo"});

  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(text_at(refused.body, "detail"),
            "sort: foo is no field to sort by; known are id, revision, number");
  EXPECT_EQ(ask(backend, {.target = "/api/v1/numbers?sort=number"}).status, 200);
}

// ---- calls and records ---------------------------------------------------------------------

facts::CallRecord record(std::string id) {
  facts::CallRecord record;
  record.id = std::move(id);
  record.tenant = "office.example";
  record.started = base::WallTime{1'772'366'400'250};
  record.from_name = "Nowak, \"Anna\"";
  record.dialled = "8001";
  record.outcome = facts::Outcome::Busy;
  record.sip_code = 486;
  return record;
}

TEST(Calls, AreLookedForAmongTheLiveAndThenInTheRecords) {
  FakeBackend backend{office()};
  backend.live->push_back({record("live"), "hunting", {{"callee", "101", "ringing", "sip:a", ""}}});
  backend.ended.push_back(record("over"));
  EXPECT_EQ(text_at(ask(backend, {.target = "/api/v1/calls/live"}).body, "state"), "hunting");
  EXPECT_EQ(text_at(ask(backend, {.target = "/api/v1/calls/over"}).body, "state"), "ended");
  EXPECT_EQ(ask(backend, {.target = "/api/v1/calls/none"}).status, 404);
  EXPECT_EQ(ask(backend, {.target = "/api/v1/records/live"}).status, 404);
  EXPECT_EQ(ask(backend, {.method = "DELETE", .target = "/api/v1/calls/live"}).status, 204);
  EXPECT_EQ(ask(backend, {.method = "DELETE", .target = "/api/v1/calls/over"}).status, 404);
}

TEST(Calls, OneIsAskedForByItsIdAndAllOnlyForASipCallId) {
  FakeBackend backend{office()};
  backend.live->push_back({record("live"), "hunting", {}});
  backend.live->front().record.sip_call_id = "a@b";
  backend.ended.push_back(record("over"));

  EXPECT_EQ(ask(backend, {.target = "/api/v1/calls/live"}).status, 200);
  EXPECT_EQ(ask(backend, {.target = "/api/v1/calls/over"}).status, 200);
  EXPECT_EQ(backend.lists_of_calls, 0);
  EXPECT_EQ(text_at(ask(backend, {.target = "/api/v1/calls/a%40b"}).body, "id"), "live");
}

TEST(Calls, ASignallingThreadThatDoesNotAnswerIs503) {
  FakeBackend backend{office()};
  backend.live.reset();
  EXPECT_EQ(ask(backend, {.target = "/api/v1/calls"}).status, 503);
  EXPECT_EQ(ask(backend, {.target = "/api/v1/registrations"}).status, 503);
  EXPECT_EQ(ask(backend, {.method = "DELETE", .target = "/api/v1/calls/x"}).status, 503);
}

TEST(Records, WhatTheDatabaseDoesNotAnswerIs503AndNot401Or404) {
  FakeBackend backend{office()};
  backend.refuse_reads = Refused{503, "the database cannot be read", {}};
  for (const char* target : {"/api/v1/users", "/api/v1/records", "/api/v1/records/1",
                             "/api/v1/calls/1", "/api/v1/tokens"}) {
    for (const char* token : {"admin-token", ""}) {
      if (*token == '\0' && std::string_view{target} == "/api/v1/users") continue;
      const Response response = ask(backend, {.target = target, .token = token});
      EXPECT_EQ(response.status, 503) << target;
      EXPECT_EQ(text_at(response.body, "detail"), "the database cannot be read");
    }
  }
  EXPECT_EQ(ask(backend, {.method = "DELETE", .target = "/api/v1/tokens/1"}).status, 503);
  EXPECT_EQ(ask(backend, {.target = "/healthz", .token = "read-token"}).status, 200);
}

TEST(Records, CsvHasTheFieldsOfTheContractInItsOrder) {
  FakeBackend backend{office()};
  backend.ended.push_back(record("r1"));
  const Response csv = ask(backend, {.target = "/api/v1/records", .accept = "text/csv"});
  EXPECT_EQ(csv.type, "text/csv; charset=utf-8");
  EXPECT_EQ(header(csv, "X-Next-Cursor"), "next-page");
  EXPECT_EQ(csv.body,
            "id,tenant,started,answered,ended,from,from_name,dialled,group,crm_account,outcome,"
            "answered_by,wait_ms,talk_ms,final_destination,ended_by,sip_code,q850,sip_call_id,"
            "recording,attempts\r\n"
            "r1,office.example,2026-03-01T12:00:00.250Z,,,,\"Nowak, \"\"Anna\"\"\",8001,,,busy,,0,"
            "0,,,486,0,,,[]\r\n");
}

TEST(Records, EveryFilterReachesTheStore) {
  FakeBackend backend{office()};
  const Response response =
      ask(backend, {.target = "/api/v1/records?group=Sales&outcome=busy&answered_by=101&caller=5"
                              "&dialled=8001&q=x&sort=ended&limit=7&cursor=c"
                              "&from=2026-03-01T12:00:00Z&until=2026-03-02T12:00:00Z"});
  EXPECT_EQ(response.status, 200);
  const store::RecordFilter& asked = backend.asked;
  EXPECT_EQ((std::vector<std::string>{asked.group, asked.outcome, asked.answered_by, asked.caller,
                                      asked.dialled, asked.q, asked.sort, asked.cursor}),
            (std::vector<std::string>{"Sales", "busy", "101", "5", "8001", "x", "ended", "c"}));
  EXPECT_EQ(asked.limit, 7U);
  EXPECT_EQ(asked.from, base::WallTime{1'772'366'400'000});
  EXPECT_EQ(asked.until, base::WallTime{1'772'452'800'000});
}

TEST(Records, AQuestionThatCannotBeReadIs400) {
  FakeBackend backend{office()};
  for (const char* query :
       {"limit=0", "limit=1001", "limit=x", "from=now", "sort=colour", "outcome=nonsense"})
    EXPECT_EQ(ask(backend, {.target = std::string{"/api/v1/records?"} + query}).status, 400)
        << query;
}

TEST(Explain, HandsTheQuestionOn) {
  FakeBackend backend{office()};
  const Response response =
      ask(backend, {.method = "POST",
                    .target = "/api/v1/explain",
                    .body = R"({"number": "8001", "from": "5", "at": "2026-03-01T13:00:00+01:00"})",
                    .token = "read-token"});
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(backend.question.number, "8001");
  EXPECT_EQ(backend.question.from, "5");
  EXPECT_EQ(backend.question.at, base::WallTime{1'772'366'400'000});
}

}  // namespace
}  // namespace api
