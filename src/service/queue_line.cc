#include "service/queue_line.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "base/time.h"
#include "model/office.h"
#include "service/waiting.h"

namespace service {
namespace {

constexpr base::Duration kBetweenPasses{2'000};
constexpr std::size_t kTalksRemembered = 10;

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view word(WithdrawReason why) {
  switch (why) {
    case WithdrawReason::TimedOut:
      return "timed_out";
    case WithdrawReason::AnsweredElsewhere:
      return "answered_elsewhere";
    case WithdrawReason::CallerGone:
      return "caller_gone";
    case WithdrawReason::AgentGone:
      return "agent_gone";
  }
  return "";
}

std::string_view word(SentAwayReason why) {
  switch (why) {
    case SentAwayReason::TooFewAgents:
      return "too_few_agents";
    case SentAwayReason::LineFull:
      return "line_full";
    case SentAwayReason::WaitedTooLong:
      return "waited_too_long";
  }
  return "";
}

std::string line(std::string_view what, CallerId caller, std::string_view rest) {
  std::string out{what};
  out += ' ' + std::to_string(static_cast<std::uint64_t>(caller));
  if (!rest.empty()) out.append(" ").append(rest);
  return out;
}

}  // namespace

std::string describe(const QueueAction& action) {
  return std::visit(
      base::Overloaded{
          [](const Offer& offer) { return line("offer", offer.caller, offer.agent); },
          [](const Withdraw& withdraw) {
            return line("withdraw", withdraw.caller, withdraw.agent + ' ')
                .append(word(withdraw.why));
          },
          [](const Connect& connect) { return line("connect", connect.caller, connect.agent); },
          [](const Moved& moved) {
            std::string place = std::to_string(moved.place.position);
            if (moved.place.expected_wait.has_value())
              place += ' ' + std::to_string(moved.place.expected_wait->count());
            return line("moved", moved.caller, place);
          },
          [](const SendAway& away) { return line("send_away", away.caller, word(away.why)); },
      },
      action);
}

QueueLine::QueueLine(Settings settings) : settings_(std::move(settings)), rng_(settings_.seed) {}

// ---- who is there --------------------------------------------------------------------------
QueueLine::Caller* QueueLine::find(CallerId caller) {
  for (Caller& c : callers_)
    if (c.id == caller) return &c;
  return nullptr;
}

const Agent* QueueLine::find_agent(std::string_view agent) const {
  for (const Agent& a : agents_)
    if (a.id == agent) return &a;
  return nullptr;
}

std::size_t QueueLine::logged_in() const {
  return static_cast<std::size_t>(std::count_if(
      agents_.begin(), agents_.end(), [](const Agent& agent) { return agent.logged_in; }));
}

bool QueueLine::is_free(const Agent& agent, base::Now now) const {
  if (!agent.logged_in || agent.paused || !agent.reachable || agent.in_call) return false;
  if (const auto work = work_.find(agent.id); work != work_.end()) {
    const Work& busy = work->second;
    if (busy.talks_since.has_value()) return false;
    if (now.at < busy.wraps_up_until.value_or(now.at)) return false;
  }
  return std::none_of(callers_.begin(), callers_.end(), [&](const Caller& caller) {
    return std::any_of(caller.offers.begin(), caller.offers.end(),
                       [&](const Offered& offer) { return offer.agent == agent.id; });
  });
}

// In the order of the strategy.
std::vector<const Agent*> QueueLine::free_agents(base::Now now) {
  std::vector<const Agent*> all;
  all.reserve(agents_.size());
  for (const Agent& agent : agents_) all.push_back(&agent);
  // Round robin turns the whole list, so that a pointer on somebody who is busy holds too.
  if (settings_.strategy == model::Strategy::RoundRobin)
    all = in_order(std::move(all), settings_.strategy, settings_.pointer, rng_);
  std::vector<const Agent*> free;
  for (const Agent* agent : all)
    if (is_free(*agent, now)) free.push_back(agent);
  if (settings_.strategy == model::Strategy::RoundRobin) return free;
  return in_order(std::move(free), settings_.strategy, settings_.pointer, rng_);
}

// ---- events --------------------------------------------------------------------------------
void QueueLine::agents(std::vector<Agent> agents, base::Now now, QueueActions& out) {
  agents_ = std::move(agents);
  withdraw_from_gone(now, out);
  settle(now, out);
}

// Who logged out, paused or was removed rings no more (rule 10). His own call goes on.
void QueueLine::withdraw_from_gone(base::Now now, QueueActions& out) {
  for (Caller& caller : callers_) {
    std::vector<std::string> gone;
    for (const Offered& offer : caller.offers) {
      const Agent* agent = find_agent(offer.agent);
      if (agent == nullptr || !agent->logged_in || agent->paused) gone.push_back(offer.agent);
    }
    for (const std::string& agent : gone) {
      (void)offer_ended(caller, agent, now);
      out.emplace_back(Withdraw{caller.id, agent, WithdrawReason::AgentGone});
    }
  }
}

void QueueLine::enter(CallerId caller, std::string user, base::Now now, QueueActions& out) {
  if (find(caller) != nullptr) return;
  if (callers_.size() >= settings_.longest_line) {
    out.emplace_back(SendAway{caller, SentAwayReason::LineFull});
    return;
  }
  Caller entered;
  entered.id = caller;
  entered.user = std::move(user);
  entered.entered = now.at;
  callers_.push_back(std::move(entered));
  settle(now, out);
}

void QueueLine::leave(CallerId caller, base::Now now, QueueActions& out) {
  Caller* leaving = find(caller);
  if (leaving == nullptr) return;
  withdraw_all(*leaving, WithdrawReason::CallerGone, "", out);
  std::erase_if(callers_, [&](const Caller& c) { return c.id == caller; });
  settle(now, out);
}

void QueueLine::answered(CallerId caller, std::string_view agent, base::Now now,
                         QueueActions& out) {
  Caller* served = find(caller);
  if (served == nullptr) {
    out.emplace_back(Withdraw{caller, std::string{agent}, WithdrawReason::AnsweredElsewhere});
    return;
  }
  // An answer that crossed our Withdraw: meanwhile he may have been offered somebody else.
  for (Caller& other : callers_) {
    if (other.id == caller) continue;
    if (offer_ended(other, agent, now))
      out.emplace_back(Withdraw{other.id, std::string{agent}, WithdrawReason::AnsweredElsewhere});
  }
  out.emplace_back(Connect{caller, std::string{agent}});
  withdraw_all(*served, WithdrawReason::AnsweredElsewhere, agent, out);
  std::erase_if(callers_, [&](const Caller& c) { return c.id == caller; });
  Work& work = work_[std::string{agent}];
  work = {.talks_since = now.at, .wraps_up_until = std::nullopt};
  for (Agent& known : agents_)
    if (known.id == agent) ++known.answered;
  settle(now, out);
}

void QueueLine::failed(CallerId caller, std::string_view agent, OfferFailure why, base::Now now,
                       QueueActions& out) {
  Caller* asking = find(caller);
  if (asking == nullptr) return;
  if (why == OfferFailure::Declined && !contains(asking->declined, agent))
    asking->declined.emplace_back(agent);
  (void)offer_ended(*asking, agent, now);
  settle(now, out);
}

void QueueLine::call_over(std::string_view agent, base::Now now, QueueActions& out) {
  const auto work = work_.find(agent);
  if (work == work_.end()) return;
  const std::optional<base::Instant> since = work->second.talks_since;
  if (!since.has_value()) return;
  talks_.push_back(now.at - *since);
  if (talks_.size() > kTalksRemembered) talks_.erase(talks_.begin());
  work->second = {.talks_since = std::nullopt, .wraps_up_until = now.at + settings_.wrap_up};
  for (Agent& known : agents_)
    if (known.id == agent) known.last_call_ended = now.wall;
  settle(now, out);
}

void QueueLine::time_reached(base::Now now, QueueActions& out) {
  std::vector<CallerId> waited_too_long;
  for (Caller& caller : callers_) {
    if (settings_.max_wait.has_value() && now.at >= caller.entered + *settings_.max_wait) {
      waited_too_long.push_back(caller.id);
      continue;
    }
    std::vector<std::string> over;
    for (const Offered& offer : caller.offers)
      if (now.at >= offer.until) over.push_back(offer.agent);
    for (const std::string& agent : over) {
      (void)offer_ended(caller, agent, now);
      out.emplace_back(Withdraw{caller.id, agent, WithdrawReason::TimedOut});
    }
  }
  for (const CallerId id : waited_too_long) {
    withdraw_all(*find(id), WithdrawReason::CallerGone, "", out);
    std::erase_if(callers_, [&](const Caller& c) { return c.id == id; });
    out.emplace_back(SendAway{id, SentAwayReason::WaitedTooLong});
  }
  settle(now, out);
}

std::optional<base::Instant> QueueLine::deadline() const {
  std::optional<base::Instant> earliest;
  const auto consider = [&](base::Instant when) {
    if (!earliest.has_value() || when < *earliest) earliest = when;
  };
  for (const Caller& caller : callers_) {
    if (settings_.max_wait.has_value()) consider(caller.entered + *settings_.max_wait);
    for (const Offered& offer : caller.offers) consider(offer.until);
    if (caller.next_pass.has_value()) consider(*caller.next_pass);
  }
  if (callers_.empty()) return earliest;
  for (const auto& [agent, work] : work_)
    if (work.wraps_up_until.has_value()) consider(*work.wraps_up_until);
  return earliest;
}

// ---- what follows from each event ----------------------------------------------------------
void QueueLine::settle(base::Now now, QueueActions& out) {
  for (auto& [agent, work] : work_)
    if (work.wraps_up_until.has_value() && now.at >= *work.wraps_up_until)
      work.wraps_up_until.reset();
  std::erase_if(work_, [](const auto& entry) {
    return !entry.second.talks_since.has_value() && !entry.second.wraps_up_until.has_value();
  });
  for (Caller& caller : callers_) {
    if (!caller.next_pass.has_value() || now.at < *caller.next_pass) continue;
    caller.next_pass.reset();
    caller.asked.clear();
  }
  send_away_if_too_few(out);
  dispatch(now, out);
  tell_places(out);
}

void QueueLine::send_away_if_too_few(QueueActions& out) {
  if (logged_in() >= settings_.minimum_agents) return;
  for (Caller& caller : callers_) {
    withdraw_all(caller, WithdrawReason::CallerGone, "", out);
    out.emplace_back(SendAway{caller.id, SentAwayReason::TooFewAgents});
  }
  callers_.clear();
}

void QueueLine::dispatch(base::Now now, QueueActions& out) {
  std::vector<const Agent*> free = free_agents(now);
  for (Caller& caller : callers_) {
    if (free.empty()) return;
    offer_to(caller, free, now, out);
  }
}

// Takes from `free` whom this caller is offered to, and whom he keeps for his next pass.
void QueueLine::offer_to(Caller& caller, std::vector<const Agent*>& free, base::Now now,
                         QueueActions& out) {
  const bool all = settings_.strategy == model::Strategy::RingAll;
  if (!caller.offers.empty() && !all) return;
  const auto may_ask = [&](const Agent* agent) {
    return agent->id != caller.user && !contains(caller.declined, agent->id);
  };
  std::vector<const Agent*> chosen;
  for (const Agent* agent : free) {
    if (!may_ask(agent) || contains(caller.asked, agent->id)) continue;
    chosen.push_back(agent);
    if (!all) break;
  }
  if (chosen.empty()) {
    if (!caller.next_pass.has_value()) return;
    // They are his in a moment: who came after him does not get them.
    std::erase_if(free, may_ask);
    return;
  }
  caller.next_pass.reset();
  for (const Agent* agent : chosen) {
    caller.offers.push_back({agent->id, now.at + settings_.offer_for});
    caller.asked.push_back(agent->id);
    settings_.pointer = agent->id;
    out.emplace_back(Offer{caller.id, agent->id});
    std::erase(free, agent);
  }
}

// The next pass begins 2 s after the last offer ended. False if there is no such offer.
bool QueueLine::offer_ended(Caller& caller, std::string_view agent, base::Now now) {
  const bool was_open =
      std::erase_if(caller.offers, [&](const Offered& offer) { return offer.agent == agent; }) > 0;
  if (was_open && caller.offers.empty()) caller.next_pass = now.at + kBetweenPasses;
  return was_open;
}

void QueueLine::tell_places(QueueActions& out) {
  std::uint32_t position = 0;
  for (Caller& caller : callers_) {
    ++position;
    if (caller.told_position == position) continue;
    caller.told_position = position;
    out.emplace_back(
        Moved{caller.id, {.position = position, .expected_wait = expected_wait(position)}});
  }
}

// As long as the last calls took, shared among the agents; absent when nothing is known.
std::optional<base::Duration> QueueLine::expected_wait(std::uint32_t position) const {
  const std::size_t serving = logged_in();
  if (talks_.empty() || serving == 0) return std::nullopt;
  const base::Duration sum = std::accumulate(talks_.begin(), talks_.end(), base::Duration{0});
  const auto calls = static_cast<std::int64_t>(talks_.size());
  const base::Duration one = sum / calls + settings_.wrap_up;
  return one * static_cast<std::int64_t>(position) / static_cast<std::int64_t>(serving);
}

void QueueLine::withdraw_all(Caller& caller, WithdrawReason why, std::string_view but,
                             QueueActions& out) const {
  for (const Offered& offer : caller.offers)
    if (offer.agent != but) out.emplace_back(Withdraw{caller.id, offer.agent, why});
  caller.offers.clear();
}

}  // namespace service
