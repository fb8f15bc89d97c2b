#include "call/detail/session_timer.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace call {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::optional<std::uint32_t> read_seconds(std::string_view text) {
  const std::string_view digits = trimmed(text);
  std::uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return seconds;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

base::Duration seconds_of(std::uint32_t seconds) {
  return base::Duration(std::int64_t{seconds} * 1000);
}

}  // namespace

std::optional<SessionExpires> parse_session_expires(std::string_view value) {
  const std::size_t semicolon = std::min(value.find(';'), value.size());
  const auto seconds = read_seconds(value.substr(0, semicolon));
  if (!seconds.has_value()) return std::nullopt;
  SessionExpires out{*seconds, {}};
  std::string_view rest = value.substr(semicolon);
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view parameter = rest.substr(0, std::min(rest.find(';'), rest.size()));
    rest.remove_prefix(parameter.size());
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos) continue;
    if (lower(trimmed(parameter.substr(0, equals))) != "refresher") continue;
    const std::string who = lower(trimmed(parameter.substr(equals + 1)));
    if (who == "uac" || who == "uas") out.refresher = who;
  }
  return out;
}

bool SessionTimer::too_small(const TimerHeaders& request) {
  const auto asked = parse_session_expires(request.session_expires);
  return asked.has_value() && asked->seconds < kMinSe && request.supports_timer;
}

std::string SessionTimer::answer(const TimerHeaders& request, base::Instant now) {
  const auto asked = parse_session_expires(request.session_expires);
  if (!request.supports_timer && !asked.has_value()) {
    stop();
    return {};
  }
  std::uint32_t seconds = asked.has_value() ? asked->seconds : kSessionExpires;
  const auto least = read_seconds(request.min_se);
  seconds = std::max({seconds, least.value_or(kMinSe), kMinSe});
  // Section 9, table 2: the UAC's wish holds; without one it is us.
  const bool peer = asked.has_value() && asked->refresher == "uac" && request.supports_timer;
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
  const auto chosen = parse_session_expires(response.session_expires);
  if (!chosen.has_value() || chosen->seconds == 0) {
    stop();
    return;
  }
  start(std::max(chosen->seconds, kMinSe),
        chosen->refresher == "uas" ? Refresher::Peer : Refresher::Us, now);
}

void SessionTimer::refreshed(base::Instant now) {
  if (interval_s_ != 0) start(interval_s_, refresher_, now);
}

void SessionTimer::refresh_sent() {
  if (interval_s_ != 0) due_ = started_ + seconds_of(interval_s_);
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
