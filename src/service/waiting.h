#pragma once
// What a caller hears while he is hunted for or stands in a queue: ringback, music or a sound,
// after a greeting, with announcements now and then; and the keys that end his waiting.
//
// With `answer` he is answered at once (extended ringing, queues, {sound: NAME, answer: true});
// else he hears what is played before the answer. Plain ringback without anything else plays
// nothing at all: his own phone rings back. After `longest` the call goes to `then`, in the middle
// of whatever is said (S3.12: no grace).
//
// A key may offer a call back (S3.16): he enters a number, or # for the one he calls from, hears it
// and says yes with 1. The hunt goes on meanwhile; who is found takes the call.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/office.h"
#include "service/prompts.h"
#include "service/service.h"

namespace service {

class Waiting final : public Service {
 public:
  enum class Meaning : std::uint8_t { CallBack, Mailbox, Leave };
  struct Key {
    char key = '0';
    Meaning meaning = Meaning::Leave;
    model::Destination to;  // for Mailbox and Leave
  };
  struct Settings {
    Voice voice;
    bool answer = false;
    Sounds greeting;               // before anything else; the hunt waits for GreetingOver
    Sounds hold;                   // over and over; empty: ringback
    Sounds announcement;           // once after the greeting, then again after `every`
    base::Duration every{30'000};  // 0: only once
    std::vector<Key> keys;         // offered with each announcement
    bool announce_position = false;
    std::string caller_number;  // may be called back at it; empty: unknown
    std::optional<base::Duration> longest;
    model::Destination then;  // None: hang up
  };
  explicit Waiting(Settings settings);

  void begin(base::Now now, Actions& out) override;
  void digit(char digit, base::Now now, Actions& out) override;
  void played(base::Now now, Actions& out) override;
  void recorded(const Recorded& recording, base::Now now, Actions& out) override;
  void time_reached(base::Now now, Actions& out) override;
  void hung_up(base::Now now, Actions& out) override;
  [[nodiscard]] std::optional<base::Instant> deadline() const override;
  [[nodiscard]] bool done() const override { return state_ == State::Done; }

  // His place in a queue, from 1, and how long it may take. Said with the next announcement, which
  // comes early when the place has changed (at least 15 s after the last one). May be told before
  // begin().
  struct Place {
    std::uint32_t position = 1;
    std::optional<base::Duration> expected_wait;
    bool operator==(const Place&) const = default;
  };
  void moved(const Place& place, base::Now now, Actions& out);

 private:
  enum class State : std::uint8_t {
    Greeting,
    Holding,
    Announcing,
    EnteringNumber,
    CheckingNumber,
    Parting,
    Done
  };

  void hold(base::Now now, Actions& out);
  void announce(base::Now now, Actions& out);
  void play(Sounds sounds, bool loop, Actions& out);
  [[nodiscard]] Sounds announcement() const;
  [[nodiscard]] Sounds spoken_place() const;
  [[nodiscard]] bool place_is_news() const;
  void pressed(const Key& key, base::Now now, Actions& out);
  void ask_number(base::Now now, Actions& out);
  void number_key(char digit, base::Now now, Actions& out);
  void check_number(base::Now now, Actions& out);
  void check_key(char digit, base::Now now, Actions& out);
  void go_to(const model::Destination& to, Actions& out);

  Settings settings_;
  // What runs.
  State state_ = State::Greeting;
  bool audio_open_ = false;
  std::optional<Place> place_;
  std::optional<std::uint32_t> said_position_;
  std::string number_;
  base::Instant announced_at_{};
  std::optional<base::Instant> ends_;
  std::optional<base::Instant> deadline_;
};

}  // namespace service
