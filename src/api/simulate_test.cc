// Simulations over the API: bounded, deterministic, and refused with all that is wrong.
#include <cstddef>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "api/http.h"
#include "api/testing/ask.h"
#include "api/testing/fake_backend.h"
#include "base/node.h"
#include "base/time.h"
#include "config/json.h"
#include "model/office.h"

namespace {

using api::Response;
using api::testing::Ask;
using api::testing::FakeBackend;

// Sales: Alice, then Bob, each for 10 s.
model::Office office() {
  model::Office made;
  for (const char* extension : {"101", "102", "103"})
    made.users.emplace_back().extension = extension;
  model::Group& sales = made.groups.emplace_back();
  sales.name = "Sales";
  sales.extensions = {"8001"};
  sales.strategy = model::Strategy::Sequential;
  sales.members.resize(2);
  sales.members[0].target = "101";
  sales.members[1].target = "102";
  for (model::Member& member : sales.members) member.ring_for = base::Duration{10'000};
  made.groups.emplace_back().name = "Quiet";
  return made;
}

Response simulate(FakeBackend& backend, const std::string& body, const std::string& accept = {}) {
  return api::testing::ask(
      backend, {.method = "POST", .target = "/api/v1/simulate", .body = body, .accept = accept});
}

// The value of a figure of a configuration.
double figure(const Response& response, std::size_t configuration, const std::string& what) {
  const auto body = config::read_json(response.body);
  if (!body) return -1;
  const auto& all = *body->find("configurations")->list();
  for (const base::Node& one : *all.at(configuration).find("figures")->list())
    if (one.find("what")->scalar()->text == what && one.find("whose") == nullptr)
      return std::stod(one.find("value")->scalar()->text);
  return -1;
}

TEST(Simulate, TheSameSeedTellsTheSameStory) {
  FakeBackend backend{office()};
  const std::string body = R"({"group": "Sales", "calls": 500, "seed": 7, "an_hour": 30})";

  const Response first = simulate(backend, body);

  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.body, simulate(backend, body).body);
  EXPECT_NE(first.body, simulate(backend, R"({"group": "Sales", "calls": 500, "seed": 8})").body);
  EXPECT_GT(figure(first, 0, "answered"), 0.5);
}

TEST(Simulate, TwoConfigurationsSideBySide) {
  FakeBackend backend{office()};

  const Response both = simulate(
      backend,
      R"({"number": "8001", "calls": 2000, "answers": 0.5, "changed_group": {"name": "Sales",
          "extensions": ["8001"], "members": ["101", "102", "103"], "timeout": 30}})");

  ASSERT_EQ(both.status, 200) << both.body;
  EXPECT_GT(figure(both, 1, "answered"), figure(both, 0, "answered"));
}

TEST(Simulate, AGroupWithoutANumberIsCalledAllTheSame) {
  FakeBackend backend{office()};
  EXPECT_EQ(simulate(backend, R"({"group": "Quiet", "calls": 100})").status, 200);
}

TEST(Simulate, HabitsCount) {
  FakeBackend backend{office()};

  const Response nobody = simulate(backend, R"({"group": "Sales", "calls": 300, "people":
      {"101": {"registered": false}, "102": {"answers": 0, "declines": 1}}})");

  ASSERT_EQ(nobody.status, 200) << nobody.body;
  EXPECT_EQ(figure(nobody, 0, "answered"), 0);
}

TEST(Simulate, AdviceNamesWhatWouldHelp) {
  FakeBackend backend{office()};

  const Response asked = simulate(
      backend,
      R"({"group": "Sales", "calls": 1000, "answers": 0.4, "an_hour": 40, "advice": true})");

  ASSERT_EQ(asked.status, 200) << asked.body;
  EXPECT_NE(asked.body.find(R"("code":"rings_too")"), std::string::npos) << asked.body;
}

TEST(Simulate, PicturesAndTablesByAccept) {
  FakeBackend backend{office()};
  const std::string body = R"({"group": "Sales", "calls": 100})";
  EXPECT_TRUE(simulate(backend, body, "image/svg+xml").body.starts_with("<svg"));
  EXPECT_TRUE(simulate(backend, body, "text/csv").body.starts_with("configuration,what"));
  EXPECT_NE(simulate(backend, body, "text/plain").body.find("answered"), std::string::npos);
}

TEST(Simulate, WhatIsWrongIsToldAtItsPlace) {
  FakeBackend backend{office()};
  for (const auto& [body, pointer] :
       {std::pair{R"({})", R"("/number")"},
        std::pair{R"({"number": "1", "group": "2"})", R"("/number")"},
        std::pair{R"({"group": "none"})", R"("/group")"},
        std::pair{R"({"number": "7777"})", R"("/number")"},
        std::pair{R"({"group": "Sales", "calls": 5})", R"("/calls")"},
        std::pair{R"({"group": "Sales", "calls": 20001})", R"("/calls")"},
        std::pair{R"({"group": "Sales", "answers": "all"})", R"("/answers")"},
        std::pair{R"({"group": "Sales", "people": {"101": {"sleeps": 1}}})",
                  R"("/people/101/sleeps")"},
        std::pair{R"({"group": "Sales", "changed_group": {"name": "Sales", "members": ["199"]}})",
                  R"(/members/0)"},
        std::pair{R"({"group": "Sales", "changed": {"groups": 1}})", R"("/changed/groups")"},
        std::pair{R"({"group": "Sales", "learn_days": 30})", R"("/learn_days")"},
        std::pair{R"({"number": "101", "advice": true})", R"("/advice")"},
        std::pair{R"({"group": "Sales", "advice": true, "calls": 20000})", R"("/calls")"},
        std::pair{R"({"group": "Sales", "cals": 5})", R"("/cals")"}}) {
    const Response refused = simulate(backend, body);
    EXPECT_EQ(refused.status, 422) << body << refused.body;
    EXPECT_NE(refused.body.find(pointer), std::string::npos) << body << refused.body;
  }
}

}  // namespace
