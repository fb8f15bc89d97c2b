#include "service/mailbox_listen.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/time.h"
#include "service/prompts.h"
#include "service/say.h"
#include "service/service.h"

namespace service {
namespace {

constexpr std::uint32_t kTries = 3;      // of number and PIN in one call
constexpr std::uint32_t kQuestions = 3;  // without a key: goodbye
constexpr std::size_t kKeysMax = 20;
constexpr base::Duration kThinksFor{10'000};
constexpr base::Duration kBetweenKeys{5'000};
constexpr base::Duration kOpensWithin{10'000};
constexpr base::Duration kLongestPrompt{180'000};  // longer than the longest message too
constexpr base::Duration kLongestLastWord{15'000};

}  // namespace

MailboxListen::MailboxListen(Settings settings) : settings_(std::move(settings)) {}

// ---- talking -------------------------------------------------------------------------------
// Says it and waits for keys; they count at once.
void MailboxListen::ask(State state, Sounds sounds, base::Now now, Actions& out) {
  state_ = state;
  silences_ = 0;
  keyed_.clear();
  question_ = std::move(sounds);
  deadline_ = now.at + kLongestPrompt;
  out.emplace_back(Play{.sounds = question_});
}

void MailboxListen::ask_again(base::Now now, Actions& out) {
  if (++silences_ >= kQuestions) {
    part({}, now, out);
    return;
  }
  deadline_ = now.at + kLongestPrompt;
  out.emplace_back(Play{.sounds = question_});
}

void MailboxListen::part(Sounds sounds, base::Now now, Actions& out) {
  if (state_ == State::Reviewing) out.emplace_back(Discard{greeting_file()});
  state_ = State::Parting;
  deadline_ = now.at + kLongestLastWord;
  sounds.push_back(prompt(settings_.voice, Prompt::Goodbye));
  out.emplace_back(Play{.sounds = std::move(sounds)});
}

void MailboxListen::finish() {
  state_ = State::Done;
  deadline_.reset();
}

// ---- getting in ----------------------------------------------------------------------------
void MailboxListen::begin(base::Now now, Actions& out) {
  out.emplace_back(Answer{});
  log_in(now, out);
}

void MailboxListen::log_in(base::Now now, Actions& out) {
  number_ = settings_.mailbox;
  if (number_.empty()) {
    ask(State::EnteringMailbox, {prompt(settings_.voice, Prompt::EnterMailbox)}, now, out);
  } else if (settings_.ask_pin) {
    ask(State::EnteringPin, {prompt(settings_.voice, Prompt::EnterPin)}, now, out);
  } else {
    entered(now, out);
  }
}

void MailboxListen::entry_key(char digit, base::Now now, Actions& out) {
  if (digit == '#' && !keyed_.empty()) {
    entered(now, out);
  } else if (digit == '*') {
    ask(state_, question_, now, out);
  } else if (digit >= '0' && digit <= '9') {
    if (keyed_.empty()) out.emplace_back(StopPlaying{});
    if (keyed_.size() < kKeysMax) keyed_ += digit;
    deadline_ = now.at + kBetweenKeys;
  }
}

void MailboxListen::entered(base::Now now, Actions& out) {
  if (state_ == State::EnteringMailbox && number_.empty()) {
    number_ = keyed_;
    ask(State::EnteringPin, {prompt(settings_.voice, Prompt::EnterPin)}, now, out);
    return;
  }
  state_ = State::Opening;
  deadline_ = now.at + kOpensWithin;
  out.emplace_back(OpenMailbox{.number = number_, .pin = keyed_});
  keyed_.clear();
}

void MailboxListen::refused(bool too_early, base::Now now, Actions& out) {
  if (state_ != State::Opening) return;
  const Voice& voice = settings_.voice;
  ++failures_;
  if (too_early || failures_ >= kTries) {
    part({prompt(voice, too_early ? Prompt::TryLater : Prompt::WrongPin)}, now, out);
    return;
  }
  const bool any = settings_.mailbox.empty();
  number_ = settings_.mailbox;
  ask(any ? State::EnteringMailbox : State::EnteringPin,
      {prompt(voice, Prompt::WrongPin),
       prompt(voice, any ? Prompt::EnterMailbox : Prompt::EnterPin)},
      now, out);
}

void MailboxListen::opened(Contents contents, base::Now now, Actions& out) {
  if (state_ != State::Opening) return;
  contents_ = std::move(contents);
  std::stable_sort(contents_.messages.begin(), contents_.messages.end(),
                   [](const Message& a, const Message& b) {
                     return a.fresh != b.fresh ? a.fresh : a.left < b.left;
                   });
  const auto fresh =
      static_cast<std::size_t>(std::count_if(contents_.messages.begin(), contents_.messages.end(),
                                             [](const Message& message) { return message.fresh; }));
  main_menu(say_messages(settings_.voice, fresh, contents_.messages.size() - fresh), now, out);
}

// ---- main menu -----------------------------------------------------------------------------
void MailboxListen::main_menu(Sounds before, base::Now now, Actions& out) {
  place_ = 0;
  before.push_back(prompt(settings_.voice, Prompt::MainOptions));
  ask(State::Main, std::move(before), now, out);
}

void MailboxListen::main_key(char digit, base::Now now, Actions& out) {
  switch (digit) {
    case '1':
      hear({}, now, out);
      break;
    case '0':
      greeting_menu({}, now, out);
      break;
    case '#':
      part({}, now, out);
      break;
    default:
      main_menu({}, now, out);
      break;
  }
}

// ---- inputs --------------------------------------------------------------------------------
void MailboxListen::digit(char digit, base::Now now, Actions& out) {
  switch (state_) {
    case State::EnteringMailbox:
    case State::EnteringPin:
      entry_key(digit, now, out);
      break;
    case State::Main:
      main_key(digit, now, out);
      break;
    case State::Hearing:
    case State::Deciding:
      message_key(digit, now, out);
      break;
    case State::Greeting:
      greeting_key(digit, now, out);
      break;
    case State::Recording:
      if (digit == '#') close_recording(now, out);
      break;
    case State::Reviewing:
      review_key(digit, now, out);
      break;
    case State::Opening:
    case State::Beeping:
    case State::Closing:
    case State::Parting:
    case State::Done:
      break;
  }
}

void MailboxListen::played(base::Now now, Actions& out) {
  switch (state_) {
    case State::EnteringMailbox:
    case State::EnteringPin:
    case State::Main:
    case State::Deciding:
    case State::Greeting:
    case State::Reviewing:
      deadline_ = now.at + kThinksFor;
      break;
    case State::Hearing:
      heard(out);
      decide({}, now, out);
      break;
    case State::Beeping:
      start_recording(now, out);
      break;
    case State::Parting:
      finish();
      out.emplace_back(HangUp{});
      break;
    case State::Opening:
    case State::Recording:
    case State::Closing:
    case State::Done:
      break;
  }
}

void MailboxListen::time_reached(base::Now now, Actions& out) {
  if (!deadline_.has_value() || now.at < *deadline_) return;
  switch (state_) {
    case State::EnteringMailbox:
    case State::EnteringPin:
      if (keyed_.empty()) {
        ask_again(now, out);
      } else {
        entered(now, out);
      }
      break;
    case State::Main:
    case State::Deciding:
    case State::Greeting:
    case State::Reviewing:
      ask_again(now, out);
      break;
    case State::Opening:
      part({prompt(settings_.voice, Prompt::TryLater)}, now, out);
      break;
    case State::Hearing:
    case State::Beeping:
    case State::Parting:
      played(now, out);
      break;
    case State::Recording:
      close_recording(now, out);
      break;
    case State::Closing:
      // Nobody says how it ended: no second recording beside one that may still run.
      out.emplace_back(Discard{greeting_file()});
      if (caller_gone_) {
        finish();
      } else {
        part({prompt(settings_.voice, Prompt::CannotRecord)}, now, out);
      }
      break;
    case State::Done:
      break;
  }
}

void MailboxListen::hung_up(base::Now now, Actions& out) {
  if (caller_gone_) return;
  caller_gone_ = true;
  if (state_ == State::Recording) {
    close_recording(now, out);
    return;
  }
  if (state_ == State::Reviewing) out.emplace_back(Discard{greeting_file()});
  if (state_ != State::Closing) finish();
}

std::optional<base::Instant> MailboxListen::deadline() const {
  return deadline_;
}

}  // namespace service
