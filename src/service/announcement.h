#pragma once
// Says something, then goes on or hangs up: `finally: {announce: …}`, the spoken answers of feature
// codes, "not in service".

#include <optional>

#include "base/time.h"
#include "model/office.h"
#include "service/service.h"

namespace service {

class Announcement final : public Service {
 public:
  struct Settings {
    Sounds sounds;
    bool answer = true;       // false: early media, so that the caller does not pay
    model::Destination then;  // None: hang up
    Cause cause = Cause::Normal;
  };
  explicit Announcement(Settings settings);

  void begin(base::Now now, Actions& out) override;
  void digit(char digit, base::Now now, Actions& out) override;
  void played(base::Now now, Actions& out) override;
  void recorded(const Recorded& recording, base::Now now, Actions& out) override;
  void time_reached(base::Now now, Actions& out) override;
  void hung_up(base::Now now, Actions& out) override;
  [[nodiscard]] std::optional<base::Instant> deadline() const override;
  [[nodiscard]] bool done() const override { return done_; }

 private:
  void finish(Actions& out);

  Settings settings_;
  // What runs.
  std::optional<base::Instant> deadline_;
  bool done_ = false;
};

}  // namespace service
