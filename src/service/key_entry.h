#pragma once
// Asks for something by keys, such as the extension and the PIN of `*70`, and says what came of it.
//
// The questions are asked one after another; each answer ends with # or 5 s after the last key, *
// starts it over. When all are there they go out as Keyed, and the driver says accepted() or
// refused() with what is to be said. After a refusal with `again` the questions come once more,
// three times in all.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "facts/media.h"
#include "service/service.h"

namespace service {

class KeyEntry final : public Service {
 public:
  struct Settings {
    std::vector<facts::Sound> questions;
    facts::Sound goodbye;
    std::vector<std::string> known;  // answers to the first questions, which are not asked then
  };
  explicit KeyEntry(Settings settings);

  void begin(base::Now now, Actions& out) override;
  void digit(char digit, base::Now now, Actions& out) override;
  void played(base::Now now, Actions& out) override;
  void recorded(const Recorded& recording, base::Now now, Actions& out) override;
  void time_reached(base::Now now, Actions& out) override;
  void hung_up(base::Now now, Actions& out) override;
  void accepted(Sounds said, base::Now now, Actions& out);
  void refused(Sounds said, bool again, base::Now now, Actions& out);
  [[nodiscard]] std::optional<base::Instant> deadline() const override { return deadline_; }
  [[nodiscard]] bool done() const override { return state_ == State::Done; }

 private:
  enum class State : std::uint8_t { Asking, Judging, Parting, Done };

  void start(Sounds before, base::Now now, Actions& out);
  void ask(Sounds before, base::Now now, Actions& out);
  void answer(base::Now now, Actions& out);
  void part(Sounds said, base::Now now, Actions& out);
  void finish();

  Settings settings_;
  // What runs.
  State state_ = State::Asking;
  std::vector<std::string> answers_;
  std::string keyed_;
  std::uint32_t silences_ = 0;
  std::uint32_t refusals_ = 0;
  std::optional<base::Instant> deadline_;
};

}  // namespace service
