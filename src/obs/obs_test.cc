#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/address.h"
#include "base/pii.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "obs/events.h"
#include "obs/log.h"
#include "obs/metrics.h"
#include "obs/observer.h"

namespace obs {
namespace {

constexpr base::WallTime kAt{1'772'366'400'250};

// Collects what the observer writes.
struct Written {
  ObserverOptions options() {
    ObserverOptions o;
    o.hostile_lines = 2;
    o.sink = [this](const std::string& written) {
      const std::lock_guard lock(mutex);
      std::istringstream parts(written);
      for (std::string line; std::getline(parts, line);) lines.push_back(line);
    };
    return o;
  }
  std::vector<std::string> read() {
    const std::lock_guard lock(mutex);
    return lines;
  }
  std::mutex mutex;
  std::vector<std::string> lines;
};

facts::CallRecord ended(facts::Outcome outcome) {
  facts::CallRecord record;
  record.id = "c1";
  record.from = "+48587622447";
  record.dialled = "8001";
  record.group = "Sales";
  record.outcome = outcome;
  record.wait_ms = 30'000;
  return record;
}

std::vector<std::string> types_of(const std::vector<std::shared_ptr<const Event>>& events) {
  std::vector<std::string> types;
  for (const auto& event : events) types.push_back(event->type);
  return types;
}

std::string written(const Line& line, LineStyle style) {
  std::string out;
  append(out, line, kAt, style);
  return out;
}

TEST(LogLine, IsLogfmtWithFieldsInTheirOrder) {
  const Line line{Level::Warn,
                  "auth.failed",
                  {{"src", "192.0.2.1"}, {"user", base::Pii{"10 1"}}, {"code", std::int64_t{401}}}};

  EXPECT_EQ(written(line, {LogFormat::Text, PiiMode::Shown}),
            "ts=2026-03-01T12:00:00.250Z level=warn event=auth.failed src=192.0.2.1 user=\"10 1\" "
            "code=401");
  EXPECT_EQ(written(line, {LogFormat::Json, PiiMode::Shown}),
            R"({"ts":"2026-03-01T12:00:00.250Z","level":"warn","event":"auth.failed",)"
            R"("src":"192.0.2.1","user":"10 1","code":401})");
}

TEST(LogLine, NothingThatAStrangerSendsStartsASecondLine) {
  const Line line{Level::Info, "a.b", {{"user", "x\r\nts=forged\x7f \"q\""}}};

  EXPECT_EQ(written(line, {LogFormat::Text, PiiMode::Shown}),
            "ts=2026-03-01T12:00:00.250Z level=info event=a.b "
            "user=\"x\\x0d\\x0ats=forged\\x7f \\\"q\\\"\"");
}

TEST(LogLine, ShortensPeopleAsTheSettingSays) {
  EXPECT_EQ(shorten("+48587622447", PiiMode::Shown), "+48587622447");
  EXPECT_EQ(shorten("+48587622447", PiiMode::Short), "+4858…47");
  EXPECT_EQ(shorten("101", PiiMode::Short), "…");
  EXPECT_EQ(shorten("+48587622447", PiiMode::Hidden), "…");
}

TEST(Observer, MakesOneFactALineAMetricAndAnEvent) {
  Written written;
  Observer observer(written.options());

  observer.tell(facts::CallEnded{ended(facts::Outcome::NoAnswer)}, kAt);
  observer.flush();

  EXPECT_EQ(written.read(),
            std::vector<std::string>{
                "ts=2026-03-01T12:00:00.250Z level=info event=call.ended call=c1 sip_call_id=\"\" "
                "from=+48587622447 dialled=8001 group=Sales outcome=no_answer code=0 ended_by=\"\" "
                "wait_ms=30000 talk_ms=0"});
  EXPECT_NE(observer.metrics().text({}).find("harrier_calls_total{result=\"no_answer\"} 1\n"),
            std::string::npos);
  EXPECT_EQ(types_of(observer.feed().since(0, 9)),
            (std::vector<std::string>{"call.ended", "call.missed"}));
}

TEST(Observer, HiddenPeopleAreHiddenInAChangeOfTheConfigurationToo) {
  Written written;
  auto options = written.options();
  options.pii = PiiMode::Hidden;
  Observer observer(std::move(options));

  observer.tell(facts::ConfigChanged{7, "crm", {"number", "+48587622447", "Zoe", "added"}}, kAt);
  observer.tell(facts::ConfigChanged{8, "local", {"chain", "", "", "imported"}}, kAt);
  observer.flush();

  EXPECT_EQ(written.read(),
            (std::vector<std::string>{
                "ts=2026-03-01T12:00:00.250Z level=info event=config.changed revision=7 who=crm "
                "what=added kind=number id=… label=…",
                "ts=2026-03-01T12:00:00.250Z level=info event=config.changed revision=8 who=local "
                "what=imported kind=chain"}));
  const auto events = observer.feed().since(0, 9);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_NE(events[0]->to_json().find(R"("what":"number Zoe added")"), std::string::npos)
      << events[0]->to_json();
}

TEST(Observer, WritesOnlyFromItsLevelOn) {
  Written written;
  Observer observer(written.options());

  observer.tell(facts::AttemptRinging{"c1", 0, {}}, kAt);
  observer.flush();
  EXPECT_TRUE(written.read().empty());
  observer.set_level(Level::Debug);
  observer.tell(facts::AttemptRinging{"c1", 0, {}}, kAt);
  observer.flush();

  EXPECT_EQ(written.read().size(), 1U);
}

TEST(Observer, TheLevelOfALineIsTheOneThatIsTold) {
  const std::vector<facts::Fact> all{
      facts::CallArrived{},    facts::CallPlanned{},       facts::AttemptDialled{},
      facts::AttemptRinging{}, facts::AttemptEnded{},      facts::CallAnswered{},
      facts::CallEnded{},      facts::RegistrationAdded{}, facts::RegistrationAdded{{}, false},
      facts::AuthFailed{},     facts::MessageDropped{},    facts::RegistrationRemoved{},
      facts::RequestRefused{}, facts::BugFound{},          facts::TrunkChanged{},
      facts::CallTroubled{},   facts::MessageLeft{},       facts::CallBackWanted{},
      facts::MemoryChanged{},  facts::FlagChanged{},       facts::ConfigChanged{},
      facts::MessageChanged{}, facts::GreetingSet{},       facts::CallTransferred{}};

  for (const facts::Fact& fact : all) {
    const auto line = line_about(fact);
    if (line) {
      EXPECT_EQ(line->level, level_of(fact)) << line->event;
    }
  }
}

TEST(Observer, W15_AFloodOfHostileEventsIsSummedUp) {
  Written written;
  {
    Observer observer(written.options());
    for (int i = 0; i < 1'000; ++i) {
      observer.tell(facts::MessageDropped{*base::Address::parse("192.0.2.1:5060"), "not_sip"}, kAt);
    }
    observer.flush();
    EXPECT_EQ(observer.figures().suppressed, 998U);
  }

  const std::vector<std::string> lines = written.read();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[2],
            "ts=2026-03-01T12:00:00.250Z level=warn event=events.repeated of=message.dropped "
            "count=998");
}

TEST(Observer, AFullQueueDropsAndCountsAndNeverBlocks) {
  Written written;
  auto options = written.options();
  options.max_waiting = 0;
  Observer observer(std::move(options));

  observer.tell(facts::BugFound{"c1", "x"}, kAt);
  observer.flush();

  EXPECT_EQ(observer.figures().dropped, 1U);
  EXPECT_TRUE(written.read().empty());
}

TEST(Observer, ManyThreadsTellAtOnce) {
  Written written;
  Observer observer(written.options());
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        observer.tell({facts::FlagChanged{"night", true}, facts::AttemptRinging{}}, kAt);
        (void)observer.metrics().text({});
      }
    });
  }

  for (std::thread& thread : threads) thread.join();
  observer.flush();

  EXPECT_EQ(written.read().size(), 300U);
}

TEST(Feed, ReplaysAfterAnIdAndThenGoesOn) {
  Feed feed(3);
  for (int i = 0; i < 4; ++i) feed.publish(facts::FlagChanged{std::to_string(i), true}, kAt);
  const auto kept = feed.since(0, 9);
  ASSERT_EQ(kept.size(), 3U);
  std::vector<std::string> seen;

  const auto subscription = feed.subscribe(
      kept[0]->id, [&](const std::shared_ptr<const Event>& e) { seen.push_back(e->data); });
  feed.publish(facts::TrunkChanged{"carrier", false, "timeout"}, kAt);
  feed.unsubscribe(subscription);
  feed.publish(facts::FlagChanged{"unseen", true}, kAt);

  EXPECT_EQ(seen,
            (std::vector<std::string>{R"({"flag":"2","on":true})", R"({"flag":"3","on":true})",
                                      R"({"trunk":"carrier","why":"timeout"})"}));
  EXPECT_EQ(feed.subscribers(), 0U);
}

TEST(Feed, ReplayBetweenTheTwoEventsOfOneFactGivesTheSecond) {
  Feed feed;
  feed.publish(facts::CallEnded{ended(facts::Outcome::Busy)}, kAt);
  const auto all = feed.since(0, 9);
  ASSERT_EQ(all.size(), 2U);

  EXPECT_EQ(types_of(feed.since(all[0]->id, 9)), std::vector<std::string>{"call.missed"});
  EXPECT_TRUE(feed.since(all[1]->id, 9).empty());
  EXPECT_EQ(types_of(feed.since(0, 1)), std::vector<std::string>{"call.ended"});
}

TEST(Feed, BoundsItsSubscribers) {
  Feed feed(9, 1);

  EXPECT_NE(feed.subscribe(std::nullopt, [](const auto&) {}), 0U);
  EXPECT_EQ(feed.subscribe(std::nullopt, [](const auto&) {}), 0U);
}

TEST(Feed, AnEventHasTheShapeOfTheContract) {
  Event event;
  event.id = 7;
  event.time = kAt;
  event.type = "call.attempt.ringing";
  event.call = "c1";
  event.data = "{\"index\":0}";

  EXPECT_EQ(event.to_json(),
            R"({"id":"7","time":"2026-03-01T12:00:00.250Z","type":"call.attempt.ringing",)"
            R"("call":"c1","data":{"index":0}})");
}

TEST(Metrics, CountTheAnswerInItsBuckets) {
  Metrics metrics;
  facts::CallRecord record = ended(facts::Outcome::Answered);
  record.answered = kAt;
  record.wait_ms = 1'500;

  metrics.count(facts::CallEnded{record});
  metrics.count(facts::AttemptDialled{"c1", 0, {}, 3});
  const std::string text = metrics.text({.version = "1\"0"});

  for (const char* line :
       {"harrier_hunt_answer_seconds_bucket{le=\"1\"} 0\n",
        "harrier_hunt_answer_seconds_bucket{le=\"2\"} 1\n",
        "harrier_hunt_answer_seconds_bucket{le=\"+Inf\"} 1\n",
        "harrier_hunt_answer_seconds_sum 1.5\n", "harrier_hunt_answer_seconds_count 1\n",
        "harrier_build_info{version=\"1\\\"0\"} 1\n", "harrier_calls_total{result=\"busy\"} 0\n",
        "# TYPE harrier_hunt_answer_seconds histogram\n",
        "harrier_hunt_timer_skew_seconds_bucket{le=\"0.002\"} 0\n",
        "harrier_hunt_timer_skew_seconds_bucket{le=\"0.005\"} 1\n",
        "harrier_hunt_timer_skew_seconds_count 1\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
}

TEST(Metrics, CountByGroupAndMember) {
  Metrics metrics;
  facts::CallRecord record = ended(facts::Outcome::Answered);
  record.group = "Sales \"North\"";
  record.answered = kAt;
  record.wait_ms = 1'500;
  facts::Attempt won;
  won.target = "101";
  won.result = facts::AttemptResult::Won;
  record.attempts = {won};

  metrics.count(facts::CallEnded{record});
  metrics.count(facts::CallEnded{record});
  const std::string text = metrics.text({});

  for (const char* line :
       {"harrier_group_calls_total{group=\"Sales \\\"North\\\"\",result=\"answered\"} 2\n",
        "harrier_group_wait_seconds_total{group=\"Sales \\\"North\\\"\"} 3\n",
        "harrier_member_rings_total{group=\"Sales \\\"North\\\"\",member=\"101\",result=\"won\"} "
        "2\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text.substr(0, 3'000);
  }
}

// A nested group that lost the call to the outer one, and one to which it went on.
TEST(Metrics, CountACallForEachGroupThatHadAPartInIt) {
  Metrics metrics;
  facts::CallRecord record = ended(facts::Outcome::Answered);
  record.group = "Sales";
  record.answered = kAt;
  record.wait_ms = 12'000;
  record.talk_ms = 60'000;
  const auto ring = [](const char* group, const char* target, facts::AttemptResult result,
                       std::int64_t from, std::int64_t to) {
    facts::Attempt one;
    one.group = group;
    one.target = target;
    one.result = result;
    one.dialled_at_ms = from;
    one.ended_at_ms = to;
    return one;
  };
  record.attempts = {ring("Sales", "101", facts::AttemptResult::Won, 0, 12'000),
                     ring("Sales", "201", facts::AttemptResult::AnsweredElsewhere, 0, 12'000),
                     ring("Night", "301", facts::AttemptResult::Won, 30'000, 34'000)};
  record.attempts[1].path = {"Inner"};

  metrics.count(facts::CallEnded{record});
  const std::string text = metrics.text({});

  for (const char* line :
       {"harrier_group_calls_total{group=\"Sales\",result=\"answered\"} 1\n",
        "harrier_group_calls_total{group=\"Inner\",result=\"answered_elsewhere\"} 1\n",
        "harrier_group_calls_total{group=\"Night\",result=\"answered\"} 1\n",
        "harrier_group_answer_seconds_bucket{group=\"Sales\",le=\"10\"} 0\n",
        "harrier_group_answer_seconds_bucket{group=\"Sales\",le=\"15\"} 1\n",
        "harrier_group_answer_seconds_sum{group=\"Night\"} 4\n",
        "harrier_member_rings_total{group=\"Night\",member=\"301\",result=\"won\"} 1\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
}

TEST(Metrics, ExposeEveryNameOfTheListOnce) {
  const Metrics metrics;

  const std::string text = metrics.text({});

  for (const std::string& name : Metrics::names()) {
    const std::string head = "# TYPE " + name + " ";
    const std::size_t at = text.find(head);
    ASSERT_NE(at, std::string::npos) << name;
    EXPECT_EQ(text.find(head, at + 1), std::string::npos) << name;
  }
}

TEST(Metrics, ALabelNeverGrowsWithoutBound) {
  Metrics metrics;

  for (int i = 0; i < 1'000; ++i) {
    metrics.count(facts::MessageDropped{{}, "reason" + std::to_string(i)});
  }

  EXPECT_NE(metrics.text({}).find("harrier_sip_messages_dropped_total{reason=\"other\"} 936\n"),
            std::string::npos);
}

}  // namespace
}  // namespace obs
