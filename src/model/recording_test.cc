#include "model/recording.h"

#include <optional>

#include <gtest/gtest.h>

#include "model/office.h"

namespace model {
namespace {

using enum RecordPolicy;

TEST(RecordingPolicy, Row_S1_14_NeverThenAlwaysThenTheGroupThenTheOffice) {
  struct Case {
    RecordPolicy office;
    std::optional<RecordPolicy> group;
    bool recorded;
  };
  constexpr std::optional<RecordPolicy> kUnset;
  for (const Case& one :
       {Case{Off, kUnset, false}, Case{On, kUnset, true}, Case{Always, kUnset, true},
        Case{Never, kUnset, false}, Case{Off, On, true}, Case{Off, Always, true},
        Case{Off, Off, false}, Case{On, Off, false}, Case{On, Never, false}, Case{On, On, true},
        Case{Always, Off, true}, Case{Always, Never, false}, Case{Never, On, false},
        Case{Never, Always, false}}) {
    EXPECT_EQ(is_recorded(one.office, one.group), one.recorded)
        << static_cast<int>(one.office) << " "
        << (one.group.has_value() ? static_cast<int>(*one.group) : -1);
  }
}

}  // namespace
}  // namespace model
