#pragma once
// The caller hears himself: to learn how his phone sounds, and how long the way is. # ends it, and
// so do ten minutes.

#include <cstdint>
#include <optional>

#include "base/time.h"
#include "service/prompts.h"
#include "service/service.h"

namespace service {

class Echo final : public Service {
 public:
  explicit Echo(Voice voice);

  void begin(base::Now now, Actions& out) override;
  void digit(char digit, base::Now now, Actions& out) override;
  void played(base::Now now, Actions& out) override;
  void recorded(const Recorded& recording, base::Now now, Actions& out) override;
  void time_reached(base::Now now, Actions& out) override;
  void hung_up(base::Now now, Actions& out) override;
  [[nodiscard]] std::optional<base::Instant> deadline() const override { return deadline_; }
  [[nodiscard]] bool done() const override { return state_ == State::Done; }

 private:
  enum class State : std::uint8_t { Introducing, Echoing, Parting, Done };

  void echo(base::Now now, Actions& out);
  void part(base::Now now, Actions& out);
  void finish();

  Voice voice_;
  // What runs.
  State state_ = State::Introducing;
  std::optional<base::Instant> deadline_;
};

}  // namespace service
