#pragma once
// The question of rule 9: the member who lifted hears who calls and says by a key what is to
// happen.
//
// 1 takes the call, 2 sends it to the mailbox (where that is offered), 3 declines, # says it again.
// Keys of the first 500 ms do not count; without a key 15 s after his answer he has not confirmed.
// The result is the action Confirmed, once, unless he hung up; then the hunt joins or ends the leg.
// Who is asked while somebody else gets the call hears that (too_late()) and is hung up within 5 s.

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "facts/media.h"
#include "service/prompts.h"
#include "service/service.h"

namespace service {

class Confirm final : public Service {
 public:
  struct Settings {
    Voice voice;
    std::string caller_number;                // said digit by digit; empty: unknown
    std::optional<facts::Sound> caller_name;  // said instead, where there is a recording
    std::string called_number;                // "for …"; empty: not said
    std::optional<facts::Sound> called_name;
    bool mailbox_offered = false;
  };
  explicit Confirm(Settings settings);

  // At the moment of his answer.
  void begin(base::Now now, Actions& out) override;
  void digit(char digit, base::Now now, Actions& out) override;
  void played(base::Now now, Actions& out) override;
  void recorded(const Recorded& recording, base::Now now, Actions& out) override;
  void time_reached(base::Now now, Actions& out) override;
  void hung_up(base::Now now, Actions& out) override;
  // Somebody else has the caller, or he has gone to the mailbox.
  void too_late(base::Now now, Actions& out);
  [[nodiscard]] std::optional<base::Instant> deadline() const override;
  [[nodiscard]] bool done() const override { return state_ == State::Done; }

 private:
  enum class State : std::uint8_t { Asking, TellingTooLate, Done };

  void ask(Actions& out) const;
  void finish(Confirmation result, Actions& out);

  Settings settings_;
  // What runs.
  State state_ = State::Asking;
  base::Instant keys_count_from_{};
  std::optional<base::Instant> deadline_;
};

}  // namespace service
