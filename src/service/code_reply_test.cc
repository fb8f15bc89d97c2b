#include "service/code_reply.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "service/prompts.h"
#include "service/service.h"

namespace service {
namespace {

using Lines = std::vector<std::string>;

base::Now at(std::int64_t ms) {
  return {base::Instant{base::Duration{ms}}, base::WallTime{1'790'000'000'000 + ms}};
}

Lines lines(const Actions& actions) {
  Lines out;
  for (const Action& action : actions) out.push_back(describe(action));
  return out;
}

TEST(CodeReply, WhatIsKnownIsSaidAtOnceAndThenItHangsUp) {
  CodeReply reply{{.said = {sound("en/no")}, .late = {sound("en/late")}}};
  Actions out;

  reply.begin(at(0), out);
  reply.played(at(1'000), out);

  EXPECT_EQ(lines(out), (Lines{"answer", "play en/no", "hang_up"}));
  EXPECT_TRUE(reply.done());
}

TEST(CodeReply, ItAnswersNobodyBeforeItKnowsWhatCameOfIt) {
  CodeReply reply{{.said = {}, .late = {sound("en/late")}}};
  Actions out;

  reply.begin(at(0), out);
  EXPECT_TRUE(out.empty());
  reply.say({sound("en/yes")}, at(150), out);
  reply.say({sound("en/again")}, at(160), out);

  EXPECT_EQ(lines(out), (Lines{"answer", "play en/yes"}));
}

TEST(CodeReply, AnAnswerThatDoesNotComeIsSaidToo) {
  CodeReply reply{{.said = {}, .late = {sound("en/late")}}};
  Actions out;
  reply.begin(at(0), out);
  ASSERT_EQ(reply.deadline(), base::Instant{base::Duration{8'000}});

  reply.time_reached(at(8'000), out);
  reply.say({sound("en/yes")}, at(8'100), out);

  EXPECT_EQ(lines(out), (Lines{"answer", "play en/late"}));
  reply.time_reached(at(70'000), out);
  EXPECT_TRUE(reply.done()) << "also when nobody says that it was played";
}

TEST(CodeReply, WhoHangsUpHearsNothing) {
  CodeReply reply{{.said = {}, .late = {sound("en/late")}}};
  Actions out;
  reply.begin(at(0), out);

  reply.hung_up(at(100), out);
  reply.say({sound("en/yes")}, at(150), out);

  EXPECT_TRUE(out.empty());
  EXPECT_TRUE(reply.done());
}

}  // namespace
}  // namespace service
