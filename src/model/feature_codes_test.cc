#include "model/feature_codes.h"

#include <string>
#include <string_view>
#include <variant>

#include <gtest/gtest.h>

#include "model/findings.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/validate.h"

namespace model {
namespace {

Office office_with(std::string_view profile) {
  Office office;
  office.feature_profile = std::string(profile);
  User user;
  user.extension = "101";
  office.users = {user};
  return office;
}

TEST(FeatureCodes, NoProfileClashesWithItself) {
  for (const std::string_view profile : feature_profiles())
    EXPECT_FALSE(has_errors(validate(office_with(profile)))) << profile;
}

TEST(FeatureCodes, OneCodeAloneAndOneWithANumberMayShareTheirDigits) {
  const auto snapshot = Snapshot::build(office_with("vodia"), {});

  EXPECT_EQ(snapshot->what_is("*87"), (Dialled{DialledCode{"pickup_any", ""}}));
  EXPECT_EQ(snapshot->what_is("*87101"), (Dialled{DialledCode{"pickup", "101"}}));
}

TEST(FeatureCodes, TheLongestMatchWins) {
  const auto snapshot = Snapshot::build(office_with("freepbx"), {});

  EXPECT_EQ(snapshot->what_is("*97"), (Dialled{DialledCode{"mailbox", ""}}));
  EXPECT_EQ(snapshot->what_is("*101"), (Dialled{DialledCode{"mailbox_of", "101"}}));
  EXPECT_EQ(snapshot->what_is("**101"), (Dialled{DialledCode{"pickup", "101"}}));
}

TEST(FeatureCodes, TwoThatOneStringMeansAreRefused) {
  Office office = office_with("harrier");
  office.feature_codes = {{"redial", "*69"}};

  EXPECT_TRUE(has_errors(validate(office)));
}

TEST(FeatureCodes, AnOverrideIsStrongerThanTheProfile) {
  Office office = office_with("vodia");
  office.feature_codes = {{"dnd", "*77"}};
  const auto snapshot = Snapshot::build(office, {});

  EXPECT_EQ(snapshot->what_is("*77"), (Dialled{DialledCode{"dnd", ""}}))
      << "the same digits during a call are a transfer";
  EXPECT_FALSE(has_errors(validate(office)));
}

}  // namespace
}  // namespace model
