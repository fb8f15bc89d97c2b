// Removing what is named by others: refused with the places, or with something else in its place.
#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "api/http.h"
#include "api/testing/ask.h"
#include "api/testing/fake_backend.h"
#include "model/edit.h"
#include "model/office.h"
#include "model/thing.h"

namespace {

using api::Response;
using api::testing::ask;
using api::testing::FakeBackend;

model::Office office() {
  model::Office made;
  for (const char* extension : {"101", "102"}) made.users.emplace_back().extension = extension;
  made.schedules.emplace_back().name = "work";
  made.schedules.back().open = {"Mo-Fr 08:00-16:00"};
  made.schedules.push_back(made.schedules.back());
  made.schedules.back().name = "late";
  made.flags.emplace_back().name = "night";
  made.flags.back().schedule = "work";
  model::Group& sales = made.groups.emplace_back();
  sales.name = "Sales";
  sales.extensions = {"8001"};
  sales.members.emplace_back().target = "101";
  made.numbers.emplace_back().number = "+48587622000";
  made.numbers.back().to = {model::DestinationKind::Group, "Sales"};
  return made;
}

Response remove(FakeBackend& backend, const std::string& target) {
  return ask(backend, {.method = "DELETE", .target = "/api/v1/" + target, .if_match = "*"});
}

TEST(Removal, Row_S0_12_NamesThePlacesWithTheirListsAndIds) {
  FakeBackend backend{office()};

  const Response refused = remove(backend, "groups/sales");

  EXPECT_EQ(refused.status, 409);
  EXPECT_NE(refused.body.find(R"("pointer":"/numbers/+48587622000")"), std::string::npos)
      << refused.body;
  EXPECT_TRUE(backend.orders.empty());
}

TEST(Removal, PutsADestinationInItsPlaceInOneChange) {
  FakeBackend backend{office()};

  const Response done = remove(backend, "groups/sales?replace=%7B%22user%22%3A%22102%22%7D");

  EXPECT_EQ(done.status, 204) << done.body;
  ASSERT_EQ(backend.orders.size(), 1U);
  const auto after = backend.snapshot()->office();
  EXPECT_TRUE(after.groups.empty());
  EXPECT_EQ(after.numbers.at(0).to, (model::Destination{model::DestinationKind::User, "102"}));
}

TEST(Removal, PutsAnotherScheduleInItsPlaceOrNone) {
  FakeBackend backend{office()};
  EXPECT_EQ(remove(backend, "schedules/work?replace=%7B%22schedule%22%3A%22late%22%7D").status,
            204);
  EXPECT_EQ(backend.snapshot()->office().flags.at(0).schedule, "late");

  EXPECT_EQ(remove(backend, "schedules/late?replace=none").status, 204);
  EXPECT_EQ(backend.snapshot()->office().flags.at(0).schedule, "");
}

TEST(Removal, RefusesAReplacementThatIsNoneOrCannotWork) {
  FakeBackend backend{office()};
  for (const char* bad : {"", "x", "%7B%7D", "%7B%22grup%22%3A%22Sales%22%7D", "%5B%5D"})
    EXPECT_EQ(remove(backend, std::string{"groups/sales?replace="} + bad).status, 422) << bad;
  // A number must lead somewhere, and not to what is being removed.
  EXPECT_EQ(remove(backend, "groups/sales?replace=none").status, 422);
  EXPECT_EQ(remove(backend, "groups/sales?replace=%7B%22group%22%3A%22Sales%22%7D").status, 422);
  EXPECT_EQ(remove(backend, "schedules/work?replace=%7B%22schedule%22%3A%22x%22%7D").status, 422);
  EXPECT_EQ(backend.snapshot()->office().groups.size(), 1U);
}

}  // namespace
