#include "model/answer_link.h"

#include <string>

#include <gtest/gtest.h>

namespace model {
namespace {

TEST(AnswerLink, IsReadAsItWasWritten) {
  const AnswerLink link{"c-1", "101", {1'700'000'000'000}};
  EXPECT_EQ(answer_link_from(text_of(link)), link);
}

TEST(AnswerLink, NothingElseIsOne) {
  for (const char* text : {"", "answer\n", "answer\nc\n", "answer\nc\nu\n", "answer\nc\nu\n12x",
                           "phone-hook\nc\nu\n12", "answer\nc\nu\n12\n"})
    EXPECT_FALSE(answer_link_from(text)) << text;
}

TEST(AnswerLink, Base64GoesThroughAPath) {
  for (const char* base64 : {"ab+/", "abc=", "ab==", "+/+="})
    EXPECT_EQ(from_path(for_path(base64)), base64);
  EXPECT_EQ(for_path("a+/="), "a-_");
}

}  // namespace
}  // namespace model
