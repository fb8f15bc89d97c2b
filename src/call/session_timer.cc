#include "call/detail/session_timer.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "sip/header_values.h"
#include "sip/text.h"

namespace call {
namespace {

base::Duration seconds_of(std::uint32_t seconds) {
  return base::Duration(std::int64_t{seconds} * 1000);
}

}  // namespace

bool SessionTimer::too_small(const TimerHeaders& request) {
  const auto asked = sip::SessionExpires::parse(request.session_expires);
  return asked.has_value() && asked->seconds < kMinSe && request.supports_timer;
}

std::string SessionTimer::answer(const TimerHeaders& request, base::Instant now) {
  const auto asked = sip::SessionExpires::parse(request.session_expires);
  if (!request.supports_timer && !asked.has_value()) {
    stop();
    return {};
  }
  std::uint32_t seconds = asked.has_value() ? asked->seconds : kSessionExpires;
  const auto least = sip::seconds_of(request.min_se);
  seconds = std::max({seconds, least.value_or(kMinSe), kMinSe});
  // Section 9, table 2: the UAC's wish holds; without one it is us.
  const bool peer =
      asked.has_value() && sip::same_word(asked->refresher, "uac") && request.supports_timer;
  start(seconds, peer ? Refresher::Peer : Refresher::Us, now);
  std::string out = "Session-Expires: " + std::to_string(seconds);
  out += peer ? ";refresher=uac\r\nRequire: timer\r\n" : ";refresher=uas\r\n";
  return out;
}

std::string SessionTimer::offer(std::uint32_t min_se) const {
  const std::uint32_t least = std::max(min_se, kMinSe);
  const std::uint32_t seconds = std::max(interval_s_ == 0 ? kSessionExpires : interval_s_, least);
  std::string out = "Session-Expires: " + std::to_string(seconds);
  if (refresher_ == Refresher::Us) out += ";refresher=uac";
  if (refresher_ == Refresher::Peer) out += ";refresher=uas";
  return out + "\r\nMin-SE: " + std::to_string(least) + "\r\n";
}

void SessionTimer::accept(const TimerHeaders& response, base::Instant now) {
  const auto chosen = sip::SessionExpires::parse(response.session_expires);
  if (!chosen.has_value() || chosen->seconds == 0) {
    stop();
    return;
  }
  start(std::max(chosen->seconds, kMinSe),
        sip::same_word(chosen->refresher, "uas") ? Refresher::Peer : Refresher::Us, now);
}

void SessionTimer::accept_or_refresh(const TimerHeaders& response, base::Instant now) {
  if (response.session_expires.empty()) {
    refreshed(now);
  } else {
    accept(response, now);
  }
}

void SessionTimer::retry_soon(base::Instant now) {
  if (interval_s_ != 0 && refresher_ == Refresher::Us) {
    due_ = std::min(now + base::Duration(4'000), started_ + seconds_of(interval_s_));
  }
}

void SessionTimer::refreshed(base::Instant now) {
  if (interval_s_ != 0) start(interval_s_, refresher_, now);
}

void SessionTimer::refresh_sent() {
  if (interval_s_ != 0) due_ = started_ + seconds_of(interval_s_);
}

bool SessionTimer::is_expired(base::Instant now) const {
  return interval_s_ != 0 && now >= started_ + seconds_of(interval_s_);
}

void SessionTimer::start(std::uint32_t seconds, Refresher refresher, base::Instant now) {
  interval_s_ = seconds;
  refresher_ = refresher;
  started_ = now;
  const base::Duration whole = seconds_of(seconds);
  const base::Duration margin = std::min(base::Duration(32'000), whole / 3);
  due_ = now + (refresher == Refresher::Us ? whole / 2 : whole - margin);
}

}  // namespace call
