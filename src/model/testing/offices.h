#pragma once
// For tests: offices from text, and random ones from a seed.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "base/time.h"
#include "model/decode.h"
#include "model/feature_codes.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/testing/document.h"

namespace model::testing {

[[nodiscard]] inline Office office_of(std::string_view text) {
  auto decoded = decode_office(document(text));
  EXPECT_EQ(decoded.findings, Findings{});
  return std::move(decoded.value);
}

[[nodiscard]] inline std::shared_ptr<const Snapshot> snapshot_of(std::string_view text,
                                                                 Zone zone = {}) {
  return Snapshot::build(office_of(text), {1, std::move(zone), plain_e164});
}

// "code path" of each finding of a severity, in order.
[[nodiscard]] inline std::vector<std::string> told(const Findings& findings, Severity severity) {
  std::vector<std::string> made;
  for (const Finding& finding : findings)
    if (finding.severity == severity) made.push_back(finding.code + " " + finding.path);
  return made;
}

// Any office that a file could say; it need not make sense as a whole.
class RandomOffice {
 public:
  explicit RandomOffice(std::uint64_t seed) : rng_(seed) {}

  [[nodiscard]] Office office() {
    Office made;
    made.tenant = maybe("office.example");
    made.country = maybe("PL");
    made.music = coin() ? "default" : text();
    made.record = any<RecordPolicy>(4);
    made.max_hunt = seconds(1, 3'600);
    for (auto n = some(2); n > 0; --n)
      made.admins.push_back({email(), text(), any<AdminRole>(3), texts(), maybe("JBSWY3DP")});
    for (auto n = some(4); n > 0; --n) made.users.push_back(user());
    for (auto n = some(4); n > 0; --n) made.groups.push_back(group());
    for (auto n = some(3); n > 0; --n)
      made.chain.push_back(
          {"", 0, number(), maybe(number()), maybe(number()), maybe(number()), optional_seconds()});
    for (auto n = some(2); n > 0; --n)
      made.mailboxes.push_back({"", 0, text(), maybe(number()), maybe("1234"), emails()});
    for (auto n = some(2); n > 0; --n) made.ivrs.push_back(ivr());
    for (auto n = some(2); n > 0; --n) made.queues.push_back(queue());
    for (auto n = some(2); n > 0; --n)
      made.schedules.push_back({"", 0, text(), texts(), maybe("pl"), maybe("a.ics")});
    for (auto n = some(2); n > 0; --n)
      made.flags.push_back({"", 0, text(), maybe("*30"), maybe(text()), coin(), {}, {}});
    for (auto n = some(2); n > 0; --n) made.numbers.push_back({"", 0, number(), destination()});
    for (auto n = some(2); n > 0; --n) made.trunks.push_back(trunk());
    for (auto n = some(2); n > 0; --n) made.sounds.push_back({"", 0, text(), text()});
    for (auto n = some(2); n > 0; --n)
      made.webhooks.push_back(
          {"", 0, text(), text(), maybe(text()), maybe(text()), texts(), coin()});
    for (const FeatureCodeInfo& code : feature_profile())
      if (some(8) == 0) made.feature_codes.push_back({std::string(code.name), maybe("*123")});
    return made;
  }

  [[nodiscard]] User user() {
    User made;
    made.extension = number();
    made.name = maybe(text());
    made.email = maybe(email());
    made.sip_username = maybe("a-1");
    made.sip_password = maybe(text());
    made.web_password = maybe(text());
    made.aliases = texts();
    made.enabled = coin();
    for (auto n = some(2); n > 0; --n) made.devices.push_back({maybe(text()), "d1", text(), ""});
    made.permissions = {coin(), coin(), coin(), numbers(), static_cast<std::uint32_t>(some(100))};
    made.paused = paused();
    made.mailbox.present = coin();
    if (made.mailbox.present) made.mailbox = {true, maybe("12"), coin()};
    made.do_not_disturb = coin();
    made.forward = {
        maybe(number()), maybe(text()), maybe(number()), {maybe(number()), seconds(1, 60)}};
    for (auto n = some(2); n > 0; --n) made.rules.push_back(rule());
    return made;
  }

  [[nodiscard]] Group group() {
    Group made;
    made.name = text();
    made.description = maybe(text());
    made.extensions = numbers();
    made.numbers = numbers();
    made.enabled = coin();
    made.strategy = any<Strategy>(11);
    made.timeout = optional_seconds();
    made.repeat = static_cast<std::uint32_t>(some(4));
    made.members = members();
    made.stages = stages();
    made.prevent_missed_calls = coin();
    made.decline = any<Decline>(2);
    made.skip_busy = coin();
    made.follow_forwards = coin();
    made.confirm = any<Confirm>(3);
    made.caller_hears = {text(), coin()};
    made.caller_id = {maybe(text()), coin() ? "group" : "caller"};
    made.ring_melody = maybe("<http://127.0.0.1/Bellcore-dr3>");
    made.record = any<RecordPolicy>(4);
    made.pickup = any<Pickup>(3);
    made.crm_account = maybe(text());
    made.action_url = {maybe(text()), maybe(text()), maybe(text()), maybe(text())};
    for (auto n = some(2); n > 0; --n) made.flags.push_back({text(), destination()});
    made.email = {emails(), emails()};
    made.finally = finally();
    return made;
  }

 private:
  [[nodiscard]] std::uint64_t some(std::uint64_t below_this) { return below(rng_, below_this); }
  [[nodiscard]] bool coin() { return some(2) == 1; }
  template <class E>
  [[nodiscard]] E any(std::uint64_t count) {
    return static_cast<E>(some(count));
  }
  [[nodiscard]] std::string text() {
    static constexpr std::string_view kTexts[] = {
        "Sales", "no",  "0600", "a: b # c", "true", "+48 1", "\\x",  "ąć",  "101", "null",
        "~",     "1e3", "- x",  "[a]",      "{b",   "'q'",   "a\"b", "*30", "&a",  "x y"};
    return std::string(kTexts[some(20)]);
  }
  [[nodiscard]] std::string maybe(std::string value) { return coin() ? "" : std::move(value); }
  [[nodiscard]] std::string number() { return std::to_string(100 + some(900)); }
  [[nodiscard]] std::string email() { return "p" + std::to_string(some(9)) + "@office.example"; }
  [[nodiscard]] std::vector<std::string> emails() {
    std::vector<std::string> made;
    for (auto n = some(3); n > 0; --n) made.push_back(email());
    return made;
  }
  [[nodiscard]] std::vector<std::string> texts() {
    std::vector<std::string> made;
    for (auto n = some(3); n > 0; --n) made.push_back(text());
    return made;
  }
  [[nodiscard]] std::vector<std::string> numbers() {
    std::vector<std::string> made;
    for (auto n = some(3); n > 0; --n) made.push_back(number());
    return made;
  }
  [[nodiscard]] base::Duration seconds(std::int64_t least, std::uint64_t most) {
    const std::int64_t fraction = coin() ? 0 : static_cast<std::int64_t>(some(1'000));
    return base::Duration{(least + static_cast<std::int64_t>(some(most - 1))) * 1'000 + fraction};
  }
  [[nodiscard]] std::optional<base::Duration> optional_seconds() {
    if (coin()) return std::nullopt;
    return seconds(1, 3'600);
  }
  [[nodiscard]] Paused paused() {
    if (coin()) return {};
    if (coin()) return {true, std::nullopt};
    return {true, base::WallTime{static_cast<std::int64_t>(some(4'000'000'000'000))}};
  }
  [[nodiscard]] Member member() {
    Member made;
    made.is_group = coin();
    made.target = text();
    if (coin()) return made;
    if (coin()) made.after = seconds(0, 60);
    made.ring_for = optional_seconds();
    if (coin()) made.priority = static_cast<std::int32_t>(some(100));
    made.weight = static_cast<std::int32_t>(some(20));
    if (coin()) made.confirm = any<Confirm>(3);
    made.timer_from = any<TimerFrom>(2);
    made.enabled = coin();
    made.logged_in = coin();
    made.paused = paused();
    return made;
  }
  [[nodiscard]] std::vector<Member> members() {
    std::vector<Member> made;
    for (auto n = some(4); n > 0; --n) made.push_back(member());
    return made;
  }
  [[nodiscard]] std::vector<Stage> stages() {
    std::vector<Stage> made;
    for (auto n = some(3); n > 0; --n) made.push_back({members(), optional_seconds()});
    return made;
  }
  [[nodiscard]] Destination destination() {
    const auto kind = static_cast<DestinationKind>(1 + some(10));
    if (kind == DestinationKind::Busy || kind == DestinationKind::Hangup) return {kind, ""};
    if (kind == DestinationKind::Sip) return {kind, "sip:bob@192.0.2.7"};
    return {kind, text()};
  }
  [[nodiscard]] Finally finally() {
    if (coin()) return {};
    if (coin()) return {destination(), {}, {}, {}};
    const auto one = [&] { return coin() ? destination() : Destination{}; };
    return {{}, one(), one(), one()};
  }
  [[nodiscard]] Rule rule() {
    Rule made;
    made.name = maybe(text());
    made.enabled = coin();
    made.locked = coin();
    made.when = maybe(text());
    made.callers = texts();
    made.mode = any<RuleMode>(2);
    made.music = text();
    made.stages = stages();
    made.max_hold = seconds(1, 600);
    if (coin()) made.repeat = static_cast<std::uint32_t>(some(4));
    if (coin()) made.confirm = any<Confirm>(3);
    made.finally = finally();
    return made;
  }
  [[nodiscard]] Ivr ivr() {
    Ivr made{"", 0, text(), maybe(number()), maybe(text()), seconds(1, 60), {}, {}};
    if (coin()) made.keys.push_back({"1", destination()});
    if (coin()) made.keys.push_back({"*", destination()});
    if (coin()) made.otherwise = destination();
    return made;
  }
  [[nodiscard]] Queue queue() {
    Queue made;
    made.name = text();
    made.extension = maybe(number());
    made.strategy = any<Strategy>(11);
    made.members = members();
    made.may_log_in = texts();
    made.minimum_agents = static_cast<std::uint32_t>(some(5));
    made.music = text();
    made.announce_position = coin();
    made.max_wait = seconds(1, 600);
    made.finally = finally();
    return made;
  }
  [[nodiscard]] Trunk trunk() {
    return {"",
            0,
            text(),
            "sip:127.0.0.1:5070",
            maybe("user"),
            maybe(text()),
            coin(),
            numbers(),
            texts(),
            static_cast<std::uint32_t>(1 + some(50))};
  }

  base::SplitMix rng_;
};

}  // namespace model::testing
