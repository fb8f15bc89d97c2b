#include "service/waiting.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "base/time.h"
#include "facts/media.h"
#include "model/office.h"
#include "service/prompts.h"
#include "service/say.h"
#include "service/service.h"

namespace service {
namespace {

constexpr base::Duration kLongestGreeting{180'000};
constexpr base::Duration kLongestPrompt{60'000};
constexpr base::Duration kBetweenAnnouncements{15'000};
constexpr base::Duration kBetweenKeys{6'000};
constexpr base::Duration kThinksFor{10'000};
constexpr std::size_t kNumberMax = 20;
// A wait is only foretold when it is worth it.
constexpr base::Duration kAMinute{60'000};

Prompt prompt_of(Waiting::Meaning meaning) {
  switch (meaning) {
    case Waiting::Meaning::CallBack:
      return Prompt::KeyForCallBack;
    case Waiting::Meaning::Mailbox:
      return Prompt::KeyForMailbox;
    case Waiting::Meaning::Leave:
      return Prompt::KeyToLeave;
  }
  return Prompt::KeyToLeave;
}

}  // namespace

Waiting::Waiting(Settings settings) : settings_(std::move(settings)) {}

void Waiting::begin(base::Now now, Actions& out) {
  if (settings_.longest.has_value()) ends_ = now.at + *settings_.longest;
  if (settings_.answer) {
    audio_open_ = true;
    out.emplace_back(Answer{});
  }
  if (settings_.greeting.empty()) {
    out.emplace_back(GreetingOver{});
    announce(now, out);
    return;
  }
  deadline_ = now.at + kLongestGreeting;
  play(settings_.greeting, false, out);
}

void Waiting::play(Sounds sounds, bool loop, Actions& out) {
  if (!audio_open_) out.emplace_back(OpenEarlyMedia{});
  audio_open_ = true;
  out.emplace_back(Play{.sounds = std::move(sounds), .loop = loop});
}

// What he hears between announcements.
void Waiting::hold(base::Now now, Actions& out) {
  state_ = State::Holding;
  deadline_.reset();
  if (settings_.every > base::Duration{0} && !announcement().empty())
    deadline_ = now.at + settings_.every;
  if (place_is_news()) {
    const base::Instant soon = std::max(now.at, announced_at_ + kBetweenAnnouncements);
    deadline_ = std::min(deadline_.value_or(soon), soon);
  }
  if (!settings_.hold.empty()) {
    play(settings_.hold, true, out);
  } else if (audio_open_) {
    // His phone has stopped its own ringback.
    play({tone(facts::Tone::Ringback)}, true, out);
  }
}

Sounds Waiting::spoken_place() const {
  if (!settings_.announce_position || !place_.has_value()) return {};
  const Voice& voice = settings_.voice;
  if (place_->position <= 1) return {prompt(voice, Prompt::YouAreNext)};
  Sounds sounds{prompt(voice, Prompt::YouAreCallerNumber)};
  append(sounds, say_number(voice, place_->position));
  sounds.push_back(prompt(voice, Prompt::WaitingToSpeak));
  if (place_->expected_wait.has_value()) {
    sounds.push_back(prompt(voice, Prompt::ExpectedWait));
    if (*place_->expected_wait < kAMinute) sounds.push_back(prompt(voice, Prompt::LessThan));
    append(sounds, say_minutes(voice, *place_->expected_wait));
  }
  return sounds;
}

Sounds Waiting::announcement() const {
  Sounds sounds = spoken_place();
  append(sounds, settings_.announcement);
  for (const Key& key : settings_.keys) {
    sounds.push_back(prompt(settings_.voice, prompt_of(key.meaning)));
    append(sounds, say_digits(settings_.voice, std::string(1, key.key)));
  }
  return sounds;
}

void Waiting::announce(base::Now now, Actions& out) {
  announced_at_ = now.at;
  if (place_.has_value()) said_position_ = place_->position;
  Sounds sounds = announcement();
  if (sounds.empty()) {
    hold(now, out);
    return;
  }
  state_ = State::Announcing;
  deadline_ = now.at + kLongestPrompt;
  play(std::move(sounds), false, out);
}

bool Waiting::place_is_news() const {
  return settings_.announce_position && place_.has_value() && said_position_ != place_->position;
}

void Waiting::moved(const Place& place, base::Now now, Actions& out) {
  place_ = place;
  if (state_ != State::Holding || !place_is_news()) return;
  const base::Instant soon = announced_at_ + kBetweenAnnouncements;
  if (!said_position_.has_value() || now.at >= soon) {
    announce(now, out);
  } else {
    deadline_ = std::min(deadline_.value_or(soon), soon);
  }
}

void Waiting::digit(char digit, base::Now now, Actions& out) {
  if (ends_.has_value() && now.at >= *ends_) return;  // time_reached says what follows
  switch (state_) {
    case State::Greeting:
    case State::Holding:
    case State::Announcing: {
      const auto key = std::find_if(settings_.keys.begin(), settings_.keys.end(),
                                    [&](const Key& known) { return known.key == digit; });
      if (key != settings_.keys.end()) pressed(*key, now, out);
      break;
    }
    case State::EnteringNumber:
      number_key(digit, now, out);
      break;
    case State::CheckingNumber:
      check_key(digit, now, out);
      break;
    case State::Parting:
    case State::Done:
      break;
  }
}

void Waiting::pressed(const Key& key, base::Now now, Actions& out) {
  if (state_ == State::Greeting) out.emplace_back(GreetingOver{});
  if (key.meaning == Meaning::CallBack) {
    ask_number(now, out);
  } else {
    go_to(key.to, out);
  }
}

// ---- call back -----------------------------------------------------------------------------
void Waiting::ask_number(base::Now now, Actions& out) {
  number_.clear();
  state_ = State::EnteringNumber;
  deadline_ = now.at + kLongestPrompt;
  const Prompt question = settings_.caller_number.empty() ? Prompt::EnterCallBackNumber
                                                          : Prompt::EnterCallBackNumberOrHash;
  play({prompt(settings_.voice, question)}, false, out);
}

void Waiting::number_key(char digit, base::Now now, Actions& out) {
  if (digit == '#') {
    if (number_.empty()) number_ = settings_.caller_number;
    if (number_.empty()) {
      ask_number(now, out);
    } else {
      check_number(now, out);
    }
    return;
  }
  if (digit == '*') {
    ask_number(now, out);
    return;
  }
  if (digit < '0' || digit > '9') return;
  if (number_.empty()) out.emplace_back(StopPlaying{});
  if (number_.size() < kNumberMax) number_ += digit;
  deadline_ = now.at + kBetweenKeys;
}

void Waiting::check_number(base::Now now, Actions& out) {
  state_ = State::CheckingNumber;
  deadline_ = now.at + kLongestPrompt;
  const Voice& voice = settings_.voice;
  Sounds sounds{prompt(voice, Prompt::YouEntered)};
  append(sounds, say_digits(voice, number_));
  sounds.push_back(prompt(voice, Prompt::IsItRight));
  play(std::move(sounds), false, out);
}

void Waiting::check_key(char digit, base::Now now, Actions& out) {
  if (digit == '2') ask_number(now, out);
  if (digit != '1') return;
  state_ = State::Parting;
  ends_.reset();
  deadline_ = now.at + kThinksFor;
  out.emplace_back(CallBackWanted{number_});
  play({prompt(settings_.voice, Prompt::WillCallBack)}, false, out);
}

// ---- what ends by itself -------------------------------------------------------------------
void Waiting::played(base::Now now, Actions& out) {
  switch (state_) {
    case State::Greeting:
      out.emplace_back(GreetingOver{});
      announce(now, out);
      break;
    case State::Announcing:
      hold(now, out);
      break;
    case State::EnteringNumber:
    case State::CheckingNumber:
      deadline_ = now.at + kThinksFor;
      break;
    case State::Parting:
      state_ = State::Done;
      deadline_.reset();
      out.emplace_back(HangUp{});
      break;
    case State::Holding:
    case State::Done:
      break;
  }
}

void Waiting::recorded(const Recorded& /*recording*/, base::Now /*now*/, Actions& /*out*/) {}

void Waiting::time_reached(base::Now now, Actions& out) {
  if (state_ == State::Done) return;
  if (ends_.has_value() && now.at >= *ends_) {
    go_to(settings_.then, out);
    return;
  }
  if (!deadline_.has_value() || now.at < *deadline_) return;
  switch (state_) {
    case State::Greeting:
    case State::Announcing:
    case State::Parting:
      played(now, out);
      break;
    case State::Holding:
      announce(now, out);
      break;
    case State::EnteringNumber:
      if (number_.empty()) {
        hold(now, out);
      } else {
        check_number(now, out);
      }
      break;
    case State::CheckingNumber:
      hold(now, out);
      break;
    case State::Done:
      break;
  }
}

void Waiting::hung_up(base::Now /*now*/, Actions& /*out*/) {
  state_ = State::Done;
  deadline_.reset();
  ends_.reset();
}

std::optional<base::Instant> Waiting::deadline() const {
  if (!deadline_.has_value() || !ends_.has_value())
    return deadline_.has_value() ? deadline_ : ends_;
  return std::min(*deadline_, *ends_);
}

void Waiting::go_to(const model::Destination& to, Actions& out) {
  state_ = State::Done;
  deadline_.reset();
  ends_.reset();
  if (to.kind == model::DestinationKind::None) {
    out.emplace_back(HangUp{Cause::NoAnswer});
  } else {
    out.emplace_back(GoTo{to});
  }
}

}  // namespace service
