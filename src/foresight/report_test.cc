#include "foresight/report.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "base/time.h"
#include "foresight/figures.h"

namespace {

foresight::Figures figures(std::uint64_t answered) {
  foresight::Figures out;
  out.calls = 20;
  out.answered = answered;
  out.span = base::Duration{3'600'000};
  out.ended_in["mailbox <general>"] = 20 - answered;
  for (std::size_t i = 0; i < 20; ++i) {
    out.answered_share.add(i, i < answered ? 1 : 0);
    if (i >= answered) out.ended_calls["mailbox <general>"].add(i, 1);
  }
  for (std::uint64_t i = 0; i < answered; ++i) out.wait.add(i, base::Duration{2'000});
  foresight::MemberFigures& member = out.members["101"];
  for (std::size_t i = 0; i < 12; ++i) member.rang.add(i);
  for (std::size_t i = 0; i < answered; ++i) member.answered.add(i);
  for (std::size_t i = 0; i < 3; ++i) member.missed.add(i);
  for (std::size_t i = 0; i < 20; ++i) member.talked_s.add(i, 90);
  out.members["never rung"] = {};
  return out;
}

TEST(Report, TwoConfigurationsStandSideBySide) {
  const foresight::Figures now = figures(9);
  const foresight::Figures then = figures(18);

  const std::string text = foresight::report_text({{"now.yaml", now}, {"then.yaml", then}});

  EXPECT_NE(text.find("answered                              45.0 % ± 23.9       90.0 % ± 14.4\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("ended in mailbox <general>            55.0 % ± 23.9       10.0 % ± 14.4\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("101                 18 ± 2.9        12 ± 4.7        3 ± 3.4         0 ± 0.0"
                      "         0 ± 0.0         50.0 % ± 0.0\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("never rung"), std::string::npos);
}

TEST(Report, CsvAndPictureQuoteWhatTheyAreGiven) {
  const foresight::Figures now = figures(9);

  const std::string csv = foresight::report_csv({{"a \"b\".yaml", now}});
  const std::string svg = foresight::report_svg({{"a<b.yaml", now}});

  EXPECT_NE(csv.find("\"a \"\"b\"\".yaml\",\"answered\",\"\",0.450000,0.238880\r\n"),
            std::string::npos)
      << csv;
  EXPECT_NE(csv.find("\"ended in\",\"mailbox <general>\",0.550000,0.238880\r\n"),
            std::string::npos);
  EXPECT_NE(svg.find("ended in: mailbox &lt;general&gt;"), std::string::npos);
  EXPECT_NE(svg.find("a&lt;b.yaml"), std::string::npos);
  EXPECT_EQ(svg.find("a<b"), std::string::npos);
}

}  // namespace
