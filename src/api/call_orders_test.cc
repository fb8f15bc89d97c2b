// What is ordered of calls, as it reaches the server.
#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "api/backend.h"
#include "api/http.h"
#include "api/testing/ask.h"
#include "api/testing/fake_backend.h"
#include "model/office.h"

namespace {

using api::CallFrom;
using api::PickUp;
using api::Response;
using api::SendOn;
using api::testing::ask;
using api::testing::FakeBackend;

model::Office office() {
  model::Office made;
  made.users.emplace_back().extension = "101";
  made.users.back().name = "Alice";
  return made;
}

Response post(FakeBackend& backend, const std::string& target, const std::string& body) {
  return ask(backend, {.method = "POST", .target = "/api/v1/" + target, .body = body});
}

TEST(CallOrders, ClickToCallNamesTheUserByAnyOfHisNames) {
  FakeBackend backend{office()};

  const Response made = post(backend, "calls", R"({"from": "Alice", "to": "8001"})");

  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.body, R"({"id":"ordered"})");
  ASSERT_EQ(backend.call_orders.size(), 1U);
  const auto& order = std::get<CallFrom>(backend.call_orders[0]);
  EXPECT_EQ(order.user, "101");
  EXPECT_EQ(order.number, "8001");
}

TEST(CallOrders, PickupAndTransferGoByTheirOwnPathsAndByActions) {
  FakeBackend backend{office()};
  EXPECT_EQ(post(backend, "calls/c1/pickup", R"({"user": "101"})").status, 204);
  EXPECT_EQ(post(backend, "calls/c2/transfer", R"({"to": "102", "who": "callee"})").status, 204);
  EXPECT_EQ(post(backend, "calls/c3/actions", R"({"action": "pickup", "user": "101"})").status,
            204);
  EXPECT_EQ(post(backend, "calls/c4/actions", R"({"action": "transfer", "to": "102"})").status,
            204);

  ASSERT_EQ(backend.call_orders.size(), 4U);
  EXPECT_EQ(std::get<PickUp>(backend.call_orders[0]).user, "101");
  EXPECT_TRUE(std::get<SendOn>(backend.call_orders[1]).callee);
  EXPECT_EQ(std::get<PickUp>(backend.call_orders[2]).call, "c3");
  EXPECT_FALSE(std::get<SendOn>(backend.call_orders[3]).callee);
}

TEST(CallOrders, BadBodiesAreRefusedAndNothingIsOrdered) {
  FakeBackend backend{office()};
  EXPECT_EQ(post(backend, "calls", R"({"from": "Alice"})").status, 422);
  EXPECT_EQ(post(backend, "calls", R"({"from": "nobody", "to": "8001"})").status, 422);
  EXPECT_EQ(post(backend, "calls/c/pickup", R"({"user": ""})").status, 422);
  EXPECT_EQ(post(backend, "calls/c/pickup", R"({"usr": "101"})").status, 422);
  EXPECT_EQ(post(backend, "calls/c/transfer", R"({"to": "102", "who": "both"})").status, 422);
  EXPECT_EQ(post(backend, "calls/c/actions", R"({"action": "transfer"})").status, 422);
  EXPECT_TRUE(backend.call_orders.empty());
}

TEST(CallOrders, ARefusalKeepsItsCode) {
  FakeBackend backend{office()};
  backend.refuse_orders =
      api::Refused{409, "no phone", {{model::Severity::Error, "no_phone", "", {}, "no phone"}}};

  const Response refused = post(backend, "calls", R"({"from": "101", "to": "8001"})");

  EXPECT_EQ(refused.status, 409);
  EXPECT_NE(refused.body.find(R"("code":"no_phone")"), std::string::npos) << refused.body;
}

}  // namespace
