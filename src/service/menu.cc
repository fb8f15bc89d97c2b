#include "service/menu.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"
#include "model/office.h"
#include "service/prompts.h"
#include "service/service.h"

namespace service {
namespace {

constexpr base::Duration kBetweenKeys{2'000};
constexpr base::Duration kLongestGreeting{180'000};
constexpr base::Duration kLongestLastWord{15'000};
constexpr base::Duration kLongest{600'000};

}  // namespace

Menu::Menu(Settings settings) : settings_(std::move(settings)) {}

void Menu::begin(base::Now now, Actions& out) {
  out.emplace_back(Answer{});
  ends_ = now.at + kLongest;
  greet(now, out);
}

void Menu::greet(base::Now now, Actions& out) {
  keyed_.clear();
  if (settings_.greeting.empty()) {
    state_ = State::Waiting;
    deadline_ = now.at + settings_.timeout;
    return;
  }
  state_ = State::Greeting;
  deadline_ = now.at + kLongestGreeting;
  out.emplace_back(Play{.sounds = settings_.greeting});
}

// What exactly these keys mean, a key of the menu before an extension; null: nothing.
const model::Destination* Menu::meant_by(std::string_view keyed) const {
  for (const model::IvrKey& key : settings_.keys)
    if (key.key == keyed) return &key.to;
  for (const DirectDial& direct : settings_.extensions)
    if (direct.extension == keyed) return &direct.to;
  return nullptr;
}

bool Menu::begins_something_longer(std::string_view keyed) const {
  const auto longer = [&](std::string_view whole) {
    return whole.size() > keyed.size() && whole.substr(0, keyed.size()) == keyed;
  };
  return std::any_of(settings_.keys.begin(), settings_.keys.end(),
                     [&](const model::IvrKey& key) { return longer(key.key); }) ||
         std::any_of(settings_.extensions.begin(), settings_.extensions.end(),
                     [&](const DirectDial& direct) { return longer(direct.extension); });
}

void Menu::digit(char digit, base::Now now, Actions& out) {
  if (state_ == State::Parting || state_ == State::Done) return;
  const std::string with_it = keyed_ + digit;
  const bool known = meant_by(with_it) != nullptr || begins_something_longer(with_it);
  if (!known && (digit == '#' || digit == '*')) {
    if (keyed_.empty()) {
      repeat(now, out);
    } else if (digit == '#') {
      take(now, out);
    } else {
      failed(Prompt::WrongKey, now, out);
    }
    return;
  }
  if (state_ == State::Greeting) out.emplace_back(StopPlaying{});
  state_ = State::Collecting;
  deadline_ = now.at + kBetweenKeys;
  keyed_ = with_it;
  if (!begins_something_longer(keyed_)) take(now, out);
}

// What was keyed so far is all.
void Menu::take(base::Now now, Actions& out) {
  if (const model::Destination* to = meant_by(keyed_); to != nullptr) {
    go_to(*to, out);
    return;
  }
  failed(keyed_.size() > 1 ? Prompt::NoSuchExtension : Prompt::WrongKey, now, out);
}

// The greeting again, because the caller asked for it: no try is used up.
void Menu::repeat(base::Now now, Actions& out) {
  greet(now, out);
}

void Menu::failed(std::optional<Prompt> why, base::Now now, Actions& out) {
  if (++failures_ >= settings_.tries) {
    go_otherwise(now, out);
    return;
  }
  keyed_.clear();
  Sounds sounds;
  if (why.has_value()) sounds.push_back(prompt(settings_.voice, *why));
  append(sounds, settings_.greeting);
  if (sounds.empty()) {
    greet(now, out);
    return;
  }
  state_ = State::Greeting;
  deadline_ = now.at + kLongestGreeting;
  out.emplace_back(Play{.sounds = std::move(sounds)});
}

void Menu::go_otherwise(base::Now now, Actions& out) {
  if (settings_.otherwise.kind != model::DestinationKind::None) {
    go_to(settings_.otherwise, out);
    return;
  }
  state_ = State::Parting;
  deadline_ = now.at + kLongestLastWord;
  out.emplace_back(Play{.sounds = {prompt(settings_.voice, Prompt::Goodbye)}});
}

void Menu::go_to(const model::Destination& to, Actions& out) {
  state_ = State::Done;
  deadline_.reset();
  out.emplace_back(GoTo{to});
}

void Menu::played(base::Now now, Actions& out) {
  if (state_ == State::Greeting) {
    state_ = State::Waiting;
    deadline_ = now.at + settings_.timeout;
  } else if (state_ == State::Parting) {
    state_ = State::Done;
    deadline_.reset();
    out.emplace_back(HangUp{});
  }
}

void Menu::recorded(const Recorded& /*recording*/, base::Now /*now*/, Actions& /*out*/) {}

void Menu::time_reached(base::Now now, Actions& out) {
  const std::optional<base::Instant> due = deadline();
  if (!due.has_value() || now.at < *due) return;
  if (state_ != State::Parting && now.at >= ends_) {
    go_otherwise(now, out);
    return;
  }
  switch (state_) {
    case State::Greeting:
    case State::Parting:
      played(now, out);
      break;
    case State::Waiting:
      failed(std::nullopt, now, out);
      break;
    case State::Collecting:
      take(now, out);
      break;
    case State::Done:
      break;
  }
}

void Menu::hung_up(base::Now /*now*/, Actions& /*out*/) {
  state_ = State::Done;
  deadline_.reset();
}

std::optional<base::Instant> Menu::deadline() const {
  if (!deadline_.has_value() || state_ == State::Parting) return deadline_;
  return std::min(*deadline_, ends_);
}

}  // namespace service
