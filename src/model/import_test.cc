#include "model/import.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "model/csv.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/testing/offices.h"

namespace model {
namespace {

using testing::office_of;

// "3 partly user 102: outboundcid …"
std::vector<std::string> told(const Import& import) {
  std::vector<std::string> lines;
  for (const ImportRow& row : import.rows) {
    std::string line = std::to_string(row.line) + " " + word(row.verdict) + " " +
                       std::string(noun_of(row.kind)) + " " + row.name;
    for (const std::string& note : row.notes) line += ": " + note;
    lines.push_back(std::move(line));
  }
  return lines;
}

const User& user(const Import& import, std::string_view extension) {
  const auto& users = import.applied.office.users;
  return *std::ranges::find(users, extension, &User::extension);
}

const Group& group(const Import& import, std::string_view name) {
  const auto& groups = import.applied.office.groups;
  return *std::ranges::find(groups, name, &Group::name);
}

Member ring(std::string target, std::int64_t seconds) {
  Member member;
  member.target = std::move(target);
  member.ring_for = base::Duration{seconds * 1'000};
  return member;
}

const Office& three_users() {
  static const Office office = office_of(R"({tenant: office.example, users: [
      {extension: "101", name: Alice, mailbox: {pin: "4711"}},
      {extension: "102", name: Bob}, {extension: "103", name: Cora}]})");
  return office;
}

TEST(Csv, ReadsQuotedFieldsWithSeparatorsLineEndsAndQuotes) {
  const CsvTable table =
      read_csv("\xEF\xBB\xBFName;Note\r\n\"Alice\";\"a;b\nc \"\"d\"\"\"\r\n\r\nBob; x \n");

  EXPECT_TRUE(table.findings.empty());
  EXPECT_EQ(table.header, (std::vector<std::string>{"name", "note"}));
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].fields, (std::vector<std::string>{"Alice", "a;b\nc \"d\""}));
  EXPECT_EQ(table.rows[1].fields, (std::vector<std::string>{"Bob", "x"}));
  EXPECT_EQ(table.rows[1].line, 5U);
}

TEST(Csv, KeepsARowThatCannotBeReadWithTheReason) {
  const CsvTable table = read_csv("a,b\n1,2,3\n1\n1,\"2\n");

  ASSERT_EQ(table.rows.size(), 3U);
  EXPECT_EQ(table.rows[0].trouble, "it has 3 fields, and the header 2");
  EXPECT_EQ(table.rows[1].trouble, "it has 1 fields, and the header 2");
  EXPECT_EQ(table.rows[2].trouble, "a quote is never closed");
}

TEST(Csv, RefusesATableWithoutAProperHeader) {
  for (const char* text : {"", "\n\n", "a,,c\n1,2,3\n", "a,A\n1,2\n", "\"a,b\n1,2\n"}) {
    const CsvTable table = read_csv(text);
    EXPECT_TRUE(has_errors(table.findings)) << text;
    EXPECT_TRUE(table.rows.empty()) << text;
  }
}

TEST(ImportFreePbx, TakesExtensionsWithSecretMailboxAndFollowMe) {
  const Import import = read_import(
      ImportFrom::FreePbx,
      "extension,name,secret,tech,voicemail,voicemail_vmpwd,voicemail_email,findmefollow_enabled,"
      "findmefollow_strategy,findmefollow_grptime,findmefollow_grplist,findmefollow_postdest,"
      "findmefollow_needsconf,findmefollow_pre_ring,dial\n"
      "201,Alice,s3cret,pjsip,default,1234,alice@office.example,yes,ringallv2,25,"
      "201-+48600100200#,\"ext-local,201,dest\",CHECKED,7,PJSIP/201\n",
      {});

  EXPECT_EQ(told(import), (std::vector<std::string>{"2 taken user 201"}));
  EXPECT_EQ(import.unused_columns, (std::vector<std::string>{"dial"}));
  const User& alice = user(import, "201");
  EXPECT_EQ(alice.sip_password, "s3cret");
  EXPECT_EQ(alice.mailbox, (UserMailbox{true, "1234", true}));
  ASSERT_EQ(alice.rules.size(), 1U);
  const Rule& rule = alice.rules.front();
  EXPECT_EQ(rule.confirm, Confirm::Always);
  EXPECT_EQ(rule.finally.any, (Destination{DestinationKind::Mailbox, "201"}));
  ASSERT_EQ(rule.stages.size(), 2U);
  EXPECT_EQ(rule.stages[0].ring_for, base::Duration{7'000});
  ASSERT_EQ(rule.stages[1].ring.size(), 2U);
  EXPECT_EQ(rule.stages[1].ring[1].target, "+48600100200");
  EXPECT_EQ(rule.stages[1].ring_for, base::Duration{25'000});
}

TEST(ImportFreePbx, ChangesAKnownExtensionAndKeepsTheRestOfIt) {
  const Import import = read_import(
      ImportFrom::FreePbx, "extension,name,secret\n101,Alice Example,s3cret\n", three_users());

  EXPECT_EQ(told(import), (std::vector<std::string>{"2 taken user 101"}));
  EXPECT_EQ(user(import, "101").name, "Alice Example");
  EXPECT_EQ(user(import, "101").mailbox.pin, "4711");
  EXPECT_EQ(import.applied.office.users.size(), 3U);
  ASSERT_EQ(import.applied.changes.size(), 1U);
}

TEST(ImportFreePbx, SaysWhatOfAnExtensionIsLost) {
  const Import import = read_import(ImportFrom::FreePbx,
                                    "extension,name,secret,outboundcid,ringtimer,busy_dest,tech\n"
                                    "201,Alice,,\"+48226002000\",15,\"ivr-3,s,1\",pjsip\n"
                                    "202,Bob,x,,0,,dahdi\n",
                                    {});

  EXPECT_EQ(
      told(import),
      (std::vector<std::string>{
          "2 partly user 201: it has no secret, so no phone can register as it until it has a "
          "password: busy_dest \"ivr-3,s,1\" is no extension: set it by hand: outboundcid "
          "\"+48226002000\" is not taken over: ringtimer \"15\" is not taken over",
          "3 left_out user 202: its technology is \"dahdi\"; only SIP extensions can be taken "
          "over"}));
}

TEST(ImportFreePbx, TakesRingGroupsOfEveryStrategy) {
  const Import import = read_import(
      ImportFrom::FreePbx,
      "grpnum,strategy,grptime,grppre,grplist,postdest,description,alertinfo,needsconf,ringing,"
      "cwignore,cfignore,cpickup,recording,elsewhere\n"
      "600,ringall,30,Sales: ,101-102,\"ext-local,vmu101,1\",Sales,<http://x/dr3>,,default,"
      "CHECKED,CHECKED,CHECKED,force,CHECKED\n"
      "601,hunt,12,,101-0226001000#,\"app-blackhole,hangup,1\",Support,,CHECKED,Ring,,,,dontcare,\n"
      "602,memoryhunt,10,,101-102,\"ext-group,600,1\",Office,,,Ring,,,,never,\n",
      three_users());

  ASSERT_EQ(told(import), (std::vector<std::string>{"2 taken group Sales", "3 taken group Support",
                                                    "4 taken group Office"}));
  const Group& sales = group(import, "Sales");
  EXPECT_EQ(sales.strategy, Strategy::RingAll);
  EXPECT_EQ(sales.timeout, base::Duration{30'000});
  EXPECT_EQ(sales.extensions, (std::vector<std::string>{"600"}));
  EXPECT_EQ(sales.caller_id.name_prefix, "Sales:");
  EXPECT_EQ(sales.finally.any, (Destination{DestinationKind::Mailbox, "101"}));
  EXPECT_EQ(sales.caller_hears.sound, "music");
  EXPECT_EQ(sales.record, RecordPolicy::Always);
  EXPECT_TRUE(sales.skip_busy);
  EXPECT_FALSE(sales.follow_forwards);
  EXPECT_EQ(sales.pickup, Pickup::Anyone);
  EXPECT_TRUE(sales.prevent_missed_calls);
  const Group& support = group(import, "Support");
  EXPECT_EQ(support.strategy, Strategy::Sequential);
  EXPECT_EQ(support.members, (std::vector<Member>{ring("101", 12), ring("0226001000", 12)}));
  EXPECT_EQ(support.confirm, Confirm::Always);
  EXPECT_TRUE(support.follow_forwards);
  EXPECT_EQ(group(import, "Office").strategy, Strategy::Rollover);
  EXPECT_EQ(group(import, "Office").finally.any, (Destination{DestinationKind::Group, "600"}));
}

TEST(ImportFreePbx, LeavesOutAGroupWithAMemberThatIsNotThereAndSaysWhy) {
  const Import import = read_import(ImportFrom::FreePbx,
                                    "grpnum,strategy,grptime,grplist,postdest,description\n"
                                    "600,ringall,30,101-199,,Sales\n"
                                    "601,ringall,30,101,\"ext-queues,700,1\",Support\n"
                                    "602,ringall,30,102,\"ivr-3,s,1\",Office\n"
                                    "602,ringall,30,103,,Twice\n",
                                    three_users());

  const auto rows = told(import);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_TRUE(rows[0].starts_with("2 left_out group Sales: there is no user \"199\"")) << rows[0];
  EXPECT_EQ(rows[1],
            "3 partly group Support: where unanswered calls go is not set: there is no queue "
            "\"700\"");
  EXPECT_EQ(rows[2],
            "4 partly group Office: \"ivr-3,s,1\" has no counterpart here: set finally by hand");
  EXPECT_EQ(rows[3], "5 left_out group Twice: line 4 is about the same group");
  EXPECT_EQ(import.applied.office.groups.size(), 2U);
}

TEST(ImportFreePbx, TakesInboundRoutes) {
  const Import import = read_import(ImportFrom::FreePbx,
                                    "cidnum,extension,destination,description\n"
                                    ",+48226002000,\"from-did-direct,101,1\",Main\n"
                                    "0601,+48226002001,\"from-did-direct,101,1\",\n"
                                    ",,\"from-did-direct,101,1\",any\n",
                                    three_users());

  const auto rows = told(import);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0], "2 taken number +48226002000");
  EXPECT_TRUE(rows[1].starts_with("3 left_out number +48226002001: a route for the caller"));
  EXPECT_EQ(rows[2], "4 left_out number : a route for all numbers has no counterpart here");
  ASSERT_EQ(import.applied.office.numbers.size(), 1U);
  EXPECT_EQ(import.applied.office.numbers[0].to, (Destination{DestinationKind::User, "101"}));
}

TEST(ImportFusionPbx, TakesGroupsJoinedWithTheirDestinations) {
  const Import import = read_import(
      ImportFrom::FusionPbx,
      "ring_group_uuid,ring_group_name,ring_group_extension,ring_group_strategy,"
      "ring_group_call_timeout,ring_group_timeout_app,ring_group_timeout_data,ring_group_ringback,"
      "destination_number,destination_delay,destination_timeout,destination_prompt,"
      "destination_enabled\n"
      "u1,Sales,600,simultaneous,40,transfer,*99101 XML office.example,${us-ring},101,0,30,,true\n"
      "u1,Sales,600,simultaneous,40,transfer,*99101 XML office.example,${us-ring},102,5,20,1,t\n"
      "u2,Support,601,sequence,,hangup,NO_ANSWER,local_stream://default,103,5,20,,false\n",
      three_users());

  EXPECT_EQ(told(import), (std::vector<std::string>{
                              "2 taken group Sales", "3 taken group Sales",
                              "4 partly group Support: the delay of 103 only told the order"}));
  const Group& sales = group(import, "Sales");
  EXPECT_EQ(sales.strategy, Strategy::Staggered);
  EXPECT_EQ(sales.timeout, base::Duration{40'000});
  EXPECT_EQ(sales.finally.any, (Destination{DestinationKind::Mailbox, "101"}));
  ASSERT_EQ(sales.members.size(), 2U);
  EXPECT_EQ(sales.members[1].after, base::Duration{5'000});
  EXPECT_EQ(sales.members[1].confirm, Confirm::Always);
  const Group& support = group(import, "Support");
  EXPECT_EQ(support.strategy, Strategy::Sequential);
  EXPECT_FALSE(support.members[0].enabled);
  EXPECT_EQ(support.caller_hears.sound, "music");
  EXPECT_EQ(support.finally.any.kind, DestinationKind::Hangup);
}

TEST(ImportFusionPbx, TakesExtensions) {
  const Import import = read_import(
      ImportFrom::FusionPbx,
      "extension,password,effective_caller_id_name,enabled,do_not_disturb,voicemail_enabled,"
      "voicemail_password,voicemail_mail_to,forward_busy_enabled,forward_busy_destination,"
      "forward_all_enabled,forward_all_destination,call_group\n"
      "201,pw,Alice,true,false,true,1234,alice@office.example,true,102,false,103,sales\n",
      three_users());

  EXPECT_EQ(
      told(import),
      (std::vector<std::string>{"2 partly user 201: call_group \"sales\" is not taken over"}));
  EXPECT_EQ(user(import, "201").forward.busy, "102");
  EXPECT_EQ(user(import, "201").forward.always, "");
  EXPECT_EQ(user(import, "201").mailbox, (UserMailbox{true, "1234", true}));
}

TEST(ImportCsv, TakesUsersGroupsAndNumbers) {
  const Import users = read_import(ImportFrom::Csv,
                                   "extension,name,sip_password,aliases,mailbox_pin,enabled\n"
                                   "101,Alice,pw,alice test002,1234,true\n"
                                   "102,Bob,pw,,,no\n",
                                   {});
  const Import groups = read_import(ImportFrom::Csv,
                                    "group,extension,member,start,len,finally\n"
                                    "Sales,8001,101,0,30,mailbox 101\n"
                                    "Sales,8001,102,6,,mailbox 101\n",
                                    users.applied.office);
  const Import numbers =
      read_import(ImportFrom::Csv, "number,to\n+48226002000,group Sales\n+48226002001,hangup\n",
                  groups.applied.office);

  EXPECT_EQ(told(users), (std::vector<std::string>{"2 taken user 101", "3 taken user 102"}));
  EXPECT_EQ(told(groups), (std::vector<std::string>{"2 taken group Sales", "3 taken group Sales"}));
  EXPECT_EQ(told(numbers), (std::vector<std::string>{"2 taken number +48226002000",
                                                     "3 taken number +48226002001"}));
  const Office& office = numbers.applied.office;
  EXPECT_EQ(office.users[0].aliases, (std::vector<std::string>{"alice", "test002"}));
  EXPECT_FALSE(office.users[1].enabled);
  EXPECT_EQ(office.groups[0].strategy, Strategy::Staggered);
  EXPECT_EQ(office.groups[0].members[1].after, base::Duration{6'000});
  EXPECT_EQ(office.numbers[0].to, (Destination{DestinationKind::Group, "Sales"}));
}

TEST(ImportCsv, RefusesAnUnknownColumnAndRowsThatContradict) {
  const Import column = read_import(ImportFrom::Csv, "extension,nme\n101,Alice\n", {});
  const Import rows =
      read_import(ImportFrom::Csv,
                  "group,strategy,member\nSales,sequential,101\nSales,random,102\n", three_users());

  ASSERT_EQ(column.findings.size(), 1U);
  EXPECT_EQ(column.findings[0].message,
            "unknown column \"nme\"; the nearest known one is \"name\"");
  EXPECT_EQ(told(rows)[1],
            "3 left_out group Sales: line 3 says another strategy than its first row");
  EXPECT_TRUE(rows.applied.changes.empty());
}

TEST(ImportCsv, OfTwoRowsAboutTheSameTheSecondLeavesNoTrace) {
  const Import import =
      read_import(ImportFrom::Csv, "extension,name\n104,Ben\n104,Cora\n", three_users());

  ASSERT_EQ(told(import), (std::vector<std::string>{
                              "2 taken user 104",
                              "3 left_out user 104: line 2 is about the same user",
                          }));
  EXPECT_EQ(user(import, "104").name, "Ben");
}

TEST(Import, RefusesATableOfSomethingElse) {
  for (const ImportFrom from : {ImportFrom::FreePbx, ImportFrom::FusionPbx, ImportFrom::Csv}) {
    const Import import = read_import(from, "colour,size\nred,1\n", three_users());
    EXPECT_TRUE(has_errors(import.findings));
    EXPECT_TRUE(import.applied.changes.empty());
  }
}

TEST(Import, LeavesOutWhatWouldTakeAwayAnothersNumber) {
  Office office = three_users();
  office.mailboxes.push_back({"general", 1, "general", "201", "", {}});

  const Import import = read_import(
      ImportFrom::Csv, "extension,name,sip_password\n201,Ben,pw\n202,Cora,pw\n", office);

  const auto rows = told(import);
  EXPECT_TRUE(rows[0].starts_with("2 left_out user 201: ")) << rows[0];
  EXPECT_EQ(rows[1], "3 taken user 202");
}

}  // namespace
}  // namespace model
