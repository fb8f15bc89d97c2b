// Whom a call's end is told, how long failures are tried, which addresses are never asked. The
// thread itself is driven against a real HTTP server in tests/rest.

#include "notify/courier.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "notify/http_client.h"
#include "store/deliveries.h"

namespace notify {
namespace {

std::shared_ptr<const model::Snapshot> office_with(model::ActionUrls urls,
                                                   std::vector<model::Webhook> webhooks = {}) {
  model::Office office;
  office.tenant = "office.example";
  model::User alice;
  alice.extension = "101";
  alice.name = "Alice";
  office.users = {alice};
  model::Group sales;
  sales.name = "Sales";
  sales.action_url = std::move(urls);
  office.groups = {sales};
  office.webhooks = std::move(webhooks);
  return model::Snapshot::build(office, {});
}

facts::CallRecord call_of_sales() {
  facts::CallRecord call;
  call.id = "c1";
  call.from = "+48600100200";
  call.dialled = "8001";
  call.group = "Sales";
  call.crm_account = "47 11";
  return call;
}

model::Webhook webhook(std::string name, std::vector<std::string> events) {
  model::Webhook made;
  made.name = std::move(name);
  made.url = "http://crm.example/";
  made.events = std::move(events);
  return made;
}

TEST(Courier, Row_S1_15_AnActionUrlKnowsCallerGroupAgentAndAccount) {
  const auto office =
      office_with({"http://crm.example/{event}?t={caller}&g={group}&a={agent}&n={agent_name}"
                   "&c={crm_account}&id={call_id}",
                   "", "", ""});

  const auto action = action_of(*office, "ring", call_of_sales(), "101", {5'000});

  ASSERT_TRUE(action);
  EXPECT_EQ(action->url,
            "http://crm.example/ring?t=%2B48600100200&g=Sales&a=101&n=Alice&c=47%2011&id=c1");
  EXPECT_EQ(action->type, "action.ring");
  EXPECT_EQ(action->group, "sales");
  EXPECT_EQ(action->due, (base::WallTime{5'000}));
  EXPECT_FALSE(action_of(*office, "answer", call_of_sales(), "101", {5'000}));
}

TEST(Courier, TellsTheWebhooksThatWantAnEvent) {
  model::Webhook off = webhook("off", {"call.answered"});
  off.enabled = false;
  const auto office = office_with({}, {webhook("all", {}), webhook("ends", {"call.ended"}),
                                       webhook("answers", {"call.answered"}), off});

  std::vector<std::string> told;
  for (const store::Delivery& one :
       deliveries_of(*office, {"c1.call.answered", "call.answered", "c1", "{}", {7}}))
    told.push_back(one.webhook + " " + one.event_id);

  EXPECT_EQ(told, (std::vector<std::string>{"all c1.call.answered", "answers c1.call.answered"}));
}

TEST(Courier, AnEndIsKeptOnlyForWhoIsTold) {
  EXPECT_FALSE(told_of_end(*office_with({"http://x/", "http://x/", "", ""}), call_of_sales()));
  EXPECT_TRUE(told_of_end(*office_with({"", "", "http://x/", ""}), call_of_sales()));
  EXPECT_TRUE(told_of_end(*office_with({}, {webhook("all", {})}), call_of_sales()));
  EXPECT_FALSE(told_of_end(*office_with({}, {webhook("a", {"call.answered"})}), call_of_sales()));
}

TEST(Courier, WaitsLongerAfterEachTryAndGivesUp) {
  store::Delivery hook{.webhook = "crm"};
  store::Delivery action{.group = "sales"};
  std::vector<std::int64_t> waits;
  for (hook.tries = 1; wait_after(hook).has_value(); ++hook.tries)
    waits.push_back(wait_after(hook)->count() / 1'000);
  std::uint32_t tries = 0;
  for (action.tries = 1; wait_after(action).has_value(); ++action.tries) ++tries;

  EXPECT_EQ(waits, (std::vector<std::int64_t>{5, 30, 120, 600, 3'600, 21'600, 86'400}));
  EXPECT_EQ(tries, 3U);
}

TEST(HttpClient, KnowsAddressesThatNoStrangersUrlMayLeadTo) {
  const auto special = [](const char* text) {
    return is_special(base::IpAddress::parse(text).value_or(base::IpAddress{}));
  };
  for (const char* text :
       {"127.0.0.1",        "10.1.2.3",       "172.16.0.1",    "192.168.1.1", "169.254.169.254",
        "100.64.0.1",       "0.0.0.0",        "0.1.2.3",       "224.0.0.1",   "255.255.255.255",
        "192.0.0.8",        "198.18.0.1",     "::1",           "::",          "fe80::1",
        "fec0::1",          "fc00::1",        "fd12::1",       "ff02::1",     "::ffff:10.0.0.1",
        "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "2001:db8::1", "2001::1"})
    EXPECT_TRUE(special(text)) << text;
  for (const char* text : {"8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "198.20.0.1",
                           "2a00:1450::1", "64:ff9b::808:808", "2002:808:808::1"})
    EXPECT_FALSE(special(text)) << text;
}

}  // namespace
}  // namespace notify
