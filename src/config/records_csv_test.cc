#include "config/records_csv.h"

#include <string>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/call_record.h"

namespace {

constexpr const char* kHead = "started,from,dialled,outcome,wait_ms,talk_ms,attempts\r\n";

TEST(RecordsCsv, ReadsWhatTheApiGives) {
  const auto records = config::read_records_csv(
      std::string{"\xEF\xBB\xBF"} + kHead +
      "2026-03-01T12:00:00.250Z,+48587622447,8001,answered,6000,61000,\"[{\"\"target\"\":"
      "\"\"102\"\","
      "\"\"dialled_at_ms\"\":0,\"\"ended_at_ms\"\":6000,\"\"result\"\":\"\"won\"\"}]\"\r\n" +
      "2026-03-01T12:10:00Z,\"Line\r\nbreak\",8001,abandoned,3000,0,\r\n");

  ASSERT_TRUE(records.has_value()) << records.error();
  ASSERT_EQ(records->size(), 2U);
  const facts::CallRecord& first = records->front();
  EXPECT_EQ(first.started, base::WallTime{1'772'366'400'250});
  EXPECT_EQ(first.outcome, facts::Outcome::Answered);
  EXPECT_EQ(first.wait_ms, 6'000);
  ASSERT_EQ(first.attempts.size(), 1U);
  EXPECT_EQ(first.attempts[0].target, "102");
  EXPECT_EQ(first.attempts[0].ended_at_ms, 6'000);
  EXPECT_EQ(first.attempts[0].result, facts::AttemptResult::Won);
  EXPECT_EQ(records->back().from, "Line\r\nbreak");
}

TEST(RecordsCsv, SaysWhichLineItCannotRead) {
  const auto why = [](const std::string& text) {
    const auto read = config::read_records_csv(text);
    return read.has_value() ? std::string{"read"} : read.error();
  };
  const std::string good = "2026-03-01T12:00:00Z,x,8001,answered,1,1,\r\n";

  EXPECT_EQ(why(""), "the file is empty");
  EXPECT_EQ(why("started,dialled\r\n"), "line 1: there is no column outcome");
  EXPECT_EQ(why(std::string{kHead} + good + "yesterday,x,8001,answered,1,1,\r\n"),
            "line 3: started: \"yesterday\" cannot be read");
  EXPECT_EQ(why(std::string{kHead} + "2026-03-01T12:00:00Z,\"a\r\nb\",8001,answered,1,1,\r\n" +
                "a,b\r\n"),
            "line 4: 2 fields, the head has 7");
  EXPECT_EQ(why(std::string{kHead} + "2026-03-01T12:00:00Z,x,8001,answered,1,1,[7]\r\n"),
            "line 2: attempts: \"[7]\" cannot be read");
}

}  // namespace
