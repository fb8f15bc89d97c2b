#pragma once
// A caller leaves a message: greeting, tone, recording, thanks.
//
// # during the greeting goes to the tone at once, # during the recording ends it. The recording
// also ends by itself after `longest`, after `silence` of nothing said, and when the caller hangs
// up. What is shorter than `shortest` (silence at the end not counted) is not kept.

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "service/prompts.h"
#include "service/service.h"

namespace service {

class MailboxLeave final : public Service {
 public:
  struct Settings {
    Voice voice;
    std::string mailbox;  // as MessageLeft names it
    std::string file;     // where the recording goes
    Sounds greeting;      // its own; empty: the default one
    std::string person;   // extension, for the default greeting; empty: a general mailbox
    bool full = false;    // no room for one more message
    base::Duration longest{180'000};
    base::Duration silence{8'000};
    base::Duration shortest{1'000};
  };
  explicit MailboxLeave(Settings settings);

  void begin(base::Now now, Actions& out) override;
  void digit(char digit, base::Now now, Actions& out) override;
  void played(base::Now now, Actions& out) override;
  void recorded(const Recorded& recording, base::Now now, Actions& out) override;
  void time_reached(base::Now now, Actions& out) override;
  void hung_up(base::Now now, Actions& out) override;
  [[nodiscard]] std::optional<base::Instant> deadline() const override;
  [[nodiscard]] bool done() const override { return state_ == State::Done; }

 private:
  enum class State : std::uint8_t { Greeting, Beeping, Recording, Closing, Parting, Done };

  [[nodiscard]] Sounds greeting() const;
  void record(base::Now now, Actions& out);
  void close_recording(base::Now now, Actions& out);
  // Keeps or drops what was recorded; true if it is kept.
  [[nodiscard]] bool keep(const Recorded& recording, Actions& out) const;
  void part_with(Prompt last_word, base::Now now, Actions& out);
  void finish(Actions& out);

  Settings settings_;
  // What runs.
  State state_ = State::Greeting;
  bool caller_gone_ = false;
  base::Instant recording_since_{};
  std::optional<base::Instant> deadline_;
};

}  // namespace service
