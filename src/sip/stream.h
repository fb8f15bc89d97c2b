#pragma once
// Cuts a byte stream into SIP messages by Content-Length (RFC 3261 18.3) and finds the keep-alives
// of RFC 5626 between them.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sip {

class StreamFramer {
 public:
  enum class Kind : std::uint8_t { NeedMore, Message, Ping, Broken };
  struct Item {
    Kind kind = Kind::NeedMore;
    std::string_view bytes;  // of a Message; valid until the next feed() or next()
  };

  void feed(std::string_view bytes) { buffer_.append(bytes); }
  // The next thing in the stream. Ping: CRLF CRLF, to be answered with CRLF. Broken: no
  // Content-Length, a contradictory one, or more than the limits: the connection must be closed.
  [[nodiscard]] Item next();
  // Bytes of a message that has begun and not ended.
  [[nodiscard]] std::size_t pending() const { return buffer_.size() - used_; }

 private:
  void drop_used();

  std::string buffer_;
  std::size_t used_ = 0;
  std::size_t searched_ = 0;  // no blank line before this offset
};

}  // namespace sip
