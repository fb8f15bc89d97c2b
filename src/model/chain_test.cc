// The Next Number table (document 004): import and export, its checks, its walks, its dialling.

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "model/chain_csv.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "model/testing/offices.h"
#include "model/validate.h"

namespace model {
namespace {

using testing::told;

// Users 1401 … 1406, and 1407 who is disabled.
Office office_with(std::string_view csv) {
  Office office;
  office.tenant = "chain.example";
  for (const char* number : {"1401", "1402", "1403", "1404", "1405", "1406", "1407"}) {
    User user;
    user.extension = number;
    user.sip_password = "x";
    user.enabled = std::string_view(number) != "1407";
    office.users.push_back(user);
  }
  auto rows = chain_from_csv(csv);
  EXPECT_EQ(rows.findings, Findings{});
  office.chain = std::move(rows.value);
  return office;
}

std::string walk_of(const Snapshot& snapshot, std::string_view number) {
  const ChainRow* row = snapshot.chain_row(number);
  if (row == nullptr) return "none";
  const ChainWalk walk = snapshot.chain_from(*row);
  std::string made;
  for (const ChainRow* at : walk.rows) made += (made.empty() ? "" : " ") + at->sip_number;
  if (walk.loops_to) made += " again from " + walk.rows[*walk.loops_to]->sip_number;
  return made;
}

Route dialled(const Snapshot& snapshot, std::string number, bool no_fork = false) {
  Query query;
  query.dialled = std::move(number);
  query.caller = CallerKind::User;
  query.user_id = "1406";
  query.no_fork = no_fork;
  return route(snapshot, query);
}

constexpr std::string_view kExample =
    "Sip number,Next Number,Service number,Start number\n"
    "1401,1402,8008001,1401\n1402,1403,8008002,1401\n1403,1404,8008003,1403\n1404,00000,1,1\n";

TEST(Chain, Row_S4_18_ReadsTheTableAsTheDocumentPrintsIt) {
  const auto rows = chain_from_csv(kExample);

  EXPECT_EQ(rows.findings, Findings{});
  EXPECT_EQ(rows.value, (std::vector<ChainRow>{{"", 0, "1401", "1402", "8008001", "1401", {}},
                                               {"", 0, "1402", "1403", "8008002", "1401", {}},
                                               {"", 0, "1403", "1404", "8008003", "1403", {}},
                                               {"", 0, "1404", "", "", "", {}}}));
}

TEST(Chain, ReadsOtherSeparatorsOrdersAndNoHeader) {
  EXPECT_EQ(chain_from_csv("1401;1402;1;1;15\r\n").value,
            (std::vector<ChainRow>{{"", 0, "1401", "1402", "", "", base::Duration{15'000}}}));
  EXPECT_EQ(chain_from_csv("next_number\tsip_number\n1402\t1401\n").value,
            (std::vector<ChainRow>{{"", 0, "1401", "1402", "", "", {}}}));
  EXPECT_EQ(chain_from_csv("\"1401\",\"0000\",\"800,1\",1401\n").value.at(0).service_number,
            "800,1");
}

TEST(Chain, SaysTheLineOfWhatItCannotRead) {
  const auto rows = chain_from_csv("Sip number,Colour\n1401,red\n,1402\n1403\n");
  const auto times = chain_from_csv("1401,0000,1,1,0\n1402,0000,1,1,soon\n");

  EXPECT_EQ(rows.findings.size(), 2U);
  EXPECT_EQ(rows.findings.at(0).at, (base::Position{1, 12}));
  EXPECT_EQ(rows.findings.at(1).message, "the Sip number is empty");
  EXPECT_EQ(rows.findings.at(1).at, (base::Position{3, 1}));
  EXPECT_EQ(times.findings.size(), 2U);
  EXPECT_EQ(times.findings.at(1).at, (base::Position{2, 15}));
}

TEST(Chain, ATableWithoutARowIsRefusedForItWouldEndEveryChain) {
  for (const char* text : {"", "\n \n", "# nothing\n", "Sip number,Next number\n"}) {
    const auto table = chain_from_csv(text);
    ASSERT_EQ(table.findings.size(), 1U) << text;
    EXPECT_EQ(table.findings[0].code, "empty");
    EXPECT_EQ(table.findings[0].at, (base::Position{1, 1}));
  }
}

TEST(Chain, QuotesNoMoreThanTheBeginningOfALongField) {
  const auto header = chain_from_csv(std::string(3'000'000, '\0') + "\n");
  const auto field = chain_from_csv("1401," + std::string(100'000, 'x') + "\n");

  for (const auto& table : {header, field})
    for (const Finding& finding : table.findings) EXPECT_LT(finding.message.size(), 250U);
  EXPECT_FALSE(header.ok());
  EXPECT_FALSE(field.ok());
}

TEST(Chain, SaysWhereAQuoteBeginsThatIsNeverClosed) {
  const auto rows = chain_from_csv("1401,1402,1,1\n1402,\"0000,1,1\n1403,0000,1,1\n");

  EXPECT_EQ(line_of(rows.findings.at(0), "chain.csv"),
            "chain.csv:2:6: error: this quote is never closed; close it on the same line, or leave "
            "it out");
  EXPECT_EQ(rows.findings.size(), 1U);
}

TEST(Chain, SaysLineAndColumnOfAFieldThatIsWrongInTheOffice) {
  Office office = office_with("1401,0000,1,1\n");
  const auto table = chain_from_csv("1401, 1499,1,1\n1402,0000,8001,1\n1403,1\n1403,1\n");
  office.chain = table.value;

  Findings findings = validate(office);
  locate_rows(findings, table);

  std::vector<base::Position> places;
  for (const Finding& finding : findings) places.push_back(finding.at);
  EXPECT_EQ(places, (std::vector<base::Position>{{1, 7}, {2, 16}, {3, 1}, {4, 1}}));
  EXPECT_EQ(findings.at(1).message, "service number \"8001\" needs a Start number");
}

TEST(Chain, WritesWhatItReads) {
  const auto rows = chain_from_csv(kExample).value;

  const std::string text = chain_to_csv(rows);

  EXPECT_EQ(text,
            "Sip number,Next number,Service number,Start number\n1401,1402,8008001,1401\n"
            "1402,1403,8008002,1401\n1403,1404,8008003,1403\n1404,0000,1,1\n");
  EXPECT_EQ(chain_from_csv(text).value, rows);
}

TEST(Chain, WritesANumberThatBeginsLikeACommentInQuotes) {
  const auto rows = chain_from_csv("\"#12\",0000,1,1\n").value;

  EXPECT_EQ(rows.at(0).sip_number, "#12");
  EXPECT_EQ(chain_from_csv(chain_to_csv(rows)).value, rows);
}

TEST(Chain, SaysThatATableIsTooLongInsteadOfCuttingIt) {
  std::string text;
  for (int i = 0; i <= 100'000; ++i) text += std::to_string(100'000 + i) + "\n";

  const auto table = chain_from_csv(text + "1\n");

  EXPECT_EQ(table.value.size(), 100'000U);
  EXPECT_EQ(table.findings.at(0).code, "too_many");
  EXPECT_EQ(table.findings.at(0).at, (base::Position{100'001, 1}));
}

TEST(Chain, Row_S4_13_EndsByZerosOrAnEmptyField) {
  for (const char* end : {"0000", "00000", "", "1"}) {
    const auto snapshot =
        Snapshot::build(office_with("1401,1402,1,1\n1402," + std::string(end) + ",1,1\n"), {});
    EXPECT_EQ(walk_of(*snapshot, "1401"), "1401 1402") << end;
  }
}

TEST(Chain, Row_S4_15_TakesOneForAnEmptyField) {
  EXPECT_EQ(chain_field("1"), "");
  EXPECT_EQ(chain_field(" 11 "), "11");
  EXPECT_EQ(next_field("000"), "000");
  EXPECT_EQ(next_field("0000"), "");
}

TEST(Chain, Row_S4_1_WalksAlongNextFromTheStartNumber) {
  const auto snapshot = Snapshot::build(office_with(kExample), {});

  EXPECT_EQ(walk_of(*snapshot, "1401"), "1401 1402 1403 1404");
  EXPECT_EQ(dialled(*snapshot, "8008003").step, (Step{RingChain{"1403", "", "8008003"}}));
}

TEST(Chain, Row_S4_4_AServiceNumberIsAnAliasOfItsStartNumber) {
  const auto snapshot = Snapshot::build(office_with(kExample), {});

  EXPECT_EQ(dialled(*snapshot, "8008001").step, (Step{RingChain{"1401", "", "8008001"}}));
}

TEST(Chain, Row_S4_7_OneStartNumberServesSeveralServiceNumbers) {
  const auto snapshot = Snapshot::build(office_with(kExample), {});

  EXPECT_EQ(told(validate(office_with(kExample)), Severity::Error), std::vector<std::string>{});
  EXPECT_EQ(dialled(*snapshot, "8008002").step, (Step{RingChain{"1401", "", "8008002"}}));
}

TEST(Chain, Row_S4_3_ServiceNumbersMayBeWrittenWithSeparators) {
  const auto snapshot = Snapshot::build(office_with("1401,0000,800.8001,1401\n"), {});

  for (const char* number : {"8008001", "800.8001", "800-80-01", "800 8001"})
    EXPECT_EQ(dialled(*snapshot, number).step, (Step{RingChain{"1401", "", number}})) << number;
  EXPECT_EQ(snapshot->office().chain.at(0).service_number, "800.8001");
}

TEST(Chain, Row_S4_3_RefusesAServiceNumberThatIsSomethingElse) {
  const Office sip = office_with("1401,1402,1402,1401\n1402,0000,1,1\n");
  const Office code = office_with("1401,0000,*66,1401\n");
  Office extension = office_with("1401,0000,600,1401\n");
  Group group;
  group.name = "Sales";
  group.extensions = {"600"};
  group.members.emplace_back();
  group.members.back().target = "1401";
  extension.groups.push_back(group);

  EXPECT_EQ(told(validate(sip), Severity::Error),
            (std::vector<std::string>{"number_used_twice /users/1/extension",
                                      "number_used_twice /chain/0/service_number"}));
  EXPECT_EQ(told(validate(code), Severity::Error),
            (std::vector<std::string>{"number_is_code /chain/0/service_number"}));
  EXPECT_EQ(told(validate(extension), Severity::Error),
            (std::vector<std::string>{"number_used_twice /groups/0/extensions/0",
                                      "number_used_twice /chain/0/service_number"}));
}

TEST(Chain, Row_S4_3_AFlagsCodeThatIsAServiceNumberIsToldAtBoth) {
  Office office = office_with("1401,0000,*30,1401\n");
  office.flags.push_back({"", 0, "night", "*30", "", false});

  const Findings findings = validate(office);

  EXPECT_EQ(told(findings, Severity::Error),
            (std::vector<std::string>{"number_used_twice /chain/0/service_number",
                                      "number_used_twice /flags/0/code"}));
  EXPECT_EQ(findings.at(0).message,
            "\"*30\" is that of a service number of the chain (row of 1401) and of flag night; one "
            "number can lead to one thing only");
}

TEST(Chain, Row_S4_5_RefusesMoreServiceNumbersThanSipNumbersInAChain) {
  const Office office = office_with("1401,0000,8001,1401\n1402,1403,8002,1401\n1403,0000,1,1\n");

  EXPECT_EQ(told(validate(office), Severity::Error),
            (std::vector<std::string>{"too_many /chain/1/service_number"}));
}

TEST(Chain, Row_S4_6_AServiceNumberNeedsAStartNumber) {
  const Findings findings = validate(office_with("1401,0000,8001,1\n"));

  EXPECT_EQ(told(findings, Severity::Error),
            (std::vector<std::string>{"missing /chain/0/start_number"}));
  EXPECT_EQ(findings.at(0).message, "service number \"8001\" needs a Start number");
}

TEST(Chain, Row_S4_12_NextMustExistAndBeActive) {
  const Findings findings = validate(office_with("1401,1499,1,1\n1402,1407,1,1\n"));

  EXPECT_EQ(told(findings, Severity::Error),
            (std::vector<std::string>{"no_such_thing /chain/0/next_number",
                                      "not_active /chain/1/next_number"}));
  EXPECT_EQ(findings.at(0).message,
            "Next number \"1499\" of 1401 does not exist: it must be the number of a user");
}

TEST(Chain, Row_S4_14_StartMustExistAndBeActive) {
  EXPECT_EQ(
      told(validate(office_with("1401,0000,8001,1499\n1402,0000,8002,1407\n")), Severity::Error),
      (std::vector<std::string>{"no_such_thing /chain/0/start_number",
                                "not_active /chain/1/start_number"}));
}

TEST(Chain, Row_S4_11_RefusesARowForANumberTwiceOrOfNobody) {
  EXPECT_EQ(
      told(validate(office_with("1401,0000,1,1\n1401,1402,1,1\n1499,0000,1,1\n")), Severity::Error),
      (std::vector<std::string>{"number_used_twice /chain/0/sip_number",
                                "number_used_twice /chain/1/sip_number",
                                "no_such_thing /chain/2/sip_number"}));
}

TEST(Chain, Row_S4_22_ShowsALoopAndAcceptsMerges) {
  const Office loop = office_with("1401,1402,1,1\n1402,1403,1,1\n1403,1402,1,1\n");
  const Office merge = office_with("1401,1403,1,1\n1402,1403,1,1\n1403,0000,1,1\n");
  const auto snapshot = Snapshot::build(loop, {});

  EXPECT_EQ(told(validate(loop), Severity::Error), std::vector<std::string>{});
  EXPECT_EQ(told(validate(loop), Severity::Warning),
            (std::vector<std::string>{"chain_loop /chain/0/next_number"}));
  EXPECT_EQ(walk_of(*snapshot, "1401"), "1401 1402 1403 again from 1402");
  EXPECT_EQ(validate(merge), Findings{});
}

TEST(Chain, Row_S4_16_DiallingAMemberStartsTheChainThere) {
  const auto snapshot = Snapshot::build(office_with(kExample), {});

  EXPECT_EQ(dialled(*snapshot, "1402").step, (Step{RingChain{"1402", "1402", ""}}));
}

TEST(Chain, Row_S4_16_TheSuffixTTheCodeAndNoForkRingOnePhoneOnly) {
  Office office = office_with("1401,1402,8001,1402\n1402,0000,1,1,45\n");
  office.users.at(1).forward.always = "1403";
  office.users.at(1).mailbox.present = true;
  const auto snapshot = Snapshot::build(office, {});
  const Step alone = RingUser{"1402", base::Duration{45'000}, true};

  EXPECT_EQ(dialled(*snapshot, "1402T").step, alone);
  EXPECT_EQ(dialled(*snapshot, "1402t").step, alone);
  EXPECT_EQ(dialled(*snapshot, "*551402").step, alone);
  EXPECT_EQ(dialled(*snapshot, "1402", true).step, alone);
  EXPECT_EQ(dialled(*snapshot, "8001T").step, alone);
  EXPECT_EQ(dialled(*snapshot, "*558001").step, alone);
  EXPECT_EQ(after(*snapshot, {}, alone, EndClass::NoAnswer).step,
            (Step{Refuse{480, 19, "no_answer"}}));
}

TEST(Chain, Row_S4_17_NeverGuessesAndLooksUpTheWholeStringFirst) {
  Office office = office_with("1401,0000,1,1\n");
  User named;
  named.extension = "9";
  named.aliases = {"1401t"};
  office.users.push_back(named);
  const auto snapshot = Snapshot::build(office, {});

  EXPECT_EQ(dialled(*snapshot, "1401T").step, (Step{RingUser{"9", base::Duration{30'000}, false}}));
  EXPECT_EQ(dialled(*snapshot, "140T").step, (Step{Refuse{404, 1, "unknown_number"}}));
  EXPECT_EQ(dialled(*snapshot, "1402T").step, (Step{Refuse{404, 1, "unknown_number"}}));
}

TEST(Chain, Row_S4_21_AChainOfOneIsAnAlias) {
  const auto snapshot = Snapshot::build(office_with("1401,0000,8008001,1401\n"), {});

  EXPECT_EQ(walk_of(*snapshot, "1401"), "1401");
  EXPECT_EQ(dialled(*snapshot, "8008001").step, (Step{RingChain{"1401", "", "8008001"}}));
}

TEST(Chain, Row_S4_8_KeepsTheServiceNumberThatWasDialled) {
  const auto snapshot = Snapshot::build(office_with(kExample), {});

  const Route route = dialled(*snapshot, "8008003");

  EXPECT_EQ(route.decisions.at(0), (Decision{"service number 8008003 begins at 1403",
                                             "its Start Number", "chain/1403/start_number"}));
}

TEST(Chain, ANextWithoutARowIsTheLast) {
  const auto snapshot = Snapshot::build(office_with("1401,1402,8001,1403\n"), {});

  EXPECT_EQ(walk_of(*snapshot, "1401"), "1401 1402");
  EXPECT_EQ(dialled(*snapshot, "1402").step,
            (Step{RingUser{"1402", base::Duration{30'000}, false}}));
  EXPECT_EQ(dialled(*snapshot, "8001").step,
            (Step{RingUser{"1403", base::Duration{20'000}, true}}));
}

}  // namespace
}  // namespace model
