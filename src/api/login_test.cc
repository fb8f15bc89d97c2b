// The way in: setup, login, roles, forged requests; over a backend of values.
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "api/callers.h"
#include "api/desk.h"
#include "api/http.h"
#include "api/rights.h"
#include "api/router.h"
#include "api/testing/ask.h"
#include "api/testing/fake_backend.h"
#include "api/totp.h"
#include "model/office.h"
#include "store/passwords.h"

namespace api {
namespace {

using testing::FakeBackend;
using testing::header;
using testing::text_at;

constexpr const char* kPassword = "correct horse battery";

// A hash takes its time: one for all tests.
const std::string& hash() {
  static const std::string made = store::hash_password(kPassword);
  return made;
}

model::Office office() {
  model::Office made = testing::office();
  made.admins.push_back({.email = "Admin@office.example", .password = hash()});
  made.admins.push_back({.email = "manager@office.example",
                         .password = hash(),
                         .role = model::AdminRole::GroupManager,
                         .groups = {"Sales"}});
  made.admins.push_back(
      {.email = "reader@office.example", .password = hash(), .role = model::AdminRole::ReadOnly});
  made.users[0].web_password = hash();
  model::Group other;
  other.name = "Other";
  other.members.resize(1);
  other.members[0].target = "102";
  made.groups.push_back(std::move(other));
  return made;
}

// A browser: keeps its cookie and the token against forgery.
class Browser final {
 public:
  explicit Browser(FakeBackend& backend) : backend_(backend) {}

  Response send(const std::string& method, const std::string& target, const std::string& body = {},
                const std::map<std::string, std::string>& headers = {}) {
    Request request;
    request.method = method;
    EXPECT_TRUE(read_target(target, request));
    request.body = body;
    request.peer = "192.0.2.9";
    request.headers = {{"host", "pbx:8080"}};
    if (!cookie.empty()) request.headers["cookie"] = "x=y; " + cookie;
    if (!csrf.empty()) request.headers["x-csrf-token"] = csrf;
    for (const auto& [name, value] : headers) request.headers[name] = value;
    Response response = serve(request, backend_, desk);
    if (const std::string set = header(response, "Set-Cookie"); !set.empty()) {
      cookie = set.substr(0, set.find(';'));
      csrf = text_at(response.body, "csrf");
    }
    return response;
  }
  Response log_in(const std::string& login, const std::string& password = kPassword,
                  const std::string& more = "") {
    return send("POST", "/api/v1/session",
                R"({"login": ")" + login + R"(", "password": ")" + password + "\"" + more + "}");
  }

  std::string cookie, csrf;
  Desk desk{""};

 private:
  FakeBackend& backend_;
};

TEST(Login, OpensASessionWithACookieThatNoScriptReads) {
  FakeBackend backend{office()};
  Browser browser{backend};

  const Response response = browser.log_in("admin@OFFICE.example");

  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(text_at(response.body, "role"), "administrator");
  const std::string cookie = header(response, "Set-Cookie");
  EXPECT_NE(cookie.find("; HttpOnly; SameSite=Strict"), std::string::npos) << cookie;
  EXPECT_EQ(cookie.find("Secure"), std::string::npos);
  EXPECT_EQ(browser.send("GET", "/api/v1/users").status, 200);
  EXPECT_EQ(backend.notes.back(), "login.accepted admin:admin@office.example");
}

TEST(Login, AWrongPasswordAndAnUnknownNameAreToldAlike) {
  FakeBackend backend{office()};
  Browser browser{backend};

  const Response wrong = browser.log_in("admin@office.example", "not this one");
  const Response unknown = browser.log_in("nobody@office.example");
  const Response none = browser.log_in("102");

  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.body, unknown.body);
  EXPECT_EQ(wrong.body, none.body);
  EXPECT_EQ(header(wrong, "WWW-Authenticate"), "");
}

TEST(Login, GuessingIsSlowedDown) {
  FakeBackend backend{office()};
  Browser browser{backend};
  for (int i = 0; i < LoginGuard::kFreeOwn; ++i)
    EXPECT_EQ(browser.log_in("admin@office.example", "guess").status, 401);

  const Response early = browser.log_in("admin@office.example");

  EXPECT_EQ(early.status, 429);
  EXPECT_EQ(header(early, "Retry-After"), "1");
  backend.time.unix_ms += 1'000;
  EXPECT_EQ(browser.log_in("admin@office.example").status, 200);
}

TEST(Login, ASecondFactorIsAskedForAndTakenOnce) {
  model::Office made = office();
  made.admins[0].totp = new_totp_secret();
  const std::string secret = made.admins[0].totp;
  FakeBackend backend{made};
  Browser browser{backend};
  const auto step = static_cast<std::uint64_t>(backend.time.unix_ms / 30'000);
  const std::string code = R"(, "totp": ")" + *totp_code(secret, step) + "\"";

  EXPECT_NE(browser.log_in("admin@office.example").body.find("totp_required"), std::string::npos);
  EXPECT_NE(
      browser.log_in("admin@office.example", kPassword, R"(, "totp": "1")").body.find("totp_wrong"),
      std::string::npos);
  EXPECT_EQ(browser.log_in("admin@office.example", kPassword, code).status, 200);
  EXPECT_EQ(browser.log_in("admin@office.example", kPassword, code).status, 401);
}

TEST(Login, EndsWithLogoutAndWithAnotherPassword) {
  FakeBackend backend{office()};
  Browser browser{backend};
  EXPECT_EQ(browser.log_in("admin@office.example").status, 200);
  const std::string cookie = browser.cookie;
  const std::string csrf = browser.csrf;
  EXPECT_EQ(browser.send("DELETE", "/api/v1/session").status, 204);
  browser.cookie = cookie;
  EXPECT_EQ(browser.send("GET", "/api/v1/users").status, 401);

  EXPECT_EQ(browser.log_in("101").status, 200);
  EXPECT_EQ(browser.send("GET", "/api/v1/me").status, 200);
  model::User user = backend.office().users[0];
  user.web_password = "$argon2id$v=19$another";
  EditOrder order;
  order.edit = model::PutThing{user};
  ASSERT_TRUE(backend.edit(order));
  EXPECT_EQ(browser.send("GET", "/api/v1/me").status, 401);
}

TEST(Forgery, WithoutTheTokenOrFromAnotherSiteNothingIsChanged) {
  FakeBackend backend{office()};
  Browser browser{backend};
  ASSERT_EQ(browser.log_in("admin@office.example").status, 200);
  const std::string body = R"({"extension": "110", "name": "Dan"})";
  const auto post = [&](const std::map<std::string, std::string>& headers) {
    return browser.send("POST", "/api/v1/users", body, headers).status;
  };

  EXPECT_EQ(post({{"x-csrf-token", "guess"}}), 403);
  EXPECT_EQ(post({{"x-csrf-token", ""}}), 403);
  EXPECT_EQ(post({{"origin", "https://evil.example"}}), 403);
  EXPECT_EQ(post({{"origin", "null"}}), 403);
  EXPECT_EQ(post({{"sec-fetch-site", "cross-site"}}), 403);
  EXPECT_EQ(post({{"content-type", "text/plain"}}), 403);
  EXPECT_EQ(post({{"host", "evil.example"}}), 401);
  EXPECT_TRUE(backend.orders.empty());
  EXPECT_EQ(post({{"origin", "http://pbx:8080"}, {"sec-fetch-site", "same-origin"}}), 201);
}

TEST(Forgery, NobodyIsLoggedInByAPageOfAnotherSite) {
  FakeBackend backend{office()};
  Browser browser{backend};
  EXPECT_EQ(
      browser
          .send("POST", "/api/v1/session", R"({"login": "admin@office.example", "password": "x"})",
                {{"origin", "https://evil.example"}})
          .status,
      403);
}

TEST(Setup, TheLinkMakesOneAdministratorAndLogsHimIn) {
  FakeBackend backend{testing::office()};
  Browser browser{backend};
  const std::string once = browser.desk.setup.make(backend.now());
  const auto post = [&](const std::string& link, const std::string& password) {
    return browser.send("POST", "/api/v1/setup",
                        R"({"once": ")" + link +
                            R"(", "email": "a@office.example", "password": ")" + password +
                            R"(", "language": "pl"})");
  };

  EXPECT_EQ(text_at(browser.send("GET", "/api/v1/setup?once=" + once).body, "valid"), "true");
  EXPECT_EQ(post("guess", kPassword).status, 403);
  EXPECT_EQ(post(once, "short").status, 422);
  const Response made = post(once, kPassword);
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(backend.office().admins.at(0).email, "a@office.example");
  EXPECT_EQ(backend.office().language, "pl");
  EXPECT_EQ(browser.send("GET", "/api/v1/users").status, 200);
  EXPECT_EQ(post(once, kPassword).status, 403);
  EXPECT_EQ(text_at(browser.send("GET", "/api/v1/setup").body, "needed"), "false");
}

// ---- roles ---------------------------------------------------------------------------------

TEST(Roles, AGroupManagerChangesHisGroupsAndNoOthers) {
  FakeBackend backend{office()};
  Browser browser{backend};
  ASSERT_EQ(browser.log_in("manager@office.example").status, 200);
  const std::map<std::string, std::string> any{{"if-match", "*"}};
  const auto patch = [&](const char* target) {
    return browser.send("PATCH", target, R"({"description": "x"})", any).status;
  };

  EXPECT_EQ(patch("/api/v1/groups/sales"), 200);
  EXPECT_EQ(patch("/api/v1/groups/8001"), 200);
  EXPECT_EQ(patch("/api/v1/groups/other"), 403);
  EXPECT_EQ(browser.send("PUT", "/api/v1/groups/sales/members/101/login").status, 204);
  EXPECT_EQ(browser.send("PUT", "/api/v1/groups/other/members/102/login").status, 403);
  EXPECT_EQ(browser.send("DELETE", "/api/v1/groups/sales", "", any).status, 403);
  EXPECT_EQ(browser.send("PATCH", "/api/v1/users/101", "{}", any).status, 403);
  EXPECT_EQ(browser.send("GET", "/api/v1/revisions").status, 403);
}

TEST(Roles, AUserSeesHimselfAlone) {
  FakeBackend backend{office()};
  Browser browser{backend};
  ASSERT_EQ(browser.log_in("101").status, 200);

  EXPECT_EQ(browser.send("GET", "/api/v1/me").status, 200);
  EXPECT_EQ(browser.send("GET", "/api/v1/users").status, 403);
  EXPECT_EQ(browser.send("GET", "/api/v1/records").status, 403);
  const Response changed =
      browser.send("PATCH", "/api/v1/me", R"({"do_not_disturb": true})", {{"if-match", "*"}});
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_TRUE(backend.office().users[0].do_not_disturb);
  EXPECT_EQ(backend.office().users[0].sip_password, "secret-of-101");
  EXPECT_EQ(
      browser.send("PATCH", "/api/v1/me", R"({"extension": "999"})", {{"if-match", "*"}}).status,
      422);
}

TEST(Roles, LockedRulesAndRulesWithoutTheRightStayAsTheyAre) {
  model::Office made = office();
  made.users[0].rules.resize(1);
  made.users[0].rules[0].name = "work";
  made.users[0].rules[0].locked = true;
  made.users[0].rules[0].stages.resize(1);
  made.users[0].rules[0].stages[0].ring.resize(1);
  made.users[0].rules[0].stages[0].ring[0].target = "101";
  FakeBackend backend{made};
  Browser browser{backend};
  ASSERT_EQ(browser.log_in("101").status, 200);

  EXPECT_EQ(browser.send("PATCH", "/api/v1/me", R"({"rules": []})", {{"if-match", "*"}}).status,
            403);
  EXPECT_EQ(backend.office().users[0].rules.size(), 1U);
}

TEST(Roles, TheTableOfRightsHoldsForEveryRoute) {
  const auto caller = [](Role role) {
    Caller made;
    made.role = role;
    return made;
  };
  for (const Route& route : routes()) {
    const auto can = [&](Role role) { return may(caller(role), route.access, route.area); };
    EXPECT_EQ(can(Role::Nobody), route.access == Access::Open) << route.pattern;
    EXPECT_EQ(can(Role::User), route.access == Access::Open || route.access == Access::Own);
    EXPECT_EQ(can(Role::ReadOnly), route.access <= Access::Read) << route.pattern;
    EXPECT_EQ(can(Role::GroupManager), route.access != Access::Administer) << route.pattern;
    EXPECT_TRUE(can(Role::Administrator));
  }
}

TEST(Scopes, ATokenMayWhatItsScopesName) {
  const auto can = [](const char* scopes, Access access, const char* area) {
    Caller caller;
    caller.role = Role::Token;
    caller.scopes = scopes;
    return may(caller, access, area);
  };

  EXPECT_TRUE(can("groups:write", Access::Administer, "groups"));
  EXPECT_TRUE(can("groups:write", Access::Read, "groups"));
  EXPECT_FALSE(can("groups:read", Access::Administer, "groups"));
  EXPECT_FALSE(can("groups:write", Access::Read, "users"));
  EXPECT_FALSE(can("groups:write settings:write", Access::Administer, "system"));
  EXPECT_TRUE(can("users:read calls:write", Access::Operate, "calls"));
  EXPECT_FALSE(can("read", Access::Operate, "calls"));
  EXPECT_TRUE(can("read", Access::Own, "events"));
  EXPECT_FALSE(can("users:read", Access::Own, "events"));
  EXPECT_EQ(unknown_scope("read users:write"), "");
  EXPECT_EQ(unknown_scope("users:delete"), "users:delete");
  EXPECT_EQ(unknown_scope("root"), "root");
}

}  // namespace
}  // namespace api
