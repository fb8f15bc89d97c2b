#pragma once
// Session descriptions (RFC 8866) as far as a signalling server must read them: views, bounds, and
// the few changes that an end-to-end relay makes.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sdp {

enum class Reject : std::uint8_t {
  TooLong,
  NotVersion0,
  BadLine,
  NoOrigin,
  BadOrigin,
  NoTiming,
  BadMedia,
  TooManyMedia,
  TooManyAttributes,
  BadConnection,
  BadControl
};
[[nodiscard]] const char* word(Reject reason);

enum class Direction : std::uint8_t { SendRecv, SendOnly, RecvOnly, Inactive };

struct Media {
  std::string_view kind;  // "audio"
  std::uint16_t port = 0;
  std::uint16_t port_count = 1;
  std::string_view protocol;  // "RTP/AVP"
  std::vector<std::string_view> formats;
  std::string_view address;  // of its own c= line, or the session's; "" if there is none
  Direction direction = Direction::SendRecv;
  std::vector<std::string_view> attributes;  // what follows "a="
};

// A view of a description; valid as long as its text.
struct Session {
  std::string_view origin_user, session_id, session_version, origin_address;
  std::string_view address;  // of the session's c= line
  std::string_view timing;   // of the first t= line: "0 0"
  std::vector<Media> media;

  [[nodiscard]] static base::Result<Session, Reject> parse(std::string_view text);
  // Nobody is heard: every live m-line is sendonly, inactive or has the address 0.0.0.0 (8.4 of RFC
  // 3264).
  [[nodiscard]] bool is_hold() const;
};

// The origin line that we show to one side of one dialog: our session id all along, and a version
// that rises by one when, and only when, what follows it changed (RFC 3264 section 8).
class OriginKeeper {
 public:
  explicit OriginKeeper(std::uint64_t session_id) : session_id_(session_id) {}
  // `text` with our own o= line. The same description gives the same bytes.
  [[nodiscard]] std::string rewrite(std::string_view text);

 private:
  std::uint64_t session_id_;
  std::uint64_t version_ = 0;
  std::uint64_t last_ = 0;  // a digest of what was shown last
};

// The answer that takes nothing: every m-line with port 0 (RFC 3264 section 6).
[[nodiscard]] base::Result<std::string, Reject> reject_all(std::string_view offer);

// True if `answer` may answer `offer`: as many m-lines of the same kinds in the same order, live
// ones with formats of the offer only.
[[nodiscard]] bool fits(const Session& offer, const Session& answer);

}  // namespace sdp
