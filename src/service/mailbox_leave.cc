#include "service/mailbox_leave.h"

#include <optional>
#include <utility>

#include "base/time.h"
#include "facts/media.h"
#include "service/prompts.h"
#include "service/say.h"
#include "service/service.h"

namespace service {
namespace {

// Each state ends also when nobody says that something was played or recorded.
constexpr base::Duration kLongestGreeting{180'000};
constexpr base::Duration kLongestBeep{3'000};
constexpr base::Duration kLongestLastWord{15'000};
constexpr base::Duration kClosesWithin{3'000};

}  // namespace

MailboxLeave::MailboxLeave(Settings settings) : settings_(std::move(settings)) {}

Sounds MailboxLeave::greeting() const {
  if (!settings_.greeting.empty()) return settings_.greeting;
  const Voice& voice = settings_.voice;
  Sounds sounds;
  if (settings_.person.empty()) {
    sounds.push_back(prompt(voice, Prompt::NobodyAvailable));
  } else {
    sounds.push_back(prompt(voice, Prompt::ThePersonAt));
    append(sounds, say_digits(voice, settings_.person));
    sounds.push_back(prompt(voice, Prompt::IsUnavailable));
  }
  sounds.push_back(prompt(voice, Prompt::LeaveMessage));
  return sounds;
}

void MailboxLeave::begin(base::Now now, Actions& out) {
  out.emplace_back(Answer{});
  if (settings_.full) {
    part_with(Prompt::MailboxFull, now, out);
    return;
  }
  Sounds sounds = greeting();
  sounds.push_back(tone(facts::Tone::Beep));
  out.emplace_back(Play{.sounds = std::move(sounds)});
  deadline_ = now.at + kLongestGreeting;
}

void MailboxLeave::digit(char digit, base::Now now, Actions& out) {
  if (digit != '#') return;
  if (state_ == State::Greeting) {
    state_ = State::Beeping;
    deadline_ = now.at + kLongestBeep;
    out.emplace_back(Play{.sounds = {tone(facts::Tone::Beep)}});
  } else if (state_ == State::Recording) {
    close_recording(now, out);
  }
}

void MailboxLeave::played(base::Now now, Actions& out) {
  if (state_ == State::Greeting || state_ == State::Beeping) {
    record(now, out);
  } else if (state_ == State::Parting) {
    finish(out);
  }
}

void MailboxLeave::record(base::Now now, Actions& out) {
  state_ = State::Recording;
  recording_since_ = now.at;
  deadline_ = now.at + settings_.longest + kClosesWithin;
  out.emplace_back(
      Record{.file = settings_.file, .longest = settings_.longest, .silence = settings_.silence});
}

void MailboxLeave::close_recording(base::Now now, Actions& out) {
  state_ = State::Closing;
  deadline_ = now.at + kClosesWithin;
  out.emplace_back(StopRecording{});
}

void MailboxLeave::recorded(const Recorded& recording, base::Now now, Actions& out) {
  if (state_ != State::Recording && state_ != State::Closing) return;
  const bool kept = keep(recording, out);
  if (caller_gone_) {
    state_ = State::Done;
    deadline_.reset();
  } else if (recording.why == facts::RecordingEnd::Failed) {
    part_with(Prompt::CannotRecord, now, out);
  } else {
    part_with(kept ? Prompt::MessageSaved : Prompt::TooShort, now, out);
  }
}

bool MailboxLeave::keep(const Recorded& recording, Actions& out) const {
  const bool silent_end = recording.why == facts::RecordingEnd::Silence;
  const base::Duration said = silent_end ? recording.length - settings_.silence : recording.length;
  if (recording.why == facts::RecordingEnd::Failed || said < settings_.shortest) {
    out.emplace_back(Discard{settings_.file});
    return false;
  }
  out.emplace_back(MessageLeft{
      .mailbox = settings_.mailbox, .file = settings_.file, .length = recording.length});
  return true;
}

void MailboxLeave::part_with(Prompt last_word, base::Now now, Actions& out) {
  state_ = State::Parting;
  deadline_ = now.at + kLongestLastWord;
  const Voice& voice = settings_.voice;
  out.emplace_back(Play{.sounds = {prompt(voice, last_word), prompt(voice, Prompt::Goodbye)}});
}

void MailboxLeave::finish(Actions& out) {
  state_ = State::Done;
  deadline_.reset();
  if (!caller_gone_) out.emplace_back(HangUp{});
}

void MailboxLeave::time_reached(base::Now now, Actions& out) {
  if (!deadline_.has_value() || now.at < *deadline_) return;
  switch (state_) {
    case State::Greeting:
    case State::Beeping:
      record(now, out);
      break;
    case State::Recording:
      close_recording(now, out);
      break;
    case State::Closing:
      // Nobody says how it ended: better a message too many than one lost.
      recorded({.length = now.at - recording_since_ - kClosesWithin}, now, out);
      break;
    case State::Parting:
      finish(out);
      break;
    case State::Done:
      break;
  }
}

void MailboxLeave::hung_up(base::Now now, Actions& out) {
  if (caller_gone_) return;
  caller_gone_ = true;
  if (state_ == State::Recording) {
    close_recording(now, out);
  } else if (state_ != State::Closing) {
    state_ = State::Done;
    deadline_.reset();
  }
}

std::optional<base::Instant> MailboxLeave::deadline() const {
  return deadline_;
}

}  // namespace service
