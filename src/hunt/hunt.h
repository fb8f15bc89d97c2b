#pragma once
// One run of one plan for one caller (docs/hunting.md). Pure: no clock, no I/O, no log, no random
// source of its own.
//
//   begin(view, now, out)        the first actions; once, when the call arrives
//   step(event, view, now, out)  what follows from an event; actions are appended to `out`
//   deadline()                   when to call step(TimeReached{}, …) at the latest
//
// The caller's one rule: carry out all actions in their order before the next step. `now` never
// goes backwards.
//
// After every Ring{a} the hunt hears exactly once how the device's INVITE ended, also when it was
// dropped meanwhile: AttemptAnswered{a} (a 200, also one that crossed a CANCEL), or
// AttemptFailed{a} (any other end: final failure, 487, transaction timeout, BYE of a leg that was
// being asked). Until then the device counts as open and is not dialled again (rules 3 and 4).
//
// After End, Connect or SendToMailbox the hunt lives on for late answers (rule 6): keep feeding it
// AttemptAnswered and AttemptFailed until open() is 0; when the caller has meanwhile been connected
// elsewhere, was taken by a service or got his final answer, say so first (TakenElsewhere,
// ServiceTook, CallerAnswered). A hunt that nobody has told so answers a late AttemptAnswered with
// Connect: the call then tells its other hunts TakenElsewhere.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "facts/call_record.h"
#include "hunt/memory.h"
#include "hunt/plan.h"
#include "hunt/verdict.h"
#include "hunt/view.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"

namespace hunt {

// Also the place in attempts().
enum class AttemptId : std::uint32_t {};

// ---- events --------------------------------------------------------------------------------
// The first response of any kind, 100 included (rule 3). May be left out before AttemptRinging and
// AttemptAnswered.
struct AttemptHeard {
  AttemptId attempt{};
};
// 180, or 183 with SDP. Repeats do no harm.
struct AttemptRinging {
  AttemptId attempt{};
};
struct AttemptAnswered {
  AttemptId attempt{};
  bool outside = false;  // a 302 led to the telephone network (rule 14)
};
struct AttemptFailed {
  AttemptId attempt{};
  Failure failure = Failure::Unreachable;
  std::uint16_t code = 0;  // for `why`; 0 = no answer at all
};
// A key of a leg that is being asked (rule 9).
struct KeyPressed {
  AttemptId attempt{};
  char digit = 0;
};
struct CallerHungUp {
  bool elsewhere = false;  // his CANCEL or BYE carried SIP cause=200 (rule 7)
};
// A new configuration holds: whoever left stops ringing (rule 10).
struct Reconfigured {};
// A call of this user ended: he may join late (rule 10).
struct UserFree {
  std::string user_id{};
};
// A device of this user registered that was not there (rule 10).
struct DeviceRegistered {
  std::string user_id{};
};
// The device of Start::open_elsewhere is no longer open.
struct DeviceClosed {
  std::string key{};
};
// A person has the caller: pickup, transfer, or another hunt of the same call won.
struct TakenElsewhere {};
// A mailbox, menu or announcement has the caller.
struct ServiceTook {};
// The caller got a final answer that is no 200, or the server ended the call.
struct CallerAnswered {};
struct TimeReached {};
using Event = std::variant<AttemptHeard, AttemptRinging, AttemptAnswered, AttemptFailed, KeyPressed,
                           CallerHungUp, Reconfigured, UserFree, DeviceRegistered, DeviceClosed,
                           TakenElsewhere, ServiceTook, CallerAnswered, TimeReached>;

// ---- actions -------------------------------------------------------------------------------
// Dial all devices of the target.
struct Dial {
  AttemptId attempt{};
  Target target{};
  std::optional<base::Instant> latest_end{};  // for Expires (sip.md 4.1); absent = unbounded
  bool through_trunk = false;
  bool confirm = false;          // it will be asked; false also where confirming is not available
  bool confirm_outside = false;  // it will be when a 302 leads outside
  bool timer_from_ringing = false;  // Expires gets 60 s more
  bool auto_answer = false;         // page
  bool follow_forwards = false;     // a 302 is followed (rule 14)
  base::Duration late{};            // after the moment for which it stood in the plan
};
// Stop it: CANCEL while it rings (after the first 1xx), BYE once it answered; `why` is frozen.
struct Drop {
  AttemptId attempt{};
  StopReason why = StopReason::TimedOut;
};
// New devices of its user join for the time that remains; the same device is not forked again.
struct AddDevices {
  AttemptId attempt{};
  std::optional<base::Instant> latest_end{};
};
struct TellCallerRinging {};
// Join caller and callee. All others are dropped by the actions that follow.
struct Connect {
  AttemptId attempt{};
};
// A page: one more listener.
struct JoinPage {
  AttemptId attempt{};
};
// It answered: tell who calls, ask for a key (rule 9).
struct AskConfirmation {
  AttemptId attempt{};
  bool mailbox_offered = false;
};
struct RepeatQuestion {
  AttemptId attempt{};
};
// It is in the menu and somebody else has the caller: say so, then end it with `why`.
struct TellTooLate {
  AttemptId attempt{};
  StopReason why = StopReason::CompletedElsewhere;
};
// Key 2: the caller goes to this mailbox. The hunt has ended, as by a person.
struct SendToMailbox {
  AttemptId attempt{};
  model::Destination mailbox{};
};
// Change what the group remembers.
struct Remember {
  std::string group_id{};
  MemoryChange change{};
};
enum class Moment : std::uint8_t { Dialled, Ringing, Ended };
// The entry of the timeline changed: see attempt(id). Ended may come twice: a late answer turns
// timed_out into won.
struct Note {
  AttemptId attempt{};
  Moment moment = Moment::Ended;
  base::Duration late{};  // Dialled: as Dial::late
};
// Nobody answered (rule 8). All legs are dropped by the actions before.
struct End {
  model::EndClass end = model::EndClass::Unreachable;
  bool declined_by_group = false;  // decline: group ended it; `end` is then Declined
  bool page_over = false;          // the time to join a page is over and somebody listens
};
using Action =
    std::variant<Dial, Drop, AddDevices, TellCallerRinging, Connect, JoinPage, AskConfirmation,
                 RepeatQuestion, TellTooLate, SendToMailbox, Remember, Note, End>;
using Actions = std::vector<Action>;

// ---- how to begin --------------------------------------------------------------------------
struct Settings {
  base::Duration dead{3'000};  // rule 3
  base::Duration dead_trunk{6'000};
  bool confirm_available = false;  // false: a ring with confirm connects on answer
  bool page_available = false;     // a page is a ring_all that connects the first until then
};

struct Start {
  model::Step step{};
  std::shared_ptr<const model::Snapshot> snapshot{};  // the call's
  base::Instant origin{};     // the call's INVITE: the `*_ms` of the timeline count from here
  std::uint64_t seed = 0;     // the call's
  std::string caller_user{};  // id of the authenticated caller, or empty
  // When an earlier hunt of the call last told the caller that it rings (told_ringing_at()).
  std::optional<base::Instant> told_ringing_at{};
  bool told_ringing = false;                  // he was told, nobody knows when: counts as just now
  std::vector<std::string> declined{};        // Hunt::declined() of the earlier hunts
  std::vector<std::string> open_elsewhere{};  // Hunt::open_devices() of the earlier hunts
};

namespace detail {
class Machine;
}

// Where the hunt stands, for the record ("the caller hung up in round 2, stage 1") and for tests.
enum class Phase : std::uint8_t { Hunting, Connected, Ended, CallerGone, Taken };

class Hunt final {
 public:
  Hunt(Start start, Settings settings);
  ~Hunt();
  Hunt(const Hunt&) = delete;
  Hunt& operator=(const Hunt&) = delete;
  Hunt(Hunt&&) = delete;
  Hunt& operator=(Hunt&&) = delete;

  void begin(const View& view, base::Now now, Actions& out);
  void step(const Event& event, const View& view, base::Now now, Actions& out);
  // Nothing when only events from outside can move it.
  [[nodiscard]] std::optional<base::Instant> deadline() const;

  [[nodiscard]] Phase phase() const;
  [[nodiscard]] std::uint32_t round() const;  // from 1
  [[nodiscard]] std::uint32_t stage() const;  // from 1
  // True in the pause before the next round (rule 5).
  [[nodiscard]] bool between_rounds() const;
  // When this ends at the latest by the plan's limit.
  [[nodiscard]] std::optional<base::Instant> limit() const;
  // True when no other ring can come after this one: no other live or planned ring, stage or round
  // (sip.md 4.5: only then a member's own early media may reach the caller).
  [[nodiscard]] bool is_last_ring(AttemptId attempt) const;
  [[nodiscard]] std::optional<base::Instant> told_ringing_at() const;

  // Attempts whose INVITE is still open, and their targets' keys (for the next hunt of the call).
  [[nodiscard]] std::size_t open() const;
  [[nodiscard]] std::vector<std::string> open_devices() const;
  // Keys of who declined in this call so far, those of Start included.
  [[nodiscard]] const std::vector<std::string>& declined() const;

  // The plan of the first round: stages, rounds, repeat_from, limit_ms, skipped.
  [[nodiscard]] const facts::PlanStory& plan() const;
  // The timeline so far; `contacts` are the caller's to fill in.
  [[nodiscard]] const std::vector<facts::Attempt>& attempts() const;
  [[nodiscard]] std::vector<facts::Attempt>& attempts();
  // Null for one that is not kept (beyond kAttemptsKept).
  [[nodiscard]] facts::Attempt* attempt(AttemptId attempt);

  // Moves plan and timeline out and frees what is left of the plan. After the answer or the end;
  // late answers still work.
  struct Story {
    facts::PlanStory plan;
    std::vector<facts::Attempt> attempts;
  };
  [[nodiscard]] Story take_story();
  // One line a leg and a run: for the debug page and for tests.
  [[nodiscard]] std::string describe(base::Instant now) const;

 private:
  std::unique_ptr<detail::Machine> machine_;
};

// A timeline longer than this (a hunt that repeats forever over busy phones) keeps its first
// entries; later attempts ring but are not written down.
inline constexpr std::size_t kAttemptsKept = 1'000;

}  // namespace hunt
