#pragma once
// The whole engine in a virtual world: its clock, its network, its phones, its administrator.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/rng.h"
#include "base/time.h"
#include "call/engine.h"
#include "call/settings.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "model/office.h"
#include "sim/checker.h"
#include "sim/network.h"
#include "sim/phone.h"
#include "sim/sound_room.h"

namespace sim {

class World {
 public:
  // Every random draw of the engine and the network comes from `seed`.
  World(model::Office office, std::uint64_t seed, call::Settings settings = {});
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // A phone of the user with this SIP username, at an address of its own; not registered yet.
  Phone& add_phone(const std::string& username);
  // An account that the office does not know, a trunk or a stranger.
  Phone& add_foreign(const Phone::Account& account, const base::Address& at);
  // Registers all phones and waits until they are.
  void register_all();

  void run_for(base::Duration duration);
  // Until nothing is due within `limit`, or the limit is reached. True if it came to rest.
  bool run_to_rest(base::Duration limit = base::Duration{4'000'000});
  // The administrator ends every call.
  void hang_up_all();
  // What the office orders over the API.
  call::CallOrdered originate(const std::string& user_id, const std::string& number);
  call::OrderOutcome pick_up(const std::string& call_id, const std::string& user_id);
  call::OrderOutcome transfer(const std::string& call_id, const call::TransferOrder& order);
  // Changes the office while calls run.
  void reconfigure(model::Office office);
  // Steps the wall clock; the monotonic one goes on.
  void jump_wall(base::Duration by) { wall_offset_ += by.count(); }
  // The process dies and a new one starts with what was durable: bindings, greetings, memory.
  void restart();
  // The engine is told how many messages wait in `mailboxes`.
  void count_messages();

  [[nodiscard]] base::Now now() const;
  [[nodiscard]] call::Engine& engine() { return *engine_; }
  [[nodiscard]] Scheduler& scheduler() { return scheduler_; }
  [[nodiscard]] Network& network() { return network_; }
  [[nodiscard]] Checker& checker() { return checker_; }
  [[nodiscard]] SoundRoom& sound() { return sound_; }
  [[nodiscard]] const base::Address& server() const { return server_; }
  [[nodiscard]] const model::Office& office() const { return office_; }
  [[nodiscard]] std::vector<std::unique_ptr<Phone>>& phones() { return phones_; }
  [[nodiscard]] const std::vector<facts::CallRecord>& records() const { return checker_.records; }
  // Problems of the checker, and what is left in an engine that should be at rest; one a line.
  [[nodiscard]] std::string verdict();

  std::vector<facts::Fact> facts;  // everything told, in order
  std::size_t wakes = 0;           // how often only time made the engine work
  // What is in the mailboxes, by model::MailboxRef::key(); nothing can be read when it is unset.
  std::optional<std::map<std::string, std::vector<facts::Message>>> mailboxes{std::in_place};
  bool takes_changes = true;  // the store works: codes from phones change the office

 private:
  void start_engine();
  void carry_out(call::Actions& actions);
  void keep(const facts::Fact& fact);
  void open(const call::OpenMailbox& wanted);
  void change(const call::ChangeOffice& wanted);
  void wake_up();

  // Owned.
  model::Office office_;
  call::Settings settings_;
  base::SplitMix rng_;
  Scheduler scheduler_;
  Network network_;
  Checker checker_;
  SoundRoom sound_;
  base::Address server_;
  std::unique_ptr<call::Engine> engine_;
  std::vector<std::unique_ptr<Phone>> phones_;
  // Plain state.
  std::optional<base::Instant> wake_;
  std::int64_t revision_ = 1;
  std::int64_t wall_offset_ = 1'790'000'000'000;  // some day in 2026
  std::uint16_t next_port_ = 20'000;
};

// Office of `tenant` office.example with users 101…100+n (password "pw<ext>"); groups are added by
// the test.
[[nodiscard]] model::Office office_of_users(int users);
[[nodiscard]] model::Member member(const std::string& target);
[[nodiscard]] model::Member member(const std::string& target, base::Duration after);

}  // namespace sim
