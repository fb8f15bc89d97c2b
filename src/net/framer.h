#pragma once
// Cuts a byte stream into messages. net/ knows no protocol: app/ hands in a factory of framers made
// with sip/stream.h.

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace net {

enum class FrameKind : std::uint8_t {
  NeedMore,  // nothing complete is buffered; `bytes` is empty
  Message,   // `bytes` is one whole message
  Reply,     // `bytes` go back to the peer at once (a pong), the stream goes on
  Broken  // the stream cannot be trusted any more: `bytes`, what can be shown of the message (may
          // be empty), goes to Handler::on_broken, then the connection closes
};

struct Frame {
  FrameKind kind = FrameKind::NeedMore;
  std::string_view bytes;  // valid until the next call of feed() or next()
};

class Framer {
 public:
  Framer() = default;
  Framer(const Framer&) = delete;
  Framer& operator=(const Framer&) = delete;
  virtual ~Framer() = default;
  // Appends what was read. The framer bounds its own buffer and answers Broken beyond it.
  virtual void feed(std::string_view bytes) = 0;
  // The next frame; called until it says NeedMore or Broken.
  [[nodiscard]] virtual Frame next() = 0;
  // True while the beginning of a message is buffered: the 8 s clock of an unfinished message runs.
  [[nodiscard]] virtual bool unfinished() const = 0;
};

// What is fed to it: any pieces of a stream, or (of a WebSocket) one whole message at a time.
enum class Feeding : std::uint8_t { Pieces, Messages };

using FramerFactory = std::function<std::unique_ptr<Framer>(Feeding)>;

}  // namespace net
