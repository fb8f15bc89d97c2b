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
    // Of a Message; of a Broken one its header fields, when they have ended: a 400 can be written
    // from them. Valid until the next feed().
    std::string_view bytes;
  };

  void feed(std::string_view bytes);
  // The next thing in the stream. Ping: CRLF CRLF, to be answered with CRLF. Broken: no
  // Content-Length, a contradictory one, or more than the limits: the connection must be closed,
  // and Broken is all that comes from now on. Where the stream was cut by feed() does not matter.
  [[nodiscard]] Item next();
  // Bytes of a message that has begun and not ended; line ends before it do not count.
  [[nodiscard]] std::size_t pending() const;

 private:
  [[nodiscard]] std::string_view rest() const { return std::string_view{buffer_}.substr(used_); }
  [[nodiscard]] std::optional<std::size_t> end_of_head();
  Item broken(std::string_view head);

  std::string buffer_;
  std::size_t used_ = 0;      // bytes that were handed out
  std::size_t searched_ = 0;  // no blank line ends before this offset
  bool broken_ = false;
};

}  // namespace sip
