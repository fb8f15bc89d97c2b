#pragma once
// A mailbox by phone: `*97` (one's own), `*98` (any, by number and PIN).
//
// Who calls is let in by OpenMailbox: the driver judges number and PIN (pin.h) and answers with
// opened() or refused(); the machine never knows a PIN. An unknown mailbox is refused like a wrong
// PIN. Then keys:
//
//   main menu   1 messages, 0 greeting, * what there is, # goodbye
//   a message   4 previous, 5 again, 6 next, 7 delete, 8 call back, 9 save, * what there is,
//               # main menu, in a shared mailbox 2: handled, and no longer handled
//   greeting    1 record, 2 the default one, # main menu; then 1 keep, 2 listen, 3 record again
//
// New messages come first, then the saved ones, each the oldest first. A message counts as heard
// when it was played to its end or a key followed it; who hangs up in the middle finds it new
// again. Changes go out at once as ChangeMessage and SetGreeting. Each question is asked three
// times.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/zone.h"
#include "service/prompts.h"
#include "service/service.h"

namespace service {

class MailboxListen final : public Service {
 public:
  struct Message {
    std::string id;
    std::string file;
    base::WallTime left{};
    std::string caller_number;  // empty: unknown
    bool fresh = true;
    std::string handled_by;  // an extension; empty: nobody
  };
  struct Contents {
    std::string mailbox;  // as the actions name it
    bool shared = false;  // general and group mailboxes: messages are handled by somebody
    std::string reader;   // his extension, for the mark
    std::vector<Message> messages;
  };
  struct Settings {
    Voice voice;
    model::Zone zone;
    std::string mailbox;        // empty: it is asked for
    bool ask_pin = true;        // false: the phone is known to be the owner's
    std::string greeting_file;  // where a new greeting would be recorded; a second one beside it
  };
  explicit MailboxListen(Settings settings);

  void begin(base::Now now, Actions& out) override;
  void digit(char digit, base::Now now, Actions& out) override;
  void played(base::Now now, Actions& out) override;
  void recorded(const Recorded& recording, base::Now now, Actions& out) override;
  void time_reached(base::Now now, Actions& out) override;
  void hung_up(base::Now now, Actions& out) override;
  // Answers to OpenMailbox. `too_early`: no further try now (PinVerdict::TooEarly).
  void opened(Contents contents, base::Now now, Actions& out);
  void refused(bool too_early, base::Now now, Actions& out);
  [[nodiscard]] std::optional<base::Instant> deadline() const override;
  [[nodiscard]] bool done() const override { return state_ == State::Done; }

 private:
  enum class State : std::uint8_t {
    EnteringMailbox,
    EnteringPin,
    Opening,
    Main,
    Hearing,   // a message is played
    Deciding,  // it was; what now?
    Greeting,
    Beeping,
    Recording,
    Closing,
    Reviewing,
    Parting,
    Done
  };

  // ---- mailbox_listen.cc: talking, getting in, main menu ----
  void ask(State state, Sounds sounds, base::Now now, Actions& out);
  void ask_again(base::Now now, Actions& out);
  void part(Sounds sounds, base::Now now, Actions& out);
  void finish();
  void log_in(base::Now now, Actions& out);
  void entry_key(char digit, base::Now now, Actions& out);
  void entered(base::Now now, Actions& out);
  void main_menu(Sounds before, base::Now now, Actions& out);
  void main_key(char digit, base::Now now, Actions& out);
  // ---- mailbox_messages.cc ----
  void hear(Sounds before, base::Now now, Actions& out);
  [[nodiscard]] Sounds spoken(const Message& message, base::Now now) const;
  void decide(Sounds before, base::Now now, Actions& out);
  void message_key(char digit, base::Now now, Actions& out);
  void heard(Actions& out);
  void change(MessageChange change, Actions& out) const;
  void remove(base::Now now, Actions& out);
  void mark_handled(base::Now now, Actions& out);
  void call_back(base::Now now, Actions& out);
  // ---- mailbox_greeting.cc ----
  [[nodiscard]] std::string greeting_file() const;
  void greeting_menu(Sounds before, base::Now now, Actions& out);
  void greeting_key(char digit, base::Now now, Actions& out);
  void record_greeting(base::Now now, Actions& out);
  void start_recording(base::Now now, Actions& out);
  void close_recording(base::Now now, Actions& out);
  void review(base::Now now, Actions& out);
  void review_key(char digit, base::Now now, Actions& out);

  Settings settings_;
  // What runs.
  State state_ = State::EnteringMailbox;
  Sounds question_;
  std::uint32_t silences_ = 0;
  std::string number_;
  std::string keyed_;
  std::uint32_t failures_ = 0;
  Contents contents_;
  std::size_t place_ = 0;
  std::uint32_t greetings_kept_ = 0;  // in this call
  bool caller_gone_ = false;
  std::optional<base::Instant> deadline_;
};

}  // namespace service
