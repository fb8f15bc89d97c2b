#pragma once
// A prompt of the office, recorded by phone: the PIN of the caller's own mailbox, the number of the
// prompt, the recording, and his word that it is good. Only then it takes the place of the old one.
//
// The driver answers CheckPin by pin_right() or pin_wrong().

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "service/prompts.h"
#include "service/service.h"

namespace service {

class PromptRecord final : public Service {
 public:
  struct Settings {
    Voice voice;
    std::string file;  // where the recording goes until it is kept
  };
  explicit PromptRecord(Settings settings);

  void begin(base::Now now, Actions& out) override;
  void digit(char digit, base::Now now, Actions& out) override;
  void played(base::Now now, Actions& out) override;
  void recorded(const Recorded& recording, base::Now now, Actions& out) override;
  void time_reached(base::Now now, Actions& out) override;
  void hung_up(base::Now now, Actions& out) override;
  [[nodiscard]] std::optional<base::Instant> deadline() const override { return deadline_; }
  [[nodiscard]] bool done() const override { return state_ == State::Done; }

  void pin_right(base::Now now, Actions& out);
  void pin_wrong(bool too_early, base::Now now, Actions& out);

 private:
  enum class State : std::uint8_t {
    EnteringPin,
    Checking,
    EnteringNumber,
    Beeping,
    Recording,
    Closing,
    Reviewing,
    Parting,
    Done
  };

  void ask(State state, Sounds sounds, base::Now now, Actions& out);
  void ask_again(base::Now now, Actions& out);
  void entry_key(char digit, base::Now now, Actions& out);
  void entered(base::Now now, Actions& out);
  void announce_recording(base::Now now, Actions& out);
  void record(base::Now now, Actions& out);
  void close_recording(base::Now now, Actions& out);
  void review(base::Now now, Actions& out);
  void review_key(char digit, base::Now now, Actions& out);
  void part(Sounds sounds, base::Now now, Actions& out);
  void finish();

  Settings settings_;
  // What runs.
  State state_ = State::EnteringPin;
  bool caller_gone_ = false;
  std::string keyed_, number_;
  Sounds question_;
  std::uint32_t silences_ = 0, failures_ = 0;
  std::optional<base::Instant> deadline_;
};

}  // namespace service
