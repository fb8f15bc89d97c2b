#include "base/utf8.h"

#include <string_view>

#include <gtest/gtest.h>

namespace base {
namespace {

TEST(Utf8, Rfc3629_3_MeasuresWellFormedCharactersAndNoOthers) {
  EXPECT_EQ(utf8_length(""), 0U);
  EXPECT_EQ(utf8_length("ab"), 1U);
  EXPECT_EQ(utf8_length("\xC3\xB3x"), 2U);
  EXPECT_EQ(utf8_length("\xE2\x82\xAC"), 3U);
  EXPECT_EQ(utf8_length("\xF0\x9F\x98\x80"), 4U);
  for (const std::string_view bad :
       {"\x80", "\xC1\x81", "\xC3", "\xC3x", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE2\x82",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"})
    EXPECT_EQ(utf8_length(bad), 0U);
}

}  // namespace
}  // namespace base
