#include "obs/log_ring.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/pii.h"
#include "base/time.h"
#include "obs/log.h"
#include "obs/observer.h"

namespace obs {
namespace {

constexpr base::WallTime kAt{1'772'366'400'250};

void keep(LogRing& ring, Level level, const std::string& call, const std::string& text) {
  Line line{level, "call.ended", {}};
  if (!call.empty()) line.fields.emplace_back("call", call);
  ring.keep(line, kAt, text);
}

std::vector<std::string> texts(const LogRing& ring, const LogQuestion& question) {
  std::vector<std::string> found;
  for (const KeptLine& line : ring.find(question)) found.push_back(line.text);
  return found;
}

using Texts = std::vector<std::string>;

TEST(LogRing, KeepsTheNewestLinesAndTellsThemNewestFirst) {
  LogRing ring{2};

  for (const char* text : {"one", "two", "three"}) keep(ring, Level::Info, "", text);

  EXPECT_EQ(texts(ring, {}), (Texts{"three", "two"}));
}

TEST(LogRing, IsAskedForALevelACallAndAWord) {
  LogRing ring;
  keep(ring, Level::Debug, "c1", "Attempt dialled");
  keep(ring, Level::Warn, "c1", "attempt lost");
  keep(ring, Level::Error, "c2", "trunk lost");

  EXPECT_EQ(texts(ring, {.level = Level::Warn}), (Texts{"trunk lost", "attempt lost"}));
  EXPECT_EQ(texts(ring, {.call = "c1"}), (Texts{"attempt lost", "Attempt dialled"}));
  EXPECT_EQ(texts(ring, {.text = "attempt"}), (Texts{"attempt lost", "Attempt dialled"}));
  EXPECT_EQ(texts(ring, {.level = Level::Warn, .text = "nobody"}), Texts{});
}

TEST(LogRing, GoesOnBehindTheLastLineOfThePageBefore) {
  LogRing ring;
  for (const char* text : {"one", "two", "three"}) keep(ring, Level::Info, "", text);

  const std::vector<KeptLine> first = ring.find({.most = 2});

  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(texts(ring, {.before = first.back().id}), Texts{"one"});
}

TEST(LogRing, HasWhatTheObserverWroteAndNoPersonWhoIsHidden) {
  ObserverOptions options;
  options.pii = PiiMode::Hidden;
  options.sink = [](const std::string&) {};
  Observer observer{options};

  observer.log({Level::Debug, "call.planned", {{"call", "c0"}}}, kAt);
  observer.log({Level::Warn, "auth.failed", {{"user", base::Pii{"alice"}}}}, kAt);
  observer.flush();

  const std::vector<KeptLine> kept = observer.log_ring().find({});
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept.front().text, "ts=2026-03-01T12:00:00.250Z level=warn event=auth.failed user=…");
  EXPECT_EQ(kept.front().event, "auth.failed");
}

}  // namespace
}  // namespace obs
