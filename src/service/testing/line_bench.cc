#include "service/testing/line_bench.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "base/assert.h"
#include "base/time.h"
#include "service/queue_line.h"
#include "service/testing/bench.h"

namespace service::testing {

LineBench::LineBench(QueueLine::Settings settings, const std::string& agents)
    : line(std::move(settings)) {
  std::istringstream words{agents};
  for (std::string id; words >> id;) {
    people.emplace_back();
    people.back().id = id;
  }
  tell();
}

base::Now LineBench::now() const {
  return {.at = base::Instant{base::Duration{now_ms_}}, .wall = {.unix_ms = kNoon + now_ms_}};
}

void LineBench::note(const QueueActions& out) {
  for (const QueueAction& action : out)
    log.push_back(std::to_string(now_ms_) + " " + describe(action));
}

void LineBench::until(std::int64_t ms) {
  int turns = 0;
  for (std::optional<base::Instant> due = line.deadline();
       due.has_value() && due->time_since_epoch().count() <= ms; due = line.deadline()) {
    ASSERT(++turns < 10'000);  // a deadline that never moves
    now_ms_ = std::max(now_ms_, due->time_since_epoch().count());
    QueueActions out;
    line.time_reached(now(), out);
    note(out);
  }
  now_ms_ = ms;
}

void LineBench::enter(std::uint64_t caller, const std::string& user) {
  QueueActions out;
  line.enter(CallerId{caller}, user, now(), out);
  note(out);
}

void LineBench::leave(std::uint64_t caller) {
  QueueActions out;
  line.leave(CallerId{caller}, now(), out);
  note(out);
}

void LineBench::answered(std::uint64_t caller, const std::string& agent) {
  QueueActions out;
  line.answered(CallerId{caller}, agent, now(), out);
  note(out);
}

void LineBench::failed(std::uint64_t caller, const std::string& agent, OfferFailure why) {
  QueueActions out;
  line.failed(CallerId{caller}, agent, why, now(), out);
  note(out);
}

void LineBench::call_over(const std::string& agent) {
  QueueActions out;
  line.call_over(agent, now(), out);
  note(out);
}

void LineBench::tell() {
  QueueActions out;
  line.agents(people, now(), out);
  note(out);
}

Agent& LineBench::agent(const std::string& id) {
  const auto found = std::find_if(people.begin(), people.end(),
                                  [&](const Agent& agent) { return agent.id == id; });
  ASSERT(found != people.end());
  return *found;
}

Log LineBench::deeds() const {
  Log out;
  for (const std::string& entry : log)
    if (entry.find(" moved ") == std::string::npos) out.push_back(entry);
  return out;
}

}  // namespace service::testing
