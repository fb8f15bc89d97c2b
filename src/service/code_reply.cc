#include "service/code_reply.h"

#include <utility>

#include "base/time.h"
#include "service/service.h"

namespace service {
namespace {

constexpr base::Duration kPatience{8'000};  // longer than the store may take
constexpr base::Duration kLongest{60'000};  // it ends also when nobody says that it was played

}  // namespace

CodeReply::CodeReply(Settings settings) : settings_(std::move(settings)) {}

void CodeReply::begin(base::Now now, Actions& out) {
  if (!settings_.said.empty()) {
    say(std::move(settings_.said), now, out);
    return;
  }
  deadline_ = now.at + kPatience;
}

void CodeReply::say(Sounds said, base::Now now, Actions& out) {
  if (state_ != State::Waiting) return;
  state_ = State::Speaking;
  deadline_ = now.at + kLongest;
  out.emplace_back(Answer{});
  out.emplace_back(Play{.sounds = std::move(said)});
}

void CodeReply::digit(char /*digit*/, base::Now /*now*/, Actions& /*out*/) {}

void CodeReply::played(base::Now /*now*/, Actions& out) {
  if (state_ != State::Speaking) return;
  state_ = State::Done;
  deadline_.reset();
  out.emplace_back(HangUp{});
}

void CodeReply::recorded(const Recorded& /*recording*/, base::Now /*now*/, Actions& /*out*/) {}

void CodeReply::time_reached(base::Now now, Actions& out) {
  if (!deadline_.has_value() || now.at < *deadline_) return;
  if (state_ == State::Waiting) {
    say(std::move(settings_.late), now, out);
  } else {
    played(now, out);
  }
}

void CodeReply::hung_up(base::Now /*now*/, Actions& /*out*/) {
  state_ = State::Done;
  deadline_.reset();
}

}  // namespace service
