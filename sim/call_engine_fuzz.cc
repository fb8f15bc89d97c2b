// The whole engine under datagrams that phones and callers could send, in any order and at any time
// (sim/hostile.h), with an administrator who changes things meanwhile.
//
// Promises, after everybody has fallen silent for half a day: the engine is empty; each call that
// arrived left exactly one record; each INVITE that came has exactly one final response; and what
// sim::Checker sees on the wire (each leg its ACK, its BYE, one CANCEL after a provisional…). Once
// a damaged message was delivered, or somebody behaved as no phone may, the wire is no longer
// judged.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/overloaded.h"
#include "base/rng.h"
#include "base/time.h"
#include "call/engine.h"
#include "call/settings.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "sim/checker.h"
#include "sim/hostile.h"
#include "sim/text.h"
#include "sim/world.h"

namespace {

using sim::Bytes;
using sim::Hostile;
using sim::Party;
using sim::Text;

constexpr std::size_t kStepsMax = 120;
constexpr int kWakesMax = 200'000;
constexpr base::Duration kSilence{12 * 3'600'000};
constexpr std::int64_t kWall = 1'790'000'000'000;

model::Group group_of(const char* number, model::Strategy strategy,
                      std::initializer_list<const char*> members) {
  model::Group group;
  group.name = std::string{"Group "} + number;
  group.extensions = {number};
  group.strategy = strategy;
  for (const char* target : members) {
    group.members.push_back(sim::member(target));
    group.members.back().ring_for = base::Duration{10'000};
  }
  return group;
}

// 101 to 103 have phones, 104 and 105 call; a group of each kind that behaves otherwise.
model::Office small_office() {
  model::Office out = sim::office_of_users(5);
  out.max_hunt = base::Duration{120'000};
  out.trunks.emplace_back().name = "carrier";
  out.trunks.back().uri = "sip:10.9.0.1:5060";
  out.users[2].forward.no_answer = {"101", base::Duration{4'000}};
  out.groups.push_back(group_of("600", model::Strategy::RingAll, {"101", "102", "103"}));
  out.groups.push_back(group_of("601", model::Strategy::Sequential, {"101", "102"}));
  out.groups.back().finally.any = {model::DestinationKind::User, "103"};
  out.groups.push_back(group_of("602", model::Strategy::Staggered, {"101", "+48600100200"}));
  out.groups.back().repeat = 0;
  out.groups.back().prevent_missed_calls = true;
  out.groups.push_back(group_of("603", model::Strategy::Sequential, {"103", "101"}));
  out.groups.back().follow_forwards = true;
  out.groups.back().decline = model::Decline::Group;
  out.groups.back().members.push_back(sim::member("Group 600"));
  out.groups.back().members.back().is_group = true;
  return out;
}

class World {
 public:
  explicit World(Bytes bytes)
      : bytes_(bytes),
        everybody_(bytes_),
        rng_(7),
        office_(small_office()),
        engine_(settings(), rng_, snapshot()) {
    base::Flow listener;
    listener.local = *base::Address::parse(Hostile::kServer);
    engine_.listening({listener});
    for (std::size_t i = 0; i < Hostile::kPhones; ++i) restore(everybody_.parties()[i]);
  }

  void live() {
    for (std::size_t i = 0; i < kStepsMax && !bytes_.empty(); ++i) happen();
    advance(kSilence);
  }

  [[nodiscard]] std::string broken() {
    const call::Counters left = engine_.counters();
    std::string out;
    if (left.calls_kept + left.calls_active + left.transactions > 0)
      out += "not empty:\n" + engine_.describe(now());
    if (left.bugs > 0) out += "bugs counted\n";
    for (const auto& [id, records] : records_)
      if (records != 1) out += std::to_string(records) + " records of call " + id + "\n";
    if (unclear_ || everybody_.unclear()) return out;
    for (const auto& [key, finals] : finals_)
      if (finals.size() != 1) out += std::to_string(finals.size()) + " finals to " + key + "\n";
    checker_.at_rest();
    for (const std::string& problem : checker_.problems) out += problem + "\n";
    return out;
  }

 private:
  static call::Settings settings() {
    call::Settings out;
    out.trusted = {*base::Cidr::parse("10.0.1.4/31")};
    out.media.available = true;  // nobody answers what it says: streams that are dead all along
    out.media.first_port = 30'000;
    out.media.last_port = 30'099;
    return out;
  }
  [[nodiscard]] std::shared_ptr<const model::Snapshot> snapshot() {
    model::BuildOptions options;
    options.revision = ++revision_;
    return model::Snapshot::build(office_, options);
  }
  [[nodiscard]] base::Now now() const {
    return {at_, base::WallTime{kWall + at_.time_since_epoch().count()}};
  }

  void restore(const Party& party) {
    facts::Binding binding;
    binding.user_id = party.user;
    binding.username = party.user;
    binding.contact = "<" + Hostile::contact(party) + ">";
    binding.call_id = "r" + party.user;
    binding.flow = party.flow;
    binding.expires_at = base::WallTime{kWall + 3'600'000};
    engine_.restore(binding, now());
  }

  void happen() {
    const std::size_t what = bytes_.below(16);
    if (what < 2) return wait();
    if (what == 2) return administer();
    const auto said = everybody_.say(at_);
    if (!said.has_value()) return;
    if (said->whole) {
      const Text text = Text::parse(said->bytes);
      if (text.is_request() && text.method() == "INVITE") finals_[key_of(text)];
      checker_.engine_got(text, at_);
    } else {
      unclear_ = true;
    }
    call::Actions out;
    engine_.receive(everybody_.parties()[said->from].flow, said->bytes, now(), out);
    carry_out(out);
  }

  void wait() {
    static constexpr std::array<std::int64_t, 16> kSteps{
        1,     10,     100,    500,    1'000,  2'000,  3'000,  4'000,
        6'000, 10'000, 15'000, 20'000, 31'999, 32'000, 64'000, 200'000};
    advance(base::Duration{bytes_.one_of(kSteps)});
  }

  void administer() {
    call::Actions out;
    switch (bytes_.below(7)) {
      case 0:
        office_.users.at(bytes_.below(3)).enabled ^= true;
        break;
      case 1:
        office_.groups.at(bytes_.below(4)).members.front().logged_in ^= true;
        break;
      case 2:
        office_.users.at(bytes_.below(3)).do_not_disturb ^= true;
        break;
      case 3: {
        unclear_ = true;  // what still comes from there is a stranger's to the engine
        const auto& parties = everybody_.parties();
        engine_.transport_failed(parties[bytes_.below(parties.size())].flow, now(), out);
        return carry_out(out);
      }
      case 4: {
        const std::vector<call::LiveCall> calls = engine_.calls(now());
        if (!calls.empty())
          (void)engine_.hang_up(calls[bytes_.below(calls.size())].record.id, now(), out);
        return carry_out(out);
      }
      case 5:
        engine_.drain(now(), out);
        return carry_out(out);
      default:
        engine_.end_all(now(), out);
        return carry_out(out);
    }
    engine_.reconfigure(snapshot(), now(), out);
    carry_out(out);
  }

  void advance(base::Duration by) {
    const base::Instant until = at_ + by;
    for (int wakes = 0;; ++wakes) {
      const auto due = engine_.deadline();
      if (!due.has_value() || *due > until) break;
      if (wakes > kWakesMax) {
        (void)std::fprintf(stderr, "it never sleeps: %lld ms, due %lld ms\n%s",
                           static_cast<long long>(at_.time_since_epoch().count()),
                           static_cast<long long>(due->time_since_epoch().count()),
                           engine_.describe(now()).c_str());
        std::abort();
      }
      at_ = std::max(at_, *due);
      call::Actions out;
      engine_.time_reached(now(), out);
      carry_out(out);
    }
    at_ = until;
  }

  void carry_out(call::Actions& actions) {
    std::vector<std::uint64_t> lookups;
    std::vector<call::OpenMailbox> opened;
    std::vector<std::uint64_t> changes;
    for (const call::Action& action : actions) {
      std::visit(
          base::Overloaded{[&](const call::Send& out) { sent(out); },
                           [&](const call::Tell& out) { told(out.fact); },
                           [&](const call::Resolve& out) { lookups.push_back(out.token); },
                           [](const call::CloseConnection&) {}, [](const call::Media&) {},
                           [](const call::LegBegan&) {},
                           [&](const call::OpenMailbox& out) { opened.push_back(out); },
                           [&](const call::ChangeOffice& out) { changes.push_back(out.token); }},
          action);
    }
    for (const call::OpenMailbox& wanted : opened) {
      call::Actions more;
      engine_.mailbox_opened(wanted.token, std::vector<facts::Message>(1), now(), more);
      carry_out(more);
    }
    for (const std::uint64_t token : changes) {
      call::Actions more;
      engine_.office_changed(token, static_cast<call::ChangeOutcome>(token % 3), now(), more);
      carry_out(more);
    }
    for (const std::uint64_t token : lookups) {
      call::Actions more;
      engine_.resolved(token, {}, now(), more);
      carry_out(more);
    }
  }

  static std::string key_of(const Text& invite) {
    return invite.get("Call-ID") + " " + invite.get("CSeq") + " " + invite.branch();
  }

  void sent(const call::Send& out) {
    Text text = Text::parse(*out.bytes);
    checker_.engine_sent(text, at_);
    const auto asked = finals_.find(key_of(text));
    if (text.code() >= 200 && asked != finals_.end()) asked->second.insert(text.code());
    everybody_.hear(out.flow.peer, std::move(text), at_);
  }

  void told(const facts::Fact& fact) {
    checker_.told(fact, at_);
    if (const auto* arrived = std::get_if<facts::CallArrived>(&fact)) records_[arrived->record.id];
    if (const auto* ended = std::get_if<facts::CallEnded>(&fact)) ++records_[ended->record.id];
  }

  Bytes bytes_;
  Hostile everybody_;
  base::SplitMix rng_;
  model::Office office_;
  std::int64_t revision_ = 0;
  call::Engine engine_;
  sim::Checker checker_;
  std::map<std::string, int> records_;           // by call
  std::map<std::string, std::set<int>> finals_;  // to each INVITE that came whole
  base::Instant at_{};
  bool unclear_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  World world{Bytes{std::span{data, size}}};
  world.live();
  const std::string broken = world.broken();
  if (broken.empty()) return 0;
  (void)std::fprintf(stderr, "broken promise: %s\n", broken.c_str());
  std::abort();
}
