#include "service/confirm.h"

#include <optional>
#include <utility>

#include "base/time.h"
#include "service/prompts.h"
#include "service/say.h"
#include "service/service.h"

namespace service {
namespace {

constexpr base::Duration kKeysIgnoredFor{500};
constexpr base::Duration kAsksFor{15'000};
constexpr base::Duration kTellsTooLateFor{5'000};
// Phones open their audio a moment after they answered.
constexpr base::Duration kBeforeTheQuestion{500};
constexpr base::Duration kBetweenQuestions{1'500};

}  // namespace

Confirm::Confirm(Settings settings) : settings_(std::move(settings)) {}

void Confirm::begin(base::Now now, Actions& out) {
  keys_count_from_ = now.at + kKeysIgnoredFor;
  deadline_ = now.at + kAsksFor;
  ask(out);
}

// "Call from four eight … for eight zero zero one. Press 1 …", over and over until the time is up.
void Confirm::ask(Actions& out) const {
  const Voice& voice = settings_.voice;
  Sounds sounds{pause(kBeforeTheQuestion), prompt(voice, Prompt::CallFrom)};
  if (settings_.caller_name.has_value()) {
    sounds.push_back(*settings_.caller_name);
  } else if (settings_.caller_number.empty()) {
    sounds.push_back(prompt(voice, Prompt::AnUnknownCaller));
  } else {
    append(sounds, say_digits(voice, settings_.caller_number));
  }
  if (settings_.called_name.has_value()) {
    append(sounds, {prompt(voice, Prompt::CallFor), *settings_.called_name});
  } else if (!settings_.called_number.empty()) {
    sounds.push_back(prompt(voice, Prompt::CallFor));
    append(sounds, say_digits(voice, settings_.called_number));
  }
  sounds.push_back(prompt(voice, settings_.mailbox_offered ? Prompt::ConfirmOptions
                                                           : Prompt::ConfirmOptionsWithoutMailbox));
  sounds.push_back(pause(kBetweenQuestions));
  out.emplace_back(Play{.sounds = std::move(sounds), .loop = true});
}

void Confirm::digit(char digit, base::Now now, Actions& out) {
  if (state_ != State::Asking || now.at < keys_count_from_) return;
  // A key that comes with or after the end of the time is too late, whatever is told first.
  if (deadline_.has_value() && now.at >= *deadline_) {
    finish(Confirmation::NotConfirmed, out);
    return;
  }
  switch (digit) {
    case '1':
      finish(Confirmation::Taken, out);
      break;
    case '2':
      if (settings_.mailbox_offered) finish(Confirmation::ToMailbox, out);
      break;
    case '3':
      finish(Confirmation::Declined, out);
      break;
    case '#':
      ask(out);
      break;
    default:
      break;
  }
}

void Confirm::played(base::Now /*now*/, Actions& out) {
  if (state_ != State::TellingTooLate) return;
  state_ = State::Done;
  deadline_.reset();
  out.emplace_back(HangUp{});
}

void Confirm::recorded(const Recorded& /*recording*/, base::Now /*now*/, Actions& /*out*/) {}

void Confirm::time_reached(base::Now now, Actions& out) {
  if (!deadline_.has_value() || now.at < *deadline_) return;
  if (state_ == State::Asking) finish(Confirmation::NotConfirmed, out);
  if (state_ == State::TellingTooLate) played(now, out);
}

void Confirm::hung_up(base::Now /*now*/, Actions& /*out*/) {
  state_ = State::Done;
  deadline_.reset();
}

void Confirm::too_late(base::Now now, Actions& out) {
  if (state_ != State::Asking) return;
  state_ = State::TellingTooLate;
  deadline_ = now.at + kTellsTooLateFor;
  out.emplace_back(Play{.sounds = {prompt(settings_.voice, Prompt::TooLate)}});
}

std::optional<base::Instant> Confirm::deadline() const {
  return deadline_;
}

void Confirm::finish(Confirmation result, Actions& out) {
  state_ = State::Done;
  deadline_.reset();
  out.emplace_back(StopPlaying{});
  out.emplace_back(Confirmed{result});
}

}  // namespace service
