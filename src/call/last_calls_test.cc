#include "call/detail/last_calls.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace call {
namespace {

using Changed = std::vector<std::pair<std::string, std::string>>;

TEST(LastCalls, OnlyWhatChangedIsTold) {
  LastCalls calls;

  EXPECT_TRUE(calls.dialled("101", "102"));
  EXPECT_FALSE(calls.dialled("101", "102"));
  EXPECT_TRUE(calls.called("101", "", true));
  EXPECT_EQ(calls.take_changed(), (Changed{{"101", "1\n102\n\nhidden"}}));
  EXPECT_TRUE(calls.take_changed().empty());
}

TEST(LastCalls, WhatWasToldIsRememberedAgain) {
  for (const LastCall& last :
       {LastCall{"*not a code", "+48600100200", false}, LastCall{}, LastCall{"", "", true}})
    EXPECT_EQ(decode_last_call(encode(last)), last);
  for (const char* text : {"", "1", "2\n\n\n", "1\na\nb", "1\na\nb\nc", "1\n\n\n\n"})
    EXPECT_EQ(decode_last_call(text), std::nullopt) << text;
}

}  // namespace
}  // namespace call
