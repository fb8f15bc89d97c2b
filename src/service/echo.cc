#include "service/echo.h"

#include <utility>

#include "base/time.h"
#include "facts/media.h"
#include "service/prompts.h"
#include "service/service.h"

namespace service {
namespace {

constexpr base::Duration kLongestWords{30'000};
constexpr base::Duration kLongestEcho{600'000};

}  // namespace

Echo::Echo(Voice voice) : voice_(std::move(voice)) {}

void Echo::begin(base::Now now, Actions& out) {
  out.emplace_back(Answer{});
  out.emplace_back(Play{.sounds = {prompt(voice_, Prompt::EchoTest), tone(facts::Tone::Beep)}});
  deadline_ = now.at + kLongestWords;
}

void Echo::echo(base::Now now, Actions& out) {
  state_ = State::Echoing;
  deadline_ = now.at + kLongestEcho;
  out.emplace_back(HearOneself{});
}

void Echo::part(base::Now now, Actions& out) {
  state_ = State::Parting;
  deadline_ = now.at + kLongestWords;
  out.emplace_back(Play{.sounds = {prompt(voice_, Prompt::EchoOver)}});
}

void Echo::finish() {
  state_ = State::Done;
  deadline_.reset();
}

// # while it is explained: to the echo at once.
void Echo::digit(char digit, base::Now now, Actions& out) {
  if (digit != '#') return;
  if (state_ == State::Introducing) {
    out.emplace_back(StopPlaying{});
    echo(now, out);
  } else if (state_ == State::Echoing) {
    part(now, out);
  }
}

void Echo::played(base::Now now, Actions& out) {
  if (state_ == State::Introducing) {
    echo(now, out);
  } else if (state_ == State::Parting) {
    finish();
    out.emplace_back(HangUp{});
  }
}

void Echo::recorded(const Recorded& /*recording*/, base::Now /*now*/, Actions& /*out*/) {}

void Echo::time_reached(base::Now now, Actions& out) {
  if (!deadline_.has_value() || now.at < *deadline_) return;
  switch (state_) {
    case State::Introducing:
      echo(now, out);
      break;
    case State::Echoing:
      part(now, out);
      break;
    case State::Parting:
      finish();
      out.emplace_back(HangUp{});
      break;
    case State::Done:
      break;
  }
}

void Echo::hung_up(base::Now /*now*/, Actions& /*out*/) {
  finish();
}

}  // namespace service
