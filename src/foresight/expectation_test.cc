// A saved simulation passes as long as the office answers as it did, and names what differs.
#include "foresight/expectation.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace foresight {
namespace {

model::Member ring(std::string target, std::int64_t after_s = 0) {
  model::Member line;
  line.target = std::move(target);
  if (after_s > 0) line.after = base::Duration{after_s * 1'000};
  return line;
}

// Sales rings 101 at once and 102 after 6 s, for 30 s; then the mailbox.
model::Office office() {
  model::Office made;
  for (const char* extension : {"101", "102", "103"}) {
    made.users.emplace_back().extension = extension;
    made.users.back().mailbox.present = true;
  }
  model::Group& sales = made.groups.emplace_back();
  sales.name = "Sales";
  sales.extensions = {"8001"};
  sales.strategy = model::Strategy::Staggered;
  sales.timeout = base::Duration{30'000};
  sales.members = {ring("101"), ring("102", 6)};
  sales.finally.any = {model::DestinationKind::Mailbox, "101"};
  return made;
}

model::SavedTest as_it_is() {
  model::SavedTest test;
  test.name = "Sales";
  test.number = "8001";
  test.at = base::WallTime{1'772'366'400'000};
  model::Stage& stage = test.stages.emplace_back();
  stage.ring = {ring("101"), ring("102", 6)};
  stage.ring[0].ring_for = base::Duration{30'000};
  stage.ring_for = base::Duration{30'000};
  test.finally.any = {model::DestinationKind::Mailbox, "101"};
  return test;
}

std::vector<std::string> told(const model::Office& made, const model::SavedTest& test) {
  std::vector<std::string> texts;
  for (const Difference& difference : differences(*model::Snapshot::build(made, {}), test))
    texts.push_back(difference.code + ": " + difference.text);
  return texts;
}

using Texts = std::vector<std::string>;

TEST(SavedTest, PassesWhileTheOfficeAnswersAsItDid) {
  EXPECT_EQ(told(office(), as_it_is()), Texts{});
}

TEST(SavedTest, NamesWhoRingsLaterOrShorter) {
  model::Office made = office();
  made.groups[0].members[1].after = base::Duration{9'500};
  made.groups[0].timeout = base::Duration{20'000};

  EXPECT_EQ(told(made, as_it_is()), (Texts{"lasts: 101 rings for 20 s, expected 30 s",
                                           "starts: 102 starts at 9.5 s, expected 6 s",
                                           "stage_lasts: stage 1 lasts 20 s, expected 30 s"}));
}

TEST(SavedTest, NamesWhoRingsInstead) {
  model::Office made = office();
  made.groups[0].members[1].target = "103";
  made.groups[0].finally.any = {model::DestinationKind::Hangup, ""};

  EXPECT_EQ(told(made, as_it_is()),
            (Texts{"who: stage 1 rings 101, 103, expected 101, 102",
                   R"(finally: nobody answers: {"hangup": true}, expected {"mailbox": "101"})"}));
}

TEST(SavedTest, SupposesThatOnlyTheNamedUsersHaveAPhone) {
  model::SavedTest test = as_it_is();
  test.phones = {"101"};

  EXPECT_EQ(told(office(), test), (Texts{"who: stage 1 rings 101, expected 101, 102"}));
}

TEST(SavedTest, NamesACallThatRingsNobodyAnyMore) {
  model::Office made = office();
  made.groups[0].enabled = false;

  const Texts texts = told(made, as_it_is());

  ASSERT_FALSE(texts.empty());
  EXPECT_EQ(texts[0], "rings_nobody: the number of stages is 0, expected 1");
}

TEST(SavedTest, ComparesWhereACallLeadsThatRingsNobody) {
  model::SavedTest test;
  test.number = "199";
  test.at = base::WallTime{1'772'366'400'000};
  test.leads_to = "refuse 404";
  EXPECT_EQ(told(office(), test), Texts{});

  test.leads_to = "mailbox general";
  EXPECT_EQ(told(office(), test),
            (Texts{"leads_to: the call leads to refuse 404, expected mailbox general"}));
}

}  // namespace
}  // namespace foresight
