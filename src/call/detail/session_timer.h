#pragma once
// The session timer of one answered leg (RFC 4028), each leg for itself: a side that vanished
// without a BYE is noticed, and nobody stays "in a call" for ever (sip.md 4.8).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace call {

inline constexpr std::uint32_t kSessionExpires = 1800;  // seconds, what we ask for
inline constexpr std::uint32_t kMinSe = 90;             // the least that RFC 4028 allows

enum class Refresher : std::uint8_t { Nobody, Us, Peer };

// What the peer's request or response says, as far as this timer needs it.
struct TimerHeaders {
  std::string_view session_expires;  // value or empty
  std::string_view min_se;
  bool supports_timer = false;
};

class SessionTimer final {
 public:
  // We are UAS: chooses for our 2xx. Returns the header lines to put into it (Session-Expires, and
  // Require: timer where the peer refreshes), empty if there is no timer. REQUIRES: not too_small.
  [[nodiscard]] std::string answer(const TimerHeaders& request, base::Instant now);
  // True if a request must get 422 with `Min-SE: 90`.
  [[nodiscard]] static bool too_small(const TimerHeaders& request);
  // We are UAC: the lines of our request; `min_se` from a 422, or 0. A running timer is offered
  // again as it is.
  [[nodiscard]] std::string offer(std::uint32_t min_se) const;
  // We are UAC and a 2xx came.
  void accept(const TimerHeaders& response, base::Instant now);
  // The same for a session that runs: a 2xx without Session-Expires refreshes what was agreed.
  void accept_or_refresh(const TimerHeaders& response, base::Instant now);
  // A refresh met 491 or 500, or could not be sent: once more in a moment, if the session still has
  // it.
  void retry_soon(base::Instant now);
  // Anything that refreshes the session: a 2xx to re-INVITE or UPDATE.
  void refreshed(base::Instant now);
  void stop() { *this = SessionTimer(); }

  [[nodiscard]] Refresher refresher() const { return refresher_; }
  [[nodiscard]] std::uint32_t interval_s() const { return interval_s_; }
  // When we refresh (half of the interval), or when we say BYE because the peer did not: at expiry
  // minus min(32 s, a third).
  [[nodiscard]] std::optional<base::Instant> deadline() const { return due_; }
  // Moves the deadline of a refresh that has been sent to the end of the session.
  void refresh_sent();
  // The session's time is over and nothing refreshed it.
  [[nodiscard]] bool is_expired(base::Instant now) const;

 private:
  void start(std::uint32_t seconds, Refresher refresher, base::Instant now);

  // Plain state.
  std::uint32_t interval_s_ = 0;  // 0 = no timer
  Refresher refresher_ = Refresher::Nobody;
  base::Instant started_{};
  std::optional<base::Instant> due_;
};

}  // namespace call
