#include "foresight/simulation.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/keyed_hash.h"
#include "base/limits.h"
#include "base/overloaded.h"
#include "base/rng.h"
#include "base/time.h"
#include "foresight/chance.h"
#include "foresight/detail/arrivals.h"
#include "foresight/detail/office_life.h"
#include "foresight/detail/queue_floor.h"
#include "foresight/detail/simulated_call.h"
#include "foresight/detail/simulation.h"
#include "foresight/detail/tally.h"
#include "foresight/explain.h"
#include "foresight/figures.h"
#include "foresight/traffic.h"
#include "hunt/hunt.h"
#include "hunt/verdict.h"
#include "model/encode.h"
#include "model/office.h"
#include "model/routing.h"
#include "service/queue_line.h"

namespace foresight {
namespace detail {
namespace {

constexpr base::Duration kBusySays{100};    // a phone that is in a call answers 486
constexpr base::Duration kKeyAfter{3'000};  // who is asked for a key has heard the question
constexpr int kDraws = 100;
constexpr std::uint64_t kMaxAtOnce = 10'000;  // calls that ring at once; more are not simulated

}  // namespace

Simulation::Simulation(const Experiment& experiment)
    : experiment_(experiment),
      life_(*experiment.snapshot, experiment.people),
      arrivals_(experiment.traffic, experiment.snapshot->zone(), experiment.seed),
      floor_(*experiment.snapshot, life_, experiment.seed),
      tally_(arrivals_) {}

Figures Simulation::run() {
  life_.each([&](Someone& who) { plan_absence(who, 0); });
  next_arrival();
  while (!events_.empty() && (coming_ || !calls_.empty())) {
    std::pop_heap(events_.begin(), events_.end(), std::greater<>{});
    const Event event = events_.back();
    events_.pop_back();
    at_ = event.at;
    on(event);
    settle_lines();
    if (experiment_.steps_most > 0 && ++steps_ > experiment_.steps_most) {
      tally_.figures().cut = true;
      break;
    }
  }
  life_.each([&](Someone& who) { tally_.figures().members[who.name] = who.figures; });
  return std::move(tally_.figures());
}

// ---- time and chance ----

base::Now Simulation::now() const {
  const std::int64_t begins = experiment_.traffic.begins.unix_ms;
  return {at_, base::WallTime{begins + at_.time_since_epoch().count()}};
}

Event Simulation::later(base::Duration after, What what) {
  return {.at = at_ + after, .serial = ++serial_, .what = what};
}

void Simulation::plan(const Event& event) {
  events_.push_back(event);
  std::push_heap(events_.begin(), events_.end(), std::greater<>{});
}

// A stream of its own for each thing that chance decides.
base::SplitMix Simulation::chance(std::uint64_t call, std::string_view what) const {
  return base::SplitMix{base::keyed_hash({experiment_.seed, call}, what)};
}

// ---- callers ----

void Simulation::next_arrival() {
  auto arrival = arrivals_.next();
  coming_ = arrival.has_value();
  if (!coming_) return;
  arriving_ = std::move(*arrival);
  plan(later(base::Instant{arriving_.after} - at_, What::Arrives));
}

void Simulation::arrive() {
  auto call = std::make_unique<OneCall>();
  call->number = arrived_++;
  call->arrival = std::move(arriving_);
  call->arrived = at_;
  call->counts = call->number >= arrivals_.warm_up();
  call->query =
      query_of(*experiment_.snapshot,
               {.number = call->arrival.number, .from = call->arrival.from, .at = now().wall});
  next_arrival();
  tally_.arrived(*call);
  const auto patience = patience_of(*call);
  OneCall& here = *call;
  if (calls_.size() >= kMaxAtOnce) {
    end_in(here, "more calls at once than are simulated");
    return;
  }
  calls_[here.number] = std::move(call);
  if (patience.has_value()) {
    Event event = later(*patience, What::GivesUp);
    event.call = here.number;
    plan(event);
  }
  take(here, model::route(*experiment_.snapshot, here.query));
  settle(here);
}

// Somebody of whom we know that he waited so long was more patient than that.
std::optional<base::Duration> Simulation::patience_of(const OneCall& call) const {
  if (call.arrival.patience.has_value()) return call.arrival.patience;
  auto rng = chance(call.number, "patience");
  for (int tries = 0; tries < kDraws; ++tries) {
    const auto drawn = experiment_.traffic.patience.draw(rng);
    if (!drawn.has_value() || *drawn > call.arrival.waited) return drawn;
  }
  return std::nullopt;
}

void Simulation::take(OneCall& call, model::Route route) {
  call.query.visited = std::move(route.visited);
  call.hunt.reset();
  call.rings.clear();
  call.armed.reset();
  ++call.steps;
  if (const auto* refused = std::get_if<model::Refuse>(&route.step)) {
    end_in(call, refused->why + " (" + std::to_string(refused->sip_code) + ")");
  } else if (call.steps > base::kFinalsMax) {
    end_in(call, "loop (482)");
  } else if (const auto* service = std::get_if<model::Serve>(&route.step)) {
    if (stands_in_queue(call, *service)) return;
    const std::string kind =
        service->kind == model::DestinationKind::None ? "feature code" : model::word(service->kind);
    end_in(call, service->name.empty() ? kind : kind + " " + service->name);
  } else {
    start_hunt(call, std::move(route.step));
  }
}

void Simulation::start_hunt(OneCall& call, model::Step step) {
  call.step = step;
  hunt::Start start;
  start.step = std::move(step);
  start.snapshot = experiment_.snapshot;
  start.origin = call.arrived;
  start.seed = chance(call.number, "strategy").next() + call.steps;
  start.caller_user = call.query.user_id;
  start.declined = std::exchange(declined_, {});
  call.hunt = std::make_unique<hunt::Hunt>(
      std::move(start), hunt::Settings{.confirm_available = true, .page_available = false});
  hunt::Actions actions;
  call.hunt->begin(life_, now(), actions);
  carry_out(call, actions);
}

void Simulation::feed(OneCall& call, const hunt::Event& event) {
  hunt::Actions actions;
  call.hunt->step(event, life_, now(), actions);
  carry_out(call, actions);
  settle(call);
}

// Arms the hunt's deadline; a call that is over goes.
void Simulation::settle(OneCall& call) {
  if (call.over) {
    calls_.erase(call.number);
    return;
  }
  if (call.hunt == nullptr) return;
  const auto due = call.hunt->deadline();
  if (!due.has_value() || (call.armed.has_value() && *call.armed <= *due)) return;
  call.armed = due;
  Event event = later(std::max(*due - at_, base::Duration{0}), What::HuntDue);
  event.call = call.number;
  event.step = call.steps;
  plan(event);
}

// ---- what the hunt wants ----

// Phones ring at once, and stop at once when they are told to.
void Simulation::carry_out(OneCall& call, hunt::Actions& actions) {
  std::optional<model::EndClass> ended;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const hunt::Action action = std::move(actions[i]);
    std::visit(
        base::Overloaded{
            [&](const hunt::Dial& dial) { ring(call, dial, actions); },
            [&](const hunt::Drop& drop) { stop(call, drop.attempt, drop.why, actions); },
            [&](const hunt::TellTooLate& late) { stop(call, late.attempt, late.why, actions); },
            [&](const hunt::AskConfirmation& asked) { ask(call, asked.attempt); },
            [&](const hunt::Connect& connect) {
              talk(call, call.rings.at(static_cast<std::size_t>(connect.attempt)));
            },
            [&](const hunt::SendToMailbox& sent) { end_in(call, "mailbox " + sent.mailbox.value); },
            [&](const hunt::Remember& change) { life_.remember(change); },
            [&](const hunt::End& end) { ended = end.end; },
            [](const auto&) {},
        },
        action);
  }
  actions.clear();
  if (!ended.has_value() || call.over) return;
  declined_ = call.hunt->declined();
  call.query.at = now().wall;
  take(call, model::after(*experiment_.snapshot, call.query, call.step, *ended));
  declined_.clear();
}

void Simulation::ring(OneCall& call, const hunt::Dial& dial, hunt::Actions& actions) {
  const auto at = static_cast<std::size_t>(dial.attempt);
  if (call.rings.size() <= at) call.rings.resize(at + 1);
  call.rings[at] = {.who = &life_.behind(dial.target), .confirm = dial.confirm};
  if (ring_phone(call, dial.attempt))
    call.hunt->step(hunt::AttemptRinging{dial.attempt}, life_, now(), actions);
}

// What becomes of the ring, if nobody stops it. False: the phone is busy.
bool Simulation::ring_phone(OneCall& call, hunt::AttemptId attempt) {
  Someone& who = *call.rings.at(static_cast<std::size_t>(attempt)).who;
  if (who.is_busy()) {
    tally_.add(call, who.figures.was_busy);
    plan_for(call, attempt, kBusySays, What::Busy);
    return false;
  }
  tally_.add(call, who.figures.rang);
  const Person& habits = *who.habits;
  auto rng = chance(call.number, who.name + "/" + std::to_string(++call.rung[who.name]));
  const double mood = uniform(rng);
  const auto pickup = habits.pickup.draw(rng);
  if (pickup.has_value() && mood < habits.declines) {
    plan_for(call, attempt, *pickup, What::Declines);
  } else if (pickup.has_value() && mood < habits.declines + habits.answers) {
    plan_for(call, attempt, *pickup, What::PicksUp);
  }
  if (habits.own_voicemail.has_value())
    plan_for(call, attempt, *habits.own_voicemail, What::Voicemail);
  return true;
}

void Simulation::plan_for(const OneCall& call, hunt::AttemptId attempt, base::Duration after,
                          What what) {
  Event event = later(after, what);
  event.call = call.number;
  event.step = call.steps;
  event.attempt = attempt;
  plan(event);
}

void Simulation::stop(OneCall& call, hunt::AttemptId attempt, hunt::StopReason why,
                      hunt::Actions& actions) {
  Ring& ring = call.rings.at(static_cast<std::size_t>(attempt));
  if (ring.over) return;
  stop_ringing(call, ring,
               why == hunt::StopReason::TimedOut || why == hunt::StopReason::CallerGaveUp);
  call.hunt->step(hunt::AttemptFailed{.attempt = attempt, .code = 487}, life_, now(), actions);
}

void Simulation::stop_ringing(const OneCall& call, Ring& ring, bool shown_as_missed) {
  ring.over = true;
  if (shown_as_missed && !ring.who->is_busy()) tally_.add(call, ring.who->figures.missed);
}

void Simulation::ask(const OneCall& call, hunt::AttemptId attempt) {
  if (call.rings.at(static_cast<std::size_t>(attempt)).machine) return;
  plan_for(call, attempt, kKeyAfter, What::Key);
}

// ---- how a call ends ----

void Simulation::talk(OneCall& call, const Ring& ring) {
  call.over = true;
  if (ring.machine) return tally_.taken_by_own_voicemail(call);
  Someone& who = *ring.who;
  auto length = call.arrival.talk;
  if (!length.has_value()) {
    auto rng = chance(call.number, "talk");
    length = experiment_.traffic.talk.draw(rng).value_or(base::Duration{0});
  }
  ++who.talks;
  look_again_ = true;
  Event event = later(*length, What::TalkEnds);
  event.who = &who;
  plan(event);
  tally_.answered(call, at_);
  tally_.add(call, who.figures.answered);
  tally_.add(call, who.figures.talked_s, static_cast<double>(length->count()) / 1'000);
}

void Simulation::end_in(OneCall& call, const std::string& where) {
  call.over = true;
  tally_.ended_in(call, where);
}

// ---- what happens ----

void Simulation::on(const Event& event) {
  if (event.what == What::Arrives) return arrive();
  if (event.what == What::LinesDue) return lines_due();
  if (event.who != nullptr) return on_person(*event.who, event);
  const auto found = calls_.find(event.call);
  if (found == calls_.end()) return;
  OneCall& call = *found->second;
  if (event.what == What::GivesUp) {
    hang_up(call);
  } else if (event.step == call.steps) {
    on_hunt(call, event);
  }
}

void Simulation::on_person(Someone& who, const Event& event) {
  look_again_ = true;
  if (event.what == What::TalkEnds) {
    --who.talks;
    who.last_answered_ended = now().wall;
    if (const model::Queue* queue = std::exchange(who.queue, nullptr)) {
      service::QueueActions actions;
      floor_.line_of(*queue).call_over(who.user_id, now(), actions);
      carry_out(*queue, actions);
    }
  } else {
    who.away = event.what == What::Leaves;
    plan_absence(who, event.call);
  }
  is_free(who);
}

void Simulation::hang_up(OneCall& call) {
  if (call.queue != nullptr) {
    service::QueueActions actions;
    floor_.line_of(*call.queue).leave(caller_of(call), now(), actions);
    carry_out(*call.queue, actions);
  } else {
    hunt::Actions actions;
    call.hunt->step(hunt::CallerHungUp{}, life_, now(), actions);
    carry_out(call, actions);
  }
  tally_.abandoned(call, at_);
  calls_.erase(call.number);
}

void Simulation::on_hunt(OneCall& call, const Event& event) {
  if (event.what == What::HuntDue) {
    call.armed.reset();
    feed(call, hunt::TimeReached{});
    return;
  }
  Ring& ring = call.rings.at(static_cast<std::size_t>(event.attempt));
  if (ring.over) return;
  if (call.queue != nullptr) {
    on_offer(call, event);
    settle(call);
    return;
  }
  if (event.what == What::Key) return feed(call, hunt::KeyPressed{event.attempt, '1'});
  if (event.what == What::Busy || event.what == What::Declines) {
    const bool declined = event.what == What::Declines;
    ring.over = true;
    if (declined) tally_.add(call, ring.who->figures.declined);
    return feed(call, hunt::AttemptFailed{event.attempt,
                                          declined ? hunt::Failure::Declined : hunt::Failure::Busy,
                                          static_cast<std::uint16_t>(declined ? 603 : 486)});
  }
  // Who talks already lets it ring; who is being asked has answered already.
  if (ring.answered || ring.who->is_busy()) return;
  ring.answered = true;
  ring.machine = event.what == What::Voicemail;
  feed(call, hunt::AttemptAnswered{.attempt = event.attempt});
}

// Rule 10: he may join calls that ring.
void Simulation::is_free(const Someone& who) {
  if (who.is_busy() || who.user_id.empty()) return;
  std::vector<std::uint64_t> hunting;
  hunting.reserve(calls_.size());
  steps_ += calls_.size();  // each is looked at
  for (const auto& [number, call] : calls_) hunting.push_back(number);
  for (const std::uint64_t number : hunting) {
    const auto found = calls_.find(number);
    if (found != calls_.end() && found->second->hunt != nullptr)
      feed(*found->second, hunt::UserFree{who.user_id});
  }
}

void Simulation::plan_absence(Someone& who, std::uint64_t times) {
  if (who.habits->free_for.is_never()) return;
  auto rng = chance(times, who.name + "/away");
  const auto length = (who.away ? who.habits->busy_for : who.habits->free_for).draw(rng);
  if (!length.has_value()) return;
  Event event = later(*length, who.away ? What::Returns : What::Leaves);
  event.who = &who;
  event.call = times + 1;
  plan(event);
}

}  // namespace detail

Figures simulate(const Experiment& experiment) {
  return detail::Simulation{experiment}.run();
}

}  // namespace foresight
