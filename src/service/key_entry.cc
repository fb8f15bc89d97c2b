#include "service/key_entry.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/time.h"
#include "service/service.h"

namespace service {
namespace {

constexpr std::uint32_t kTries = 3;
constexpr std::uint32_t kQuestions = 3;  // without a key: goodbye
constexpr std::size_t kKeysMax = 20;
constexpr base::Duration kThinksFor{10'000};
constexpr base::Duration kBetweenKeys{5'000};
constexpr base::Duration kJudgedWithin{10'000};
constexpr base::Duration kLongestPrompt{60'000};

}  // namespace

KeyEntry::KeyEntry(Settings settings) : settings_(std::move(settings)) {}

void KeyEntry::begin(base::Now now, Actions& out) {
  out.emplace_back(Answer{});
  start({}, now, out);
}

void KeyEntry::start(Sounds before, base::Now now, Actions& out) {
  answers_ = settings_.known;
  silences_ = 0;
  ask(std::move(before), now, out);
}

// The next question, or what was keyed if there is none.
void KeyEntry::ask(Sounds before, base::Now now, Actions& out) {
  keyed_.clear();
  if (answers_.size() >= settings_.questions.size()) {
    state_ = State::Judging;
    deadline_ = now.at + kJudgedWithin;
    out.emplace_back(Keyed{answers_});
    return;
  }
  state_ = State::Asking;
  deadline_ = now.at + kLongestPrompt;
  before.push_back(settings_.questions[answers_.size()]);
  out.emplace_back(Play{.sounds = std::move(before)});
}

void KeyEntry::answer(base::Now now, Actions& out) {
  answers_.push_back(keyed_);
  silences_ = 0;
  ask({}, now, out);
}

void KeyEntry::digit(char digit, base::Now now, Actions& out) {
  if (state_ != State::Asking) return;
  if (digit == '#' && !keyed_.empty()) {
    answer(now, out);
  } else if (digit == '*') {
    ask({}, now, out);
  } else if (digit >= '0' && digit <= '9') {
    if (keyed_.empty()) out.emplace_back(StopPlaying{});
    if (keyed_.size() < kKeysMax) keyed_ += digit;
    deadline_ = now.at + kBetweenKeys;
  }
}

void KeyEntry::played(base::Now now, Actions& out) {
  if (state_ == State::Asking) {
    deadline_ = now.at + (keyed_.empty() ? kThinksFor : kBetweenKeys);
  } else if (state_ == State::Parting) {
    finish();
    out.emplace_back(HangUp{});
  }
}

void KeyEntry::recorded(const Recorded& /*recording*/, base::Now /*now*/, Actions& /*out*/) {}

void KeyEntry::time_reached(base::Now now, Actions& out) {
  if (!deadline_.has_value() || now.at < *deadline_) return;
  switch (state_) {
    case State::Asking:
      if (!keyed_.empty()) {
        answer(now, out);
      } else if (++silences_ < kQuestions) {
        ask({}, now, out);
      } else {
        part({}, now, out);
      }
      break;
    case State::Judging:
      part({}, now, out);
      break;
    case State::Parting:
      played(now, out);
      break;
    case State::Done:
      break;
  }
}

void KeyEntry::accepted(Sounds said, base::Now now, Actions& out) {
  if (state_ == State::Judging) part(std::move(said), now, out);
}

void KeyEntry::refused(Sounds said, bool again, base::Now now, Actions& out) {
  if (state_ != State::Judging) return;
  if (again && ++refusals_ < kTries && settings_.known.size() < settings_.questions.size()) {
    start(std::move(said), now, out);
  } else {
    part(std::move(said), now, out);
  }
}

void KeyEntry::part(Sounds said, base::Now now, Actions& out) {
  state_ = State::Parting;
  deadline_ = now.at + kLongestPrompt;
  said.push_back(settings_.goodbye);
  out.emplace_back(Play{.sounds = std::move(said)});
}

void KeyEntry::hung_up(base::Now /*now*/, Actions& /*out*/) {
  finish();
}

void KeyEntry::finish() {
  state_ = State::Done;
  deadline_.reset();
}

}  // namespace service
