#pragma once
// The inside of hunt::Hunt: runs, slots and legs.
//
// A *run* is one plan on its clock: the root, and one for each nested group that rings (rule 11). A
// *slot* is one ring of a run's stage. A *leg* is one device being rung; slots hold legs, so that
// several ways to one device ring it once (rule 4). A leg that no slot holds is dropped at the end
// of the step, unless it stays in the air by rule 3 or is being asked (rule 9).

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "facts/call_record.h"
#include "hunt/hunt.h"
#include "hunt/plan.h"
#include "hunt/strategies.h"
#include "hunt/verdict.h"
#include "hunt/view.h"

namespace hunt::detail {

inline constexpr base::Duration kRoundsApart{2'000};   // rule 5
inline constexpr base::Duration kTellAtLatest{3'000};  // rule 5
inline constexpr base::Duration kTellAgain{60'000};    // rule 5, RFC 3261 13.3.1.1
inline constexpr base::Duration kSetUpMax{20'000};     // rule 1, timer_from: ringing
inline constexpr base::Duration kConfirmIn{15'000};    // rule 9
inline constexpr base::Duration kKeysIgnoredFor{500};  // rule 9
inline constexpr int kDiversionsMax = 5;               // rule 14

using LegIndex = std::uint32_t;
using RunIndex = std::uint32_t;
inline constexpr std::uint32_t kNone = UINT32_MAX;

enum class LegPhase : std::uint8_t {
  Dialling,  // no response yet
  Trying,    // a 1xx, no 18x
  Ringing,
  Dead,      // no response in time: in the air, but not counted (rule 3)
  Asking,    // it answered and is asked to confirm
  Joined,    // it listens to a page, or it won
  Stopping,  // dropped; its INVITE may still be open
  Closed
};

// What is remembered of the groups that led to a leg, for the answer.
struct Credit {
  std::string group_id, member;
};

struct Leg {
  AttemptId id{};
  std::uint32_t key = kNone;  // into keys_
  LegPhase phase = LegPhase::Dialling;
  StopReason stopped{};  // frozen when Stopping
  bool foreign = false;  // a device that an earlier hunt of the call left open
  bool heard = false;    // any response came
  bool rang = false;
  bool confirm = false;  // it will be asked
  bool confirm_outside = false;
  bool unasked = false;  // it should be, but that is not available
  bool through_trunk = false;
  bool floating = false;  // rings without a slot until `until` (rule 3)
  std::uint32_t holders = 0;
  base::Instant dialled{};
  base::Instant rang_at{};
  base::Instant asked_at{};
  base::Instant until{};         // the latest end of its slots when it was found dead
  std::unique_ptr<Ring> ring{};  // how it was reached, without what is nested; freed at the end
  std::vector<Credit> credits{};
};

enum class SlotState : std::uint8_t {
  ToCome,
  Live,  // it counts as ringing
  Idle,  // it holds a leg that does not count: dead, or a device that is still open
  Over
};

struct Slot {
  const Ring* ring = nullptr;  // of the plan, or `detour`
  SlotState state = SlotState::ToCome;
  Skip skipped = Skip::None;
  LegIndex leg = kNone;
  RunIndex child = kNone;
  base::Instant start{};
  std::optional<base::Instant> end{};         // absent: to the end of the stage
  std::optional<base::Instant> counted_to{};  // how long a device that is still open is waited for
  std::optional<base::Instant> divert_at{};   // forward.no_answer falls due (follow_forwards)
  std::unique_ptr<Ring> detour{};             // where a forward led
  int diversions = 0;
};

struct Run {
  const Plan* plan = nullptr;
  std::unique_ptr<Plan> own{};  // written anew for a later round of a nested group
  RunIndex parent = kNone;
  std::size_t parent_slot = 0;
  std::uint32_t round = 1;
  std::uint32_t stage = 0;
  base::Instant round_began{};
  base::Instant stage_began{};
  std::optional<base::Instant> stage_end{};
  std::optional<base::Instant> next_round{};  // between two rounds
  bool heard_ringing = false;                 // an 18x in this round
  bool told_memory = false;                   // RoundBegan of this round
  bool over = false;
  std::vector<Slot> slots{};
};

// One device or person of the call, over all attempts.
struct Key {
  std::string text;
  LastResult last = LastResult::NotReached;
  Skip last_skip = Skip::None;
  std::uint32_t seen_in_round = 0;
};

// What one step works with.
struct Turn {
  const View& view;
  base::Now now;
  Actions& out;
  std::vector<Dial> dials{};  // sent after the drops of the same moment
};

class Machine {
 public:
  Machine(Start start, Settings settings);

  void begin(Turn& turn);
  void time_reached(Turn& turn);
  void heard(AttemptId attempt);
  void ringing(AttemptId attempt, Turn& turn);
  void answered(const AttemptAnswered& event, Turn& turn);
  void failed(const AttemptFailed& event, Turn& turn);
  void key_pressed(const KeyPressed& event, Turn& turn);
  void caller_hung_up(bool elsewhere, Turn& turn);
  void reconfigured(Turn& turn);
  void user_free(std::string_view user_id, Turn& turn);
  void device_registered(std::string_view user_id, Turn& turn);
  void device_closed(std::string_view key, Turn& turn);
  void taken(Stopped why, Turn& turn);

  [[nodiscard]] std::optional<base::Instant> deadline() const;
  [[nodiscard]] bool between_rounds() const;
  [[nodiscard]] bool is_last_ring(AttemptId attempt) const;
  [[nodiscard]] std::vector<std::string> open_devices() const;
  [[nodiscard]] std::size_t open() const;
  [[nodiscard]] std::string describe(base::Instant now) const;

  // Plain state that the facade shows.
  Phase phase = Phase::Hunting;
  std::vector<facts::Attempt> attempts;
  facts::PlanStory story;
  std::vector<std::string> declined;  // sorted
  std::optional<base::Instant> told_at;
  std::optional<base::Instant> limit_at;
  std::uint32_t round = 1, stage = 1;  // of the root, from 1
  Policy policy;

 private:
  // machine.cc
  void legs_in_time(Turn& turn);
  void found_dead(LegIndex leg);
  [[nodiscard]] base::Instant dead_at(const Leg& leg) const;
  [[nodiscard]] std::optional<base::Instant> deadline_of(const Leg& leg) const;
  void drop_unheld(Turn& turn);
  void settle(Turn& turn);
  void win(LegIndex leg, Turn& turn);
  void join_page(LegIndex leg, Turn& turn);
  void send_to_mailbox(LegIndex leg, Turn& turn);
  void finish(Stopped why, Turn& turn);
  void release_plan();
  void tell_caller(Turn& turn);
  void drop_all(Stopped why, LegIndex but, Turn& turn);
  [[nodiscard]] PlanInput input_of(const Turn& turn, std::uint32_t for_round) const;

  // runs.cc
  void write_round(Turn& turn);
  void begin_round(RunIndex run, Turn& turn);
  void begin_stage(RunIndex run, Turn& turn);
  void end_stage(RunIndex run, Turn& turn);
  void run_on(RunIndex run, Turn& turn);
  bool run_stage(RunIndex run, Turn& turn);
  void ring_in_stage(RunIndex run, Turn& turn);
  void slots_in_time(RunIndex run, Turn& turn);
  bool bring_forward(Run& run, base::Instant now);
  void start_slot(RunIndex run, std::size_t slot, Turn& turn);
  void start_group(RunIndex run, std::size_t slot, Turn& turn);
  void hold(RunIndex run, std::size_t slot, Turn& turn);
  bool divert(RunIndex run, std::size_t slot, const std::optional<Target>& to, Turn& turn);
  void leave(Slot& slot, Turn& turn);
  void close_child(RunIndex child, Turn& turn);
  void remember_round(RunIndex run, std::size_t slot, Turn& turn);
  [[nodiscard]] bool counts(const Slot& slot) const;
  [[nodiscard]] std::optional<base::Instant> end_of(const Run& run, const Slot& slot) const;
  [[nodiscard]] std::vector<std::string> way_to(RunIndex run) const;

  // legs.cc
  LegIndex dial(RunIndex run, std::size_t slot, Turn& turn);
  void drop(LegIndex leg, Stopped why, Turn& turn);
  void close(LegIndex leg, Turn& turn);
  void unblock(LegIndex leg, Turn& turn);
  void slots_after_failure(LegIndex leg, Failure failure, Turn& turn);
  void mark_slots(LegIndex leg, SlotState from, SlotState to);
  void reconsider(Turn& turn);
  [[nodiscard]] LegIndex leg_of(AttemptId attempt) const;
  [[nodiscard]] LegIndex open_leg(std::uint32_t key) const;
  [[nodiscard]] std::uint32_t key_index(const std::string& text);
  [[nodiscard]] std::vector<Credit> credits_of(RunIndex run, std::size_t slot) const;

  // timeline.cc
  AttemptId note_dialled(const Run& run, const Slot& slot, Turn& turn);
  void note_skipped(const Run& run, const Slot& slot, Turn& turn);
  void note_ended(AttemptId id, facts::AttemptResult result, std::string why, Turn& turn);
  void note_not_reached();
  void not_reached(const Ring& ring, std::uint32_t in_stage, base::Instant at);
  [[nodiscard]] facts::Attempt* entry(AttemptId id);
  [[nodiscard]] std::int64_t ms(base::Instant at) const;

  // lookahead.cc
  [[nodiscard]] std::optional<base::Instant> latest_end(LegIndex leg) const;
  [[nodiscard]] std::optional<base::Instant> bound_to_come(const Run& run, const Slot& slot,
                                                           const Target& target) const;
  [[nodiscard]] std::optional<base::Instant> held_to(LegIndex leg) const;
  [[nodiscard]] std::optional<base::Instant> slot_bound(const Run& run, const Slot& slot) const;

  // Given to us.
  Start start_;
  Settings settings_;
  // Owned.
  std::unique_ptr<Plan> plan_;
  std::vector<std::unique_ptr<Run>> runs_;  // 0 is the root; null: closed
  std::vector<Leg> legs_;
  std::vector<Key> keys_;
  // Plain state.
  base::Instant entered_{};
  std::uint32_t next_attempt_ = 0;
  std::uint32_t listeners_ = 0;  // of a page
};

}  // namespace hunt::detail
