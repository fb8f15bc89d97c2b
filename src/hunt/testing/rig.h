#pragma once
// The bench of the hunt's tests: an office built in a few words, phones that behave as told, a
// virtual clock, and a log of what the hunt did: "10000 drop 101 timed_out".

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "hunt/hunt.h"
#include "hunt/memory.h"
#include "hunt/plan.h"
#include "hunt/view.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"

namespace hunt::testing {

using Log = std::vector<std::string>;

inline constexpr std::int64_t kNoon = 1'772'366'400'000;  // 2026-03-01T12:00:00Z, a Sunday

[[nodiscard]] base::Duration seconds(std::int64_t s);
// A member line that rings `target`.
[[nodiscard]] model::Member member(std::string target);
[[nodiscard]] model::Member member(std::string target, std::int64_t ring_for_s);
[[nodiscard]] model::Member nested(std::string group);
[[nodiscard]] model::User user(std::string extension);
// Members in a few words: "101 102:10 103@6 104@6:15 +48600 g:Inner" (@after, :for).
[[nodiscard]] std::vector<model::Member> members(const std::string& words);
[[nodiscard]] model::Group group(std::string name, model::Strategy strategy,
                                 const std::string& member_words);
// Users 101 to 110, a trunk, and the groups.
[[nodiscard]] model::Office office_with(std::vector<model::Group> groups);
[[nodiscard]] std::shared_ptr<const model::Snapshot> snapshot_of(model::Office office);

// What a phone does when its INVITE comes.
enum class Phone : std::uint8_t { Rings, Trying, Silent, Busy, Declines, Unreachable, Answers };

class Rig {
 public:
  // Everybody of the office has one device and no call.
  explicit Rig(model::Office office);

  // ---- the world ----
  std::map<std::string, Phone> phones;  // by target name; Rings otherwise
  std::map<std::string, bool> deaf;     // does not end its INVITE after a drop
  Presence presence;
  Settings settings;
  std::string caller_user;
  std::uint64_t seed = 1;
  // Changes the office as it holds now; the hunt keeps its own and hears Reconfigured.
  void reconfigure(model::Office office);

  // ---- the hunt ----
  void start_group(const std::string& name);
  void start(model::Step step);
  void start(Start start);
  // Lets time pass up to this moment (ms from the start).
  void until(std::int64_t ms);
  void ring(const std::string& target);
  void heard(const std::string& target);
  void answer(const std::string& target);
  void fail(const std::string& target, std::uint16_t code);
  void press(const std::string& target, char digit);
  void event(const Event& event);

  [[nodiscard]] Hunt& hunt() { return *hunt_; }
  [[nodiscard]] std::int64_t now_ms() const { return now_ms_; }
  [[nodiscard]] const model::Snapshot& snapshot() const { return *current_; }
  [[nodiscard]] base::Now now() const;
  // What the hunt did, without the telling of the caller and the notes.
  Log log;
  // When the caller was told.
  std::vector<std::int64_t> told;
  std::map<std::string, Memory> memory;  // by group id, kept from hunt to hunt
  // "101 round 1 stage 1 at 0 dialled 0 ringing 0 ended 10000 timed_out", one an attempt.
  [[nodiscard]] Log timeline();
  // Only the lines with this word.
  [[nodiscard]] Log lines(const std::string& word) const;
  std::map<std::string, std::optional<std::int64_t>> latest_end;  // of the last dial, ms

 private:
  class LiveView;
  struct Attempt {
    std::string target;
    bool open = true;
  };
  void carry_out(Actions& actions);
  void carry_out(const Action& action);
  void note(const std::string& text);
  void dialled(const Dial& dial);
  [[nodiscard]] AttemptId last(const std::string& target) const;
  [[nodiscard]] std::string name(AttemptId id) const;

  std::shared_ptr<const model::Snapshot> pinned_, current_;
  std::unique_ptr<LiveView> view_;
  std::unique_ptr<Hunt> hunt_;
  std::map<std::uint32_t, Attempt> attempts_;
  std::vector<Event> pending_;  // what phones answer, after the actions are carried out
  std::int64_t now_ms_ = 0;

 public:
  ~Rig();
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;
};

}  // namespace hunt::testing
