#pragma once
// The spoken answer to a feature code: waits until it is known what came of it, then answers the
// call, says it and hangs up. Before that the caller hears his own ringback at most.

#include <optional>

#include "base/time.h"
#include "service/service.h"

namespace service {

class CodeReply final : public Service {
 public:
  struct Settings {
    Sounds said;  // known at once; empty: say() comes
    Sounds late;  // said when it does not come
  };
  explicit CodeReply(Settings settings);

  void begin(base::Now now, Actions& out) override;
  void digit(char digit, base::Now now, Actions& out) override;
  void played(base::Now now, Actions& out) override;
  void recorded(const Recorded& recording, base::Now now, Actions& out) override;
  void time_reached(base::Now now, Actions& out) override;
  void hung_up(base::Now now, Actions& out) override;
  // What came of it; counts once.
  void say(Sounds said, base::Now now, Actions& out);
  [[nodiscard]] std::optional<base::Instant> deadline() const override { return deadline_; }
  [[nodiscard]] bool done() const override { return state_ == State::Done; }

 private:
  enum class State : std::uint8_t { Waiting, Speaking, Done };

  Settings settings_;
  // What runs.
  State state_ = State::Waiting;
  std::optional<base::Instant> deadline_;
};

}  // namespace service
