#pragma once
// A menu (IVR): a greeting, keys that lead to destinations, and extensions that may be dialled.
//
// Keys count during the greeting too. What was keyed is taken at once when nothing longer can be
// meant, else after 2 s or at #. A wrong key is said to be one and the greeting comes again; so it
// does after `timeout` without a key; after `tries` of either the call goes to `otherwise`. # or *
// alone says the greeting again where the menu has no such key. Whatever the caller does, the menu
// ends within 10 minutes.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/office.h"
#include "service/prompts.h"
#include "service/service.h"

namespace service {

class Menu final : public Service {
 public:
  struct DirectDial {
    std::string extension;
    model::Destination to;
  };
  struct Settings {
    Voice voice;
    Sounds greeting;
    base::Duration timeout{5'000};
    std::uint32_t tries = 3;
    std::vector<model::IvrKey> keys;
    std::vector<DirectDial> extensions;  // a key goes before an extension of the same digits
    model::Destination otherwise;        // None: goodbye and hang up
  };
  explicit Menu(Settings settings);

  void begin(base::Now now, Actions& out) override;
  void digit(char digit, base::Now now, Actions& out) override;
  void played(base::Now now, Actions& out) override;
  void recorded(const Recorded& recording, base::Now now, Actions& out) override;
  void time_reached(base::Now now, Actions& out) override;
  void hung_up(base::Now now, Actions& out) override;
  [[nodiscard]] std::optional<base::Instant> deadline() const override;
  [[nodiscard]] bool done() const override { return state_ == State::Done; }

 private:
  enum class State : std::uint8_t { Greeting, Waiting, Collecting, Parting, Done };

  void greet(base::Now now, Actions& out);
  void repeat(base::Now now, Actions& out);
  void take(base::Now now, Actions& out);
  void failed(std::optional<Prompt> why, base::Now now, Actions& out);
  void go_otherwise(base::Now now, Actions& out);
  void go_to(const model::Destination& to, Actions& out);
  [[nodiscard]] const model::Destination* meant_by(std::string_view keyed) const;
  [[nodiscard]] bool begins_something_longer(std::string_view keyed) const;

  Settings settings_;
  // What runs.
  State state_ = State::Greeting;
  std::string keyed_;
  std::uint32_t failures_ = 0;
  base::Instant ends_{};
  std::optional<base::Instant> deadline_;
};

}  // namespace service
