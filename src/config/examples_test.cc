// The files of examples/: each is read, checked, and routed where routing alone says what happens.

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "config/office_file.h"
#include "config/server.h"
#include "config/yaml.h"
#include "model/chain_csv.h"
#include "model/decode.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "model/validate.h"

namespace config {
namespace {

std::string example(const std::string& name) {
  std::ifstream file("examples/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name << " (run from the project's folder)";
  return text.str();
}

// The office of a file, which has no finding at all.
model::Office office(const std::string& name) {
  OfficeFile file = read_office(example(name));
  EXPECT_EQ(lines_of(file.findings, name), "");
  return std::move(file.office);
}

std::shared_ptr<const model::Snapshot> snapshot(const std::string& name) {
  return model::Snapshot::build(office(name), {});
}

model::Route dial(const model::Snapshot& snapshot, std::string number,
                  const std::string& at = "2026-03-02T10:00:00Z") {
  model::Query query;
  query.dialled = std::move(number);
  query.caller = model::CallerKind::Trunk;
  query.number = "+14155559999";
  query.at = model::time_from(at).value_or(base::WallTime{});
  return model::route(snapshot, query);
}

const model::Group& group(const model::Snapshot& snapshot, std::string_view name) {
  const model::Group* found = snapshot.group_named(name);
  EXPECT_NE(found, nullptr) << name;
  static const model::Group kNone;
  return found == nullptr ? kNone : *found;
}

std::vector<std::pair<std::string, base::Duration>> delays(const model::Group& group) {
  std::vector<std::pair<std::string, base::Duration>> made;
  for (const model::Member& member : group.members)
    made.emplace_back(member.target, member.after.value_or(base::Duration{0}));
  return made;
}

TEST(Examples, TheServerFileHoldsTheDefaults) {
  const auto node = read_yaml(example("harrier.yaml"));
  ASSERT_TRUE(node.has_value());

  const auto decoded = decode_server(*node);

  EXPECT_EQ(decoded.findings, model::Findings{});
  EXPECT_EQ(decoded.value, default_server());
}

TEST(Examples, TheOfficeHasAGroupForEachWayOfHunting) {
  const auto made = snapshot("office.yaml");

  for (int number = 600; number <= 609; ++number) {
    const model::Route route = dial(*made, std::to_string(number));
    EXPECT_TRUE(std::holds_alternative<model::RingGroup>(route.step)) << number;
  }
  EXPECT_EQ(made->office().users.size(), 3U);
  EXPECT_EQ(model::not_carried_out(made->office()), model::Findings{});
}

TEST(Examples, Row_S0_6_TheHostedPbxRingsAliceAndBobForThirtySeconds) {
  const auto made = snapshot("hosted-pbx.yaml");
  const model::Group& all = group(*made, "Ring all");

  EXPECT_EQ(dial(*made, "700").step, (model::Step{model::RingGroup{"ring-all"}}));
  EXPECT_EQ(dial(*made, "+34911234567").step, (model::Step{model::RingGroup{"ring-all"}}));
  EXPECT_EQ(all.strategy, model::Strategy::RingAll);
  EXPECT_EQ(all.timeout, base::Duration{30'000});
  EXPECT_EQ(all.members.size(), 2U);
}

TEST(Examples, Row_S0_9_TheHostedPbxHasBothReadingsOfItsSecondExample) {
  const auto made = snapshot("hosted-pbx.yaml");

  EXPECT_EQ(group(*made, "Sequential").repeat, 1U);
  EXPECT_EQ(group(*made, "Sequential infinite").repeat, 0U);
  EXPECT_EQ(group(*made, "Sequential").members.at(0).ring_for, base::Duration{10'000});
  EXPECT_EQ(group(*made, "Sequential").members.at(1).ring_for, base::Duration{15'000});
}

TEST(Examples, Row_S1_6_TheStagesEndAtMenuOne) {
  const auto made = snapshot("stages.yaml");
  const model::Step sales = dial(*made, "500").step;

  EXPECT_EQ(sales, (model::Step{model::RingGroup{"sales"}}));
  EXPECT_EQ(group(*made, "Sales").stages.size(), 2U);
  EXPECT_EQ(group(*made, "Sales").stages.at(0).ring.size(), 4U);
  EXPECT_EQ(model::after(*made, {}, sales, model::EndClass::NoAnswer).step,
            (model::Step{model::Serve{model::DestinationKind::Ivr, "1"}}));
}

TEST(Examples, Row_S2_10_TheStaggeredGroupJoinsAtZeroSixAndTen) {
  const auto made = snapshot("staggered.yaml");

  EXPECT_EQ(dial(*made, "+48587622447").step, (model::Step{model::RingGroup{"office"}}));
  EXPECT_EQ(dial(*made, "8001").step, (model::Step{model::RingGroup{"office"}}));
  EXPECT_EQ(delays(group(*made, "Office")), (std::vector<std::pair<std::string, base::Duration>>{
                                                {"test002", base::Duration{0}},
                                                {"test006", base::Duration{6'000}},
                                                {"test007", base::Duration{10'000}}}));
  EXPECT_EQ(group(*made, "Office").timeout, base::Duration{30'000});
  EXPECT_EQ(made->user_named("test007")->extension, "2007");
}

TEST(Examples, Row_S3_13_JohnIsFollowedFromTheOfficeHomeAndToHisMobile) {
  OfficeFile file = read_office(example("follow-me.yaml"));
  const auto made = model::Snapshot::build(file.office, {});

  const model::Route work = dial(*made, "301");
  const model::Route evening = dial(*made, "301", "2026-03-02T20:00:00Z");

  EXPECT_EQ(file.ok(), true);
  EXPECT_EQ(work.step, (model::Step{model::RunRule{"301", 0}}));
  EXPECT_EQ(evening.step, (model::Step{model::RunRule{"301", 1}}));
  EXPECT_EQ(model::after(*made, {}, work.step, model::EndClass::NoAnswer).step,
            (model::Step{model::Serve{model::DestinationKind::Mailbox, "301"}}));
}

// ---- chains -------------------------------------------------------------------------------------

// "77721401 77721402", or with " again from 77721401" when it is a loop.
std::string hunt_of(const model::Snapshot& snapshot, const model::Step& step) {
  if (const auto* alone = std::get_if<model::RingUser>(&step)) return alone->user_id;
  const auto* chain = std::get_if<model::RingChain>(&step);
  const model::ChainRow* row = chain == nullptr ? nullptr : snapshot.chain_row(chain->row_id);
  if (row == nullptr) return "nobody";
  const model::ChainWalk walk = snapshot.chain_from(*row);
  std::string made;
  for (const model::ChainRow* at : walk.rows) made += (made.empty() ? "" : " ") + at->sip_number;
  if (walk.loops_to) made += " again from " + walk.rows[*walk.loops_to]->sip_number;
  return made;
}

// Each line of NAME.hunts.txt against what NAME.csv does.
void expect_hunts(const std::string& name) {
  model::Office made = office("chain-office.yaml");
  auto rows = model::chain_from_csv(example(name + ".csv"));
  EXPECT_EQ(rows.findings, model::Findings{});
  made.chain = std::move(rows.value);
  EXPECT_EQ(model::has_errors(model::validate(made)), false);
  const auto built = model::Snapshot::build(std::move(made), {});
  std::istringstream lines(example(name + ".hunts.txt"));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    const std::string number = line.substr(0, line.find(": "));
    EXPECT_EQ(number + ": " + hunt_of(*built, dial(*built, number).step), line);
  }
}

TEST(Examples, Row_S4_18_ChainOneWithThreeServiceNumbers) {
  expect_hunts("chain-1");
}
TEST(Examples, Row_S4_19_ChainTwoWithTwoServiceNumbers) {
  expect_hunts("chain-2");
}
TEST(Examples, Row_S4_20_ChainThreeWithOneServiceNumber) {
  expect_hunts("chain-3");
}
TEST(Examples, Row_S4_21_ChainFourOfOneNumber) {
  expect_hunts("chain-4");
}
TEST(Examples, Row_S4_22_TheChainFileHasALoopAndATail) {
  expect_hunts("chain");
}

}  // namespace
}  // namespace config
