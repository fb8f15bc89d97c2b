// Lists of lamps (RFC 4662): golden documents, what a group's list has, what is told of it.

#include "call/detail/lamp_list.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "call/testing/harness.h"
#include "model/office.h"

namespace call::testing {
namespace {

using base::Duration;

const std::vector<std::string> kAskForList{
    "Event: dialog", "Expires: 600", "Supported: eventlist",
    "Accept: application/dialog-info+xml, multipart/related, application/rlmi+xml"};

std::string part_of(const std::string& body, const std::string& entity) {
  const std::size_t at = body.find("entity=\"sip:" + entity + "@");
  if (at == std::string::npos) return "";
  return body.substr(at, body.find("</dialog-info>", at) - at);
}

std::size_t count_of(const std::string& body, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = body.find(what); at != std::string::npos; at = body.find(what, at + 1))
    ++count;
  return count;
}

// 8001 rings 101 and 102; 103 watches; 105 calls.
struct Lists : ::testing::Test {
  Lists() : desk(office_with(model::Strategy::RingAll, {"101", "102"})) {}

  Wire subscribe() {
    const Wire ok = desk.carol.subscribe("8001", kAskForList);
    EXPECT_EQ(brief(ok), "200 SUBSCRIBE");
    EXPECT_EQ(ok.header("Require"), "eventlist");
    return ok;
  }
  // The next NOTIFY, answered.
  Wire told() {
    desk.house.advance(Duration{200});
    Wire notify = desk.carol.take("NOTIFY");
    desk.carol.respond(notify, 200);
    return notify;
  }

  Desk desk;
};

TEST(LampList, IsAnIndexAndADocumentForEachResource) {
  ListDocument document;
  document.uri = "sip:8001@office.example";
  document.domain = "office.example";
  document.boundary = "b";
  document.version = 3;
  document.full = false;
  document.parts = {{2, "sip:101@office.example", "Alice & Co", "<dialog-info/>"}};

  EXPECT_EQ(list_type(document),
            "multipart/related;type=\"application/rlmi+xml\";start=\"<list.3@office.example>\";"
            "boundary=\"b\"");
  EXPECT_EQ(list_body(document),
            "--b\r\n"
            "Content-Transfer-Encoding: binary\r\n"
            "Content-ID: <list.3@office.example>\r\n"
            "Content-Type: application/rlmi+xml;charset=\"UTF-8\"\r\n"
            "\r\n"
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
            "<list xmlns=\"urn:ietf:params:xml:ns:rlmi\" uri=\"sip:8001@office.example\" "
            "version=\"3\" fullState=\"false\">\r\n"
            "  <resource uri=\"sip:101@office.example\">\r\n"
            "    <name>Alice &amp; Co</name>\r\n"
            "    <instance id=\"2\" state=\"active\" cid=\"2.3@office.example\"/>\r\n"
            "  </resource>\r\n"
            "</list>\r\n"
            "\r\n"
            "--b\r\n"
            "Content-Transfer-Encoding: binary\r\n"
            "Content-ID: <2.3@office.example>\r\n"
            "Content-Type: application/dialog-info+xml\r\n"
            "\r\n"
            "<dialog-info/>\r\n"
            "--b--\r\n");
}

TEST_F(Lists, TheFirstDocumentHasTheGroupAndItsMembers) {
  subscribe();
  const Wire notify = told();

  EXPECT_EQ(notify.header("Require"), "eventlist");
  EXPECT_EQ(notify.header("Content-Type").find("multipart/related;"), 0U);
  EXPECT_NE(notify.body.find("fullState=\"true\""), std::string::npos);
  EXPECT_EQ(count_of(notify.body, "<resource "), 3U);
  for (const char* number : {"8001", "101", "102"})
    EXPECT_NE(part_of(notify.body, number), "") << number;
}

TEST_F(Lists, AChangeTellsOnlyOfWhoChanged) {
  subscribe();
  (void)told();
  (void)desk.caller.invite("101", with_offer());
  desk.alice.respond(desk.alice.take("INVITE"), 180);

  std::string last;
  desk.house.advance(Duration{200});
  while (desk.carol.has("NOTIFY")) {
    last = told().body;
    desk.house.advance(Duration{200});
  }

  EXPECT_NE(last.find("fullState=\"false\""), std::string::npos);
  EXPECT_EQ(count_of(last, "<resource "), 1U);
  EXPECT_NE(part_of(last, "101").find("<state>early</state>"), std::string::npos);
  EXPECT_EQ(part_of(last, "102"), "");
}

TEST_F(Lists, WhoDoesNotAskForAListGetsTheGroupsLamp) {
  const Wire ok = desk.carol.subscribe("8001", {"Event: dialog", "Expires: 600"});
  EXPECT_FALSE(ok.has("Require"));
  const Wire notify = told();

  EXPECT_EQ(notify.header("Content-Type"), "application/dialog-info+xml");
  EXPECT_FALSE(notify.has("Require"));
}

TEST_F(Lists, AUserIsNoList) {
  const Wire ok = desk.carol.subscribe("101", kAskForList);

  EXPECT_FALSE(ok.has("Require"));
  EXPECT_EQ(told().header("Content-Type"), "application/dialog-info+xml");
}

TEST_F(Lists, AGroupThatChangesIsToldAsAWhole) {
  subscribe();
  (void)told();
  model::Office office = desk.house.office();
  office.groups[0].members.push_back(member("104"));

  desk.house.reconfigure(office);
  const Wire notify = told();

  EXPECT_NE(notify.body.find("fullState=\"true\""), std::string::npos);
  EXPECT_EQ(count_of(notify.body, "<resource "), 4U);
  EXPECT_NE(part_of(notify.body, "104"), "");
}

TEST_F(Lists, AGroupThatIsGoneEndsItsList) {
  subscribe();
  (void)told();
  model::Office office = desk.house.office();
  office.groups.clear();

  desk.house.reconfigure(office);
  desk.house.advance(Duration{200});

  EXPECT_EQ(desk.carol.take("NOTIFY").header("Subscription-State"), "terminated;reason=noresource");
}

TEST_F(Lists, AListIsBounded) {
  model::Office office = desk.house.office();
  for (int i = 0; i < 80; ++i) {
    office.users.push_back(user(std::to_string(2'000 + i)));
    office.groups[0].members.push_back(member(std::to_string(2'000 + i)));
  }
  desk.house.reconfigure(office);

  subscribe();

  EXPECT_EQ(count_of(told().body, "<resource "), kListItemsMax);
}

}  // namespace
}  // namespace call::testing
