// The office as a whole, tokens, health over a backend of values.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "api/http.h"
#include "api/testing/ask.h"
#include "api/testing/fake_backend.h"

namespace api {
namespace {

using testing::ask;
using testing::FakeBackend;
using testing::header;
using testing::ids;
using testing::office;
using testing::text_at;

// ---- the office as a whole -----------------------------------------------------------------

TEST(OfficeFile, ApplyIsOneEditAndADryRunIsMarked) {
  FakeBackend backend{office()};
  const std::string body = "users:\n  - {extension: \"104\", name: Dan}\n";
  const Response dry =
      ask(backend, {.method = "POST", .target = "/api/v1/config/apply?dry_run=1", .body = body});
  EXPECT_EQ(dry.status, 200) << dry.body;
  EXPECT_EQ(text_at(dry.body, "dry_run"), "true");
  ASSERT_EQ(backend.orders.size(), 1U);
  EXPECT_TRUE(backend.orders[0].dry_run);
  EXPECT_EQ(backend.orders[0].expected, 41) << "of the office that the file was compared with";
  EXPECT_EQ(backend.office().users.size(), 3U);
  (void)ask(backend, {.method = "POST", .target = "/api/v1/config/apply", .body = body});
  EXPECT_EQ(backend.office().users.size(), 4U);
}

TEST(OfficeFile, PruneRemovesWhatTheFileDoesNotName) {
  FakeBackend backend{office()};
  const Response done =
      ask(backend, {.method = "POST",
                    .target = "/api/v1/config/apply?prune=1",
                    .body = "tenant: office.example\nusers: [{extension: \"102\"}]\n"});
  EXPECT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(backend.office().users.size(), 1U);
  EXPECT_TRUE(backend.office().groups.empty());
}

TEST(OfficeFile, AnExportSealsSecretsUnlessAnAdminAsksForThem) {
  FakeBackend backend{office()};
  const Response sealed = ask(backend, {.target = "/api/v1/config/export", .token = "read-token"});
  EXPECT_EQ(sealed.type, "application/yaml");
  EXPECT_NE(sealed.body.find("!encrypted \"sealed:secret-of-101\""), std::string::npos)
      << sealed.body;
  const std::string target = "/api/v1/config/export?secrets=1";
  EXPECT_EQ(ask(backend, {.target = target, .token = "read-token"}).status, 403);
  for (const char* token : {"", "admin-token"}) {
    const Response plain = ask(backend, {.target = target, .token = token});
    EXPECT_EQ(plain.status, 200);
    EXPECT_EQ(plain.body.find("!encrypted"), std::string::npos);
    EXPECT_NE(plain.body.find("secret-of-101"), std::string::npos);
  }
}

TEST(OfficeFile, TheRightToExportSecretsIsTheRoutersAnswerAndAskedOnce) {
  FakeBackend backend{office()};
  const Response plain =
      ask(backend, {.target = "/api/v1/config/export?secrets=1", .token = "admin-token"});
  EXPECT_EQ(plain.status, 200);
  EXPECT_EQ(backend.token_questions, 1);
}

// ---- tokens, health ------------------------------------------------------------------------

TEST(Tokens, AreShownOnceAndTheirHashesNever) {
  FakeBackend backend{office()};
  const Response made = ask(backend, {.method = "POST",
                                      .target = "/api/v1/tokens",
                                      .body = R"({"name": "crm", "scopes": "read"})"});
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(text_at(made.body, "token"), "secret-of-crm-read");
  const Response list = ask(backend, {.target = "/api/v1/tokens"});
  EXPECT_EQ(ids(list), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(list.body.find("h1"), std::string::npos);
  EXPECT_EQ(ask(backend, {.method = "DELETE", .target = "/api/v1/tokens/9"}).status, 404);
  EXPECT_EQ(
      ask(backend, {.method = "POST", .target = "/api/v1/tokens", .body = R"({"name": "no room"})"})
          .status,
      503);
}

TEST(Health, DegradedIs200AndDrainingIs503) {
  FakeBackend backend{office()};
  backend.readiness = {true, "", {"store"}};
  const Response degraded = ask(backend, {.target = "/readyz", .token = "none"});
  EXPECT_EQ(degraded.status, 200);
  EXPECT_EQ(degraded.body, R"({"status":"ready","degraded":["store"]})");
  backend.readiness = {false, "draining", {}};
  const Response draining = ask(backend, {.target = "/readyz", .token = "none"});
  EXPECT_EQ(draining.status, 503);
  EXPECT_EQ(draining.body, R"({"status":"draining","degraded":[]})");
}

TEST(Health, UnknownPathsAre404AndOtherMethods405WithAllow) {
  FakeBackend backend{office()};
  EXPECT_EQ(ask(backend, {.target = "/nothing"}).status, 404);
  const Response response = ask(backend, {.method = "PUT", .target = "/api/v1/users"});
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(header(response, "Allow"), "GET, POST");
  EXPECT_EQ(ask(backend, {.method = "POST", .target = "/api/v1/things"}).status, 404);
  const Response described = ask(backend, {.method = "POST", .target = "/api/v1/openapi.json"});
  EXPECT_EQ(header(described, "Allow"), "GET");
}

}  // namespace
}  // namespace api
