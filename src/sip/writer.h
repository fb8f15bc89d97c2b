#pragma once
// Writes SIP messages. Bytes go into one string; what would break a line (CR, LF, NUL) is refused.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/address.h"
#include "sip/message.h"

namespace sip {

class Writer {
 public:
  Writer() { out_.reserve(1024); }
  Writer& request(std::string_view method, std::string_view uri);
  Writer& status(std::uint16_t code, std::string_view phrase);
  // One header field. A value with CR, LF or NUL makes the message unusable: ok() is false.
  Writer& header(Header id, std::string_view value);
  Writer& header(std::string_view name, std::string_view value);
  Writer& header(Header id, std::uint64_t value);
  // Whole lines with their CRLF, made by this house.
  Writer& lines(std::string_view text);
  // Every field of that kind of another message, one line each.
  Writer& copy(const Message& from, Header id);
  // Content-Type (when there is a body), Content-Length, blank line, body. The message is complete.
  Writer& body(std::string_view type, std::string_view bytes);
  Writer& no_body() { return body({}, {}); }
  [[nodiscard]] bool ok() const { return ok_; }
  // REQUIRES: ok().
  [[nodiscard]] std::string take();
  [[nodiscard]] const std::string& text() const { return out_; }

  friend Writer rewritten(const Message& message);
  friend Writer response_to(const Message& request, const base::Address& source, std::uint16_t code,
                            std::string_view to_tag);

 private:
  void append(std::string_view name, std::string_view value);

  std::string out_;
  bool ok_ = true;
};

// The message as it was understood: one line a field, names as written, no folds. What
// Message::parse accepts, it accepts again in this form and sees the same in it.
[[nodiscard]] Writer rewritten(const Message& message);

// The usual reason phrase: "Busy Here"; "Unknown" for codes without one.
[[nodiscard]] std::string_view phrase_of(std::uint16_t code);

// Begins a response (8.2.6): status line, Via (received and rport of the source on the top one, RFC
// 3581), From, To with `to_tag` (when it had none and the tag is not empty), Call-ID, CSeq. The
// caller adds its own header fields, Record-Route where the response makes a dialog (12.1.1), and
// the body. A 100 takes the Timestamp along.
[[nodiscard]] Writer response_to(const Message& request, const base::Address& source,
                                 std::uint16_t code, std::string_view to_tag);

// Where a response goes (18.2.2, RFC 3581): received/rport of the source for UDP; streams use the
// connection.
[[nodiscard]] base::Address response_target(const Message& request, const base::Address& source);

}  // namespace sip
