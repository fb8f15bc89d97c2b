#include "model/hooks.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/base64.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/testing/offices.h"
#include "model/validate.h"

namespace model {
namespace {

TEST(Hooks, FillPlaceholdersPercentEncoded) {
  EXPECT_EQ(
      filled("http://crm.example/open?tel={caller}&n={caller_name}&x={nobody}{",
             {{"caller", "+48600100200"}, {"caller_name", "Zoë & \"Z\"/?"}}),
      "http://crm.example/open?tel=%2B48600100200&n=Zo%C3%AB%20%26%20%22Z%22%2F%3F&x={nobody}{");
  EXPECT_EQ(filled("http://h/{caller}", {{"caller", "{called}"}, {"called", "9"}}),
            "http://h/%7Bcalled%7D");
}

TEST(Hooks, RefuseUrlsThatCannotBeAsked) {
  EXPECT_EQ(why_not_url("https://crm.example:8443/open?tel={caller}&account={crm_account}"), "");
  EXPECT_EQ(why_not_url("http://[2001:db8::1]/x"), "");
  for (const char* bad :
       {"", "crm.example/x", "ftp://crm.example/", "file:///etc/passwd", "http://", "http:///x",
        "http://{caller}.example/", "http://crm.example{called}/", "http://me:pw@crm.example/",
        "http://crm.example/a b", "http://crm.example/\r\nHost: x", "http://crm.example/{caller",
        "http://crm.example/{colour}"})
    EXPECT_NE(why_not_url(bad), "") << bad;
  EXPECT_EQ(why_not_url("http://h/{caler}"),
            "{caler} is unknown; the nearest placeholder is {caller}");
}

TEST(Hooks, TakeKeysOfTheStandardLength) {
  const std::string prefix = "whsec_";
  EXPECT_EQ(hook_key(prefix + base::base64(std::string(24, 'k'))), std::string(24, 'k'));
  EXPECT_EQ(hook_key(prefix + base::base64(std::string(64, 'k'))), std::string(64, 'k'));
  EXPECT_FALSE(hook_key(prefix + base::base64(std::string(23, 'k'))));
  EXPECT_FALSE(hook_key(prefix + base::base64(std::string(65, 'k'))));
  EXPECT_FALSE(hook_key(base::base64(std::string(32, 'k'))));
  EXPECT_FALSE(hook_key("whsec_not base64"));
  EXPECT_FALSE(hook_key(""));
}

TEST(Hooks, AWebhookWantsWhatItNamesOrAllOfCalls) {
  Webhook webhook;
  EXPECT_TRUE(wants(webhook, "call.ended"));
  EXPECT_FALSE(wants(webhook, "config.changed"));
  webhook.events = {"config.changed"};
  EXPECT_TRUE(wants(webhook, "config.changed"));
  EXPECT_FALSE(wants(webhook, "call.ended"));
  webhook.enabled = false;
  EXPECT_FALSE(wants(webhook, "config.changed"));
}

TEST(Hooks, ValidateNamesEveryFaultOfAWebhook) {
  const Office office = testing::office_of(
      R"({tenant: t.example, groups: [{name: Sales, members: ["0226001000"],
            action_url: {ring: "ftp://x/"}}],
          webhooks: [{name: crm, url: "http://crm.example/{caller}", secret: short,
            events: [call.ended, call.endet]}]})");
  std::vector<std::string> told;
  for (const Finding& finding : validate(office))
    if (finding.severity == Severity::Error) told.push_back(finding.path);

  EXPECT_EQ(told, (std::vector<std::string>{"/groups/0/action_url/ring", "/webhooks/0/url",
                                            "/webhooks/0/secret", "/webhooks/0/events/1"}));
}

}  // namespace
}  // namespace model
