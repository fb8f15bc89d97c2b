// One transaction; bytes choose its kind, what comes next and how much time goes by.
//
// Promises: it ends when all is silent; a client's user hears one final answer (of an INVITE any
// number of 2xx after the first); a server answers with one final answer; nothing is done after
// Terminated or by a timer that does not run; no timer lies in the past of the one that fired.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/assert.h"
#include "base/time.h"
#include "sip/transaction.h"
#include "sip/transaction_tables.h"

namespace {

using sip::Input;
using sip::Kind;
using sip::State;

// What a user of the transaction and a wire would see of it.
class Observer {
 public:
  explicit Observer(Kind kind) : kind_(kind) {}

  void saw(Input input, std::uint16_t acts) {
    ASSERT(!ended_ || acts == sip::kNothing);
    const bool client = kind_ == Kind::InviteClient || kind_ == Kind::NonInviteClient;
    if (client)
      saw_of_client(input, acts);
    else
      saw_of_server(input, acts);
    if ((acts & sip::kTellTimeout) != 0) ++told_;
    ASSERT(told_ <= 1);
  }
  void ended() { ended_ = true; }

 private:
  void saw_of_client(Input input, std::uint16_t acts) {
    ASSERT((acts & sip::kSend) == 0);
    if ((acts & sip::kPassUp) != 0) heard(input);
    const bool acks = (acts & sip::kAck) != 0;
    ASSERT(!acks || (kind_ == Kind::InviteClient && input == Input::Failure));
  }
  void saw_of_server(Input input, std::uint16_t acts) {
    ASSERT((acts & sip::kAck) == 0);
    if ((acts & sip::kSend) != 0) answered(input);
    const bool passes_up = (acts & sip::kPassUp) != 0;
    ASSERT(!passes_up || (input == Input::Ack && success_ && !failure_));
  }
  void heard(Input input) {
    if (input == Input::Provisional) ASSERT(!success_ && !failure_);
    if (input == Input::Failure) ASSERT(!success_ && !failure_);
    if (input == Input::Success) ASSERT(!failure_ && (!success_ || kind_ == Kind::InviteClient));
    failure_ = failure_ || input == Input::Failure;
    success_ = success_ || input == Input::Success;
  }
  void answered(Input input) {
    ASSERT(!failure_);
    ASSERT(!success_ || (kind_ == Kind::InviteServer && input == Input::Success));
    failure_ = failure_ || input == Input::Failure;
    success_ = success_ || input == Input::Success;
  }

  Kind kind_;
  bool success_ = false;
  bool failure_ = false;
  bool ended_ = false;
  int told_ = 0;
};

class World {
 public:
  World(Kind kind, bool reliable) : machine_(kind, reliable, {}, now_), observer_(kind) {}

  void give(Input input) {
    const std::uint16_t acts = machine_.on(input, now_);
    observer_.saw(input, acts);
    if (machine_.terminated()) observer_.ended();
  }
  // Lets time go by; fires what is due on the way.
  void wait(base::Duration time) {
    const base::Instant until = now_ + time;
    for (;;) {
      const auto wake = machine_.next();
      if (!wake.has_value() || wake->when > until) break;
      ASSERT(wake->when >= now_);
      now_ = wake->when;
      ASSERT(++fired_ < 100'000);
      give(sip::input_of(wake->why));
    }
    now_ = until;
  }
  // All is silent: the user gives a final answer where one is his to give, and time goes by.
  void come_to_rest() {
    if (!machine_.is_client()) give(Input::Failure);
    const bool waits_for_a_person =
        machine_.kind() == Kind::InviteClient && machine_.state() == State::Proceeding;
    if (waits_for_a_person) give(Input::Failure);
    wait(base::Duration{200'000});
    ASSERT(machine_.terminated());
    ASSERT(!machine_.next().has_value());
  }

 private:
  base::Instant now_{};
  sip::Transaction machine_;
  Observer observer_;
  int fired_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  World world(static_cast<Kind>(data[0] & 3U), (data[0] & 4U) != 0);
  for (const std::uint8_t byte : std::span(data, std::min<std::size_t>(size, 512)).subspan(1)) {
    const std::uint8_t choice = byte & 31U;
    if (choice <= static_cast<std::uint8_t>(Input::TransportError)) {
      world.give(static_cast<Input>(choice));
    } else {
      world.wait(base::Duration{std::int64_t{1} << (byte >> 5U) << (choice & 7U)});
    }
  }
  world.come_to_rest();
  return 0;
}
