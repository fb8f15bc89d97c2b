#include "sim/world.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/overloaded.h"
#include "base/time.h"
#include "call/engine.h"
#include "call/settings.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "facts/media.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/state_change.h"
#include "model/validate.h"
#include "sim/checker.h"
#include "sim/network.h"
#include "sim/phone.h"
#include "sim/text.h"

namespace sim {
namespace {

std::shared_ptr<const model::Snapshot> snapshot_of(const model::Office& office,
                                                   std::int64_t revision) {
  model::BuildOptions options;
  options.revision = revision;
  return model::Snapshot::build(office, options);
}

}  // namespace

World::World(model::Office office, std::uint64_t seed, call::Settings settings)
    : office_(std::move(office)),
      settings_(std::move(settings)),
      rng_(seed),
      network_(scheduler_, seed ^ 0x5EEDULL),
      sound_(scheduler_,
             [this](const facts::MediaEvent& event) {
               call::Actions actions;
               engine_->media_event(event, now(), actions);
               carry_out(actions);
             }),
      server_(*base::Address::parse("10.0.0.1:5060")) {
  start_engine();
  network_.attach(server_, [this](const base::Address& from, const std::string& bytes) {
    checker_.engine_got(Text::parse(bytes), scheduler_.now());
    call::Actions actions;
    engine_->receive({base::Transport::Udp, 0, server_, from, {}}, bytes, now(), actions);
    carry_out(actions);
  });
}

void World::start_engine() {
  engine_ = std::make_unique<call::Engine>(settings_, rng_, snapshot_of(office_, revision_));
  engine_->listening({base::Flow{base::Transport::Udp, 0, server_, {}, {}}});
}

base::Now World::now() const {
  return {scheduler_.now(),
          base::WallTime{wall_offset_ + scheduler_.now().time_since_epoch().count()}};
}

void World::carry_out(call::Actions& actions) {
  for (call::Action& action : actions) {
    std::visit(base::Overloaded{
                   [this](call::Send& send) {
                     checker_.engine_sent(Text::parse(*send.bytes), scheduler_.now());
                     network_.send(server_, send.flow.peer, *send.bytes);
                   },
                   [this](call::Tell& tell) {
                     checker_.told(tell.fact, scheduler_.now());
                     keep(tell.fact);
                     if (std::holds_alternative<facts::CallTransferred>(tell.fact))
                       sound_.calls_may_join = true;
                     facts.push_back(std::move(tell.fact));
                   },
                   [this](call::Resolve& resolve) {
                     scheduler_.after(base::Duration{5}, [this, token = resolve.token] {
                       call::Actions more;
                       engine_->resolved(token, {}, now(), more);
                       carry_out(more);
                     });
                   },
                   [](call::CloseConnection&) {},
                   [](call::LegBegan&) {},
                   [this](call::Media& media) { sound_.carry_out(media.command); },
                   [this](const call::OpenMailbox& wanted) { open(wanted); },
                   [this](const call::ChangeOffice& wanted) { change(wanted); },
               },
               action);
  }
  wake_up();
}

// The store's part: messages that are left and what becomes of them.
void World::keep(const facts::Fact& fact) {
  if (!mailboxes.has_value()) return;
  if (const auto* left = std::get_if<facts::MessageLeft>(&fact)) {
    (*mailboxes)[left->message.box].push_back(left->message);
  } else if (const auto* change = std::get_if<facts::MessageChanged>(&fact)) {
    auto& box = (*mailboxes)[change->box];
    const auto found = std::find_if(box.begin(), box.end(), [&](const facts::Message& message) {
      return message.id == change->id;
    });
    if (found == box.end()) return;
    found->heard = change->heard.value_or(found->heard);
    found->saved = change->saved.value_or(found->saved);
    found->handled_by = change->handled_by.value_or(found->handled_by);
    if (change->deleted) box.erase(found);
  } else {
    return;
  }
  scheduler_.after(base::Duration{100}, [this] { count_messages(); });
}

void World::count_messages() {
  if (!mailboxes.has_value()) return;
  std::map<std::string, facts::MailboxCounts> counts;
  for (const auto& [key, box] : *mailboxes) {
    facts::MailboxCounts& here = counts[key];
    for (const facts::Message& message : box) ++(message.heard ? here.old : here.fresh);
  }
  call::Actions more;
  engine_->mailboxes_counted(counts, now(), more);
  carry_out(more);
}

void World::open(const call::OpenMailbox& wanted) {
  scheduler_.after(base::Duration{5}, [this, wanted] {
    std::optional<std::vector<facts::Message>> messages;
    if (mailboxes.has_value()) messages = (*mailboxes)[wanted.box];
    call::Actions more;
    engine_->mailbox_opened(wanted.token, std::move(messages), now(), more);
    carry_out(more);
  });
}

// As the server does it: the changed office is checked, stored and installed, then the engine
// hears of it.
void World::change(const call::ChangeOffice& wanted) {
  scheduler_.after(base::Duration{20}, [this, wanted] {
    auto outcome = call::ChangeOutcome::Failed;
    if (takes_changes) {
      auto made = model::changed(*snapshot_of(office_, revision_), wanted.changes, now().wall);
      const bool sound = made.has_value() && !model::has_errors(model::validate(*made));
      outcome = sound ? call::ChangeOutcome::Done : call::ChangeOutcome::Refused;
      if (sound) reconfigure(*std::move(made));
    }
    call::Actions more;
    engine_->office_changed(wanted.token, outcome, now(), more);
    carry_out(more);
  });
}

// Keeps one wake-up in the scheduler for the engine's deadline.
void World::wake_up() {
  const auto deadline = engine_->deadline();
  if (!deadline.has_value() || (wake_.has_value() && *wake_ <= *deadline)) return;
  wake_ = std::max(*deadline, scheduler_.now());
  scheduler_.at(*wake_, [this, due = *wake_] {
    if (wake_ != due) return;
    wake_.reset();
    ++wakes;
    call::Actions actions;
    engine_->time_reached(now(), actions);
    carry_out(actions);
  });
}

Phone& World::add_phone(const std::string& username) {
  std::string password;
  for (const model::User& user : office_.users) {
    if (user.sip_username == username) password = user.sip_password;
    for (const model::Device& device : user.devices)
      if (device.username == username) password = device.password;
  }
  // An address of its own: two phones at one address with one user name would be one device.
  base::Address address{base::IpAddress::parse("10.0.1.0").value(), next_port_};
  address.ip.bytes[2] = static_cast<std::uint8_t>(1 + phones_.size() / 200);
  address.ip.bytes[3] = static_cast<std::uint8_t>(1 + phones_.size() % 200);
  next_port_ = static_cast<std::uint16_t>(next_port_ + 10);
  return add_foreign({username, password, office_.tenant}, address);
}

Phone& World::add_foreign(const Phone::Account& account, const base::Address& at) {
  phones_.push_back(std::make_unique<Phone>(scheduler_, network_, at, server_, account));
  return *phones_.back();
}

void World::register_all() {
  for (const auto& phone : phones_) phone->register_now();
  run_for(base::Duration{2'000});
}

void World::run_for(base::Duration duration) {
  const base::Instant until = scheduler_.now() + duration;
  while (scheduler_.next().has_value() && *scheduler_.next() <= until) scheduler_.run_one();
  scheduler_.advance_to(until);
}

bool World::run_to_rest(base::Duration limit) {
  const base::Instant until = scheduler_.now() + limit;
  const auto busy = [this] {
    const call::Counters counters = engine_->counters();
    return counters.calls_kept > 0 || counters.transactions > 0;
  };
  do {
    if (!scheduler_.next().has_value() || *scheduler_.next() > until) break;
    scheduler_.run_one();
  } while (busy());
  run_for(base::Duration{70'000});  // what still flies, lands
  // The last word of a subscription may have gone out only now.
  const base::Instant last = scheduler_.now() + base::Duration{40'000};
  while (busy() && scheduler_.next().has_value() && *scheduler_.next() <= last)
    scheduler_.run_one();
  return !busy();
}

void World::hang_up_all() {
  for (const call::LiveCall& live : engine_->calls(now())) {
    call::Actions actions;
    (void)engine_->hang_up(live.record.id, now(), actions);
    carry_out(actions);
  }
}

call::CallOrdered World::originate(const std::string& user_id, const std::string& number) {
  call::Actions actions;
  auto ordered = engine_->originate(user_id, number, now(), actions);
  carry_out(actions);
  return ordered;
}

call::OrderOutcome World::pick_up(const std::string& call_id, const std::string& user_id) {
  call::Actions actions;
  const auto outcome = engine_->pick_up(call_id, user_id, now(), actions);
  carry_out(actions);
  return outcome;
}

call::OrderOutcome World::transfer(const std::string& call_id, const call::TransferOrder& order) {
  call::Actions actions;
  const auto outcome = engine_->transfer(call_id, order, now(), actions);
  carry_out(actions);
  return outcome;
}

void World::reconfigure(model::Office office) {
  office_ = std::move(office);
  call::Actions actions;
  engine_->reconfigure(snapshot_of(office_, ++revision_), now(), actions);
  carry_out(actions);
}

void World::restart() {
  const std::vector<facts::Binding> bindings = engine_->bindings();
  wake_.reset();
  start_engine();
  for (const facts::Binding& binding : bindings) engine_->restore(binding, now());
  for (const facts::Fact& fact : facts) {
    if (const auto* set = std::get_if<facts::GreetingSet>(&fact))
      engine_->restore_greeting(set->box, set->file);
    if (const auto* memory = std::get_if<facts::MemoryChanged>(&fact))
      engine_->restore_memory(memory->group_id, memory->memory);
  }
  wake_up();
}

std::string World::verdict() {
  checker_.at_rest();
  const call::Counters left = engine_->counters();
  std::string out;
  for (const std::string& problem : checker_.problems) out += problem + "\n";
  if (left.calls_kept != 0) out += "calls left: " + std::to_string(left.calls_kept) + "\n";
  if (left.transactions != 0)
    out += "transactions left: " + std::to_string(left.transactions) + "\n";
  if (left.calls_kept != 0 || left.transactions != 0) out += engine_->describe(now());
  for (const std::string& problem : sound_.problems) out += problem + "\n";
  if (sound_.open_streams() != 0)
    out += "streams left: " + std::to_string(sound_.open_streams()) + "\n";
  return out;
}

model::Office office_of_users(int users) {
  model::Office office;
  office.tenant = "office.example";
  for (int i = 1; i <= users; ++i) {
    model::User user;
    user.extension = std::to_string(100 + i);
    user.name = "User " + user.extension;
    user.sip_username = user.extension;
    user.sip_password = "pw" + user.extension;
    office.users.push_back(std::move(user));
  }
  return office;
}

model::Member member(const std::string& target) {
  model::Member made;
  made.target = target;
  return made;
}

model::Member member(const std::string& target, base::Duration after) {
  model::Member made = member(target);
  made.after = after;
  return made;
}

}  // namespace sim
