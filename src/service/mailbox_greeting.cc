// The greeting of a mailbox, recorded by phone (mailbox_listen.h).
#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "base/time.h"
#include "facts/media.h"
#include "service/mailbox_listen.h"
#include "service/prompts.h"
#include "service/service.h"

namespace service {
namespace {

constexpr base::Duration kLongestGreeting{120'000};
constexpr base::Duration kShortestGreeting{1'000};
constexpr base::Duration kClosesWithin{3'000};
constexpr base::Duration kLongestPrompt{60'000};

}  // namespace

// One that was kept is not written over by the next: "a.wav", "a-2.wav".
std::string MailboxListen::greeting_file() const {
  if (greetings_kept_ == 0) return settings_.greeting_file;
  const std::size_t dot =
      std::min(settings_.greeting_file.rfind('.'), settings_.greeting_file.size());
  return settings_.greeting_file.substr(0, dot) + "-" + std::to_string(greetings_kept_ + 1) +
         settings_.greeting_file.substr(dot);
}

void MailboxListen::greeting_menu(Sounds before, base::Now now, Actions& out) {
  before.push_back(prompt(settings_.voice, Prompt::GreetingOptions));
  ask(State::Greeting, std::move(before), now, out);
}

void MailboxListen::greeting_key(char digit, base::Now now, Actions& out) {
  switch (digit) {
    case '1':
      record_greeting(now, out);
      break;
    case '2':
      out.emplace_back(SetGreeting{.mailbox = contents_.mailbox, .file = {}});
      main_menu({prompt(settings_.voice, Prompt::GreetingRemoved)}, now, out);
      break;
    case '#':
      main_menu({}, now, out);
      break;
    default:
      greeting_menu({}, now, out);
      break;
  }
}

void MailboxListen::record_greeting(base::Now now, Actions& out) {
  state_ = State::Beeping;
  deadline_ = now.at + kLongestPrompt;
  out.emplace_back(
      Play{.sounds = {prompt(settings_.voice, Prompt::RecordGreeting), tone(facts::Tone::Beep)}});
}

void MailboxListen::start_recording(base::Now now, Actions& out) {
  state_ = State::Recording;
  deadline_ = now.at + kLongestGreeting + kClosesWithin;
  out.emplace_back(Record{.file = greeting_file(), .longest = kLongestGreeting});
}

void MailboxListen::close_recording(base::Now now, Actions& out) {
  state_ = State::Closing;
  deadline_ = now.at + kClosesWithin;
  out.emplace_back(StopRecording{});
}

void MailboxListen::recorded(const Recorded& recording, base::Now now, Actions& out) {
  if (state_ != State::Recording && state_ != State::Closing) return;
  const bool failed = recording.why == facts::RecordingEnd::Failed;
  if (!failed && !caller_gone_ && recording.length >= kShortestGreeting) {
    review(now, out);
    return;
  }
  out.emplace_back(Discard{greeting_file()});
  if (caller_gone_) {
    finish();
  } else {
    greeting_menu({prompt(settings_.voice, failed ? Prompt::CannotRecord : Prompt::TooShort)}, now,
                  out);
  }
}

// Nothing is changed before he has accepted it.
void MailboxListen::review(base::Now now, Actions& out) {
  ask(State::Reviewing, {sound(greeting_file()), prompt(settings_.voice, Prompt::ReviewOptions)},
      now, out);
}

void MailboxListen::review_key(char digit, base::Now now, Actions& out) {
  switch (digit) {
    case '1':
      out.emplace_back(SetGreeting{.mailbox = contents_.mailbox, .file = greeting_file()});
      ++greetings_kept_;
      main_menu({prompt(settings_.voice, Prompt::GreetingSaved)}, now, out);
      break;
    case '3':
      out.emplace_back(Discard{greeting_file()});
      record_greeting(now, out);
      break;
    case '#':
      out.emplace_back(Discard{greeting_file()});
      greeting_menu({}, now, out);
      break;
    default:
      review(now, out);
      break;
  }
}

}  // namespace service
