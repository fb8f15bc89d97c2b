#include "service/prompt_record.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/time.h"
#include "facts/media.h"
#include "service/prompts.h"
#include "service/say.h"
#include "service/service.h"

namespace service {
namespace {

constexpr std::uint32_t kTries = 3;      // of the PIN in one call
constexpr std::uint32_t kQuestions = 3;  // without a key: goodbye
constexpr std::size_t kPinKeysMax = 20;
constexpr std::size_t kNumberKeysMax = 3;
constexpr base::Duration kThinksFor{10'000};
constexpr base::Duration kBetweenKeys{5'000};
constexpr base::Duration kChecksWithin{10'000};
constexpr base::Duration kLongestWords{330'000};  // longer than the longest prompt too
constexpr base::Duration kLongestLastWord{15'000};
constexpr base::Duration kLongestPrompt{300'000};
constexpr base::Duration kShortestPrompt{500};
constexpr base::Duration kClosesWithin{3'000};

}  // namespace

PromptRecord::PromptRecord(Settings settings) : settings_(std::move(settings)) {}

// ---- talking -------------------------------------------------------------------------------
// Says it and waits for keys; they count at once.
void PromptRecord::ask(State state, Sounds sounds, base::Now now, Actions& out) {
  state_ = state;
  silences_ = 0;
  keyed_.clear();
  question_ = std::move(sounds);
  deadline_ = now.at + kLongestWords;
  out.emplace_back(Play{.sounds = question_});
}

void PromptRecord::ask_again(base::Now now, Actions& out) {
  if (++silences_ >= kQuestions) {
    part({}, now, out);
    return;
  }
  keyed_.clear();
  deadline_ = now.at + kLongestWords;
  out.emplace_back(Play{.sounds = question_});
}

void PromptRecord::part(Sounds sounds, base::Now now, Actions& out) {
  if (state_ == State::Reviewing) out.emplace_back(Discard{settings_.file});
  state_ = State::Parting;
  deadline_ = now.at + kLongestLastWord;
  sounds.push_back(prompt(settings_.voice, Prompt::Goodbye));
  out.emplace_back(Play{.sounds = std::move(sounds)});
}

void PromptRecord::finish() {
  state_ = State::Done;
  deadline_.reset();
}

// ---- PIN and number ------------------------------------------------------------------------
void PromptRecord::begin(base::Now now, Actions& out) {
  out.emplace_back(Answer{});
  ask(State::EnteringPin, {prompt(settings_.voice, Prompt::EnterPin)}, now, out);
}

void PromptRecord::entry_key(char digit, base::Now now, Actions& out) {
  const std::size_t most = state_ == State::EnteringPin ? kPinKeysMax : kNumberKeysMax;
  if (digit == '#' && !keyed_.empty()) {
    entered(now, out);
  } else if (digit == '*') {
    ask(state_, question_, now, out);
  } else if (digit >= '0' && digit <= '9') {
    if (keyed_.empty()) out.emplace_back(StopPlaying{});
    if (keyed_.size() < most) keyed_ += digit;
    deadline_ = now.at + kBetweenKeys;
  }
}

void PromptRecord::entered(base::Now now, Actions& out) {
  if (state_ == State::EnteringNumber) {
    number_ = keyed_;
    announce_recording(now, out);
    return;
  }
  state_ = State::Checking;
  deadline_ = now.at + kChecksWithin;
  out.emplace_back(CheckPin{std::move(keyed_)});
  keyed_.clear();
}

void PromptRecord::pin_right(base::Now now, Actions& out) {
  if (state_ != State::Checking) return;
  ask(State::EnteringNumber, {prompt(settings_.voice, Prompt::EnterPromptNumber)}, now, out);
}

void PromptRecord::pin_wrong(bool too_early, base::Now now, Actions& out) {
  if (state_ != State::Checking) return;
  const Voice& voice = settings_.voice;
  if (too_early || ++failures_ >= kTries) {
    part({prompt(voice, too_early ? Prompt::TryLater : Prompt::WrongPin)}, now, out);
    return;
  }
  ask(State::EnteringPin, {prompt(voice, Prompt::WrongPin), prompt(voice, Prompt::EnterPin)}, now,
      out);
}

// ---- recording -----------------------------------------------------------------------------
void PromptRecord::announce_recording(base::Now now, Actions& out) {
  state_ = State::Beeping;
  deadline_ = now.at + kLongestWords;
  out.emplace_back(
      Play{.sounds = {prompt(settings_.voice, Prompt::SayPrompt), tone(facts::Tone::Beep)}});
}

void PromptRecord::record(base::Now now, Actions& out) {
  state_ = State::Recording;
  deadline_ = now.at + kLongestPrompt + kClosesWithin;
  out.emplace_back(Record{.file = settings_.file, .longest = kLongestPrompt});
}

void PromptRecord::close_recording(base::Now now, Actions& out) {
  state_ = State::Closing;
  deadline_ = now.at + kClosesWithin;
  out.emplace_back(StopRecording{});
}

void PromptRecord::recorded(const Recorded& recording, base::Now now, Actions& out) {
  if (state_ != State::Recording && state_ != State::Closing) return;
  const bool failed = recording.why == facts::RecordingEnd::Failed;
  if (!failed && !caller_gone_ && recording.length >= kShortestPrompt) {
    review(now, out);
    return;
  }
  out.emplace_back(Discard{settings_.file});
  const Voice& voice = settings_.voice;
  if (caller_gone_) {
    finish();
  } else if (failed) {
    part({prompt(voice, Prompt::CannotRecord)}, now, out);
  } else {
    ask(State::EnteringNumber,
        {prompt(voice, Prompt::TooShort), prompt(voice, Prompt::EnterPromptNumber)}, now, out);
  }
}

// Nothing is changed before he has accepted it.
void PromptRecord::review(base::Now now, Actions& out) {
  ask(State::Reviewing, {sound(settings_.file), prompt(settings_.voice, Prompt::ReviewOptions)},
      now, out);
}

void PromptRecord::review_key(char digit, base::Now now, Actions& out) {
  const Voice& voice = settings_.voice;
  if (digit == '1') {
    out.emplace_back(KeepPrompt{.number = number_, .file = settings_.file});
    state_ = State::EnteringNumber;  // nothing is left to be discarded
    Sounds sounds{prompt(voice, Prompt::PromptSaved)};
    append(sounds, say_digits(voice, number_));
    part(std::move(sounds), now, out);
  } else if (digit == '3') {
    out.emplace_back(Discard{settings_.file});
    announce_recording(now, out);
  } else {
    review(now, out);
  }
}

// ---- inputs --------------------------------------------------------------------------------
void PromptRecord::digit(char digit, base::Now now, Actions& out) {
  switch (state_) {
    case State::EnteringPin:
    case State::EnteringNumber:
      entry_key(digit, now, out);
      break;
    case State::Recording:
      if (digit == '#') close_recording(now, out);
      break;
    case State::Reviewing:
      review_key(digit, now, out);
      break;
    case State::Checking:
    case State::Beeping:
    case State::Closing:
    case State::Parting:
    case State::Done:
      break;
  }
}

void PromptRecord::played(base::Now now, Actions& out) {
  switch (state_) {
    case State::EnteringPin:
    case State::EnteringNumber:
    case State::Reviewing:
      deadline_ = now.at + kThinksFor;
      break;
    case State::Beeping:
      record(now, out);
      break;
    case State::Parting:
      finish();
      out.emplace_back(HangUp{});
      break;
    case State::Checking:
    case State::Recording:
    case State::Closing:
    case State::Done:
      break;
  }
}

void PromptRecord::time_reached(base::Now now, Actions& out) {
  if (!deadline_.has_value() || now.at < *deadline_) return;
  switch (state_) {
    case State::EnteringPin:
    case State::EnteringNumber:
      // Who has keyed something and forgets the # has said it.
      if (keyed_.empty()) {
        ask_again(now, out);
      } else {
        entered(now, out);
      }
      break;
    case State::Reviewing:
      ask_again(now, out);
      break;
    case State::Checking:
      pin_wrong(true, now, out);
      break;
    case State::Beeping:
      record(now, out);
      break;
    case State::Recording:
      close_recording(now, out);
      break;
    case State::Closing:
      // Nobody says how it ended: it is not kept.
      recorded({.why = facts::RecordingEnd::Failed}, now, out);
      break;
    case State::Parting:
      finish();
      out.emplace_back(HangUp{});
      break;
    case State::Done:
      break;
  }
}

void PromptRecord::hung_up(base::Now now, Actions& out) {
  if (caller_gone_) return;
  caller_gone_ = true;
  if (state_ == State::Recording) {
    close_recording(now, out);
  } else if (state_ != State::Closing) {
    if (state_ == State::Reviewing) out.emplace_back(Discard{settings_.file});
    finish();
  }
}

}  // namespace service
