#include "net/websocket.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/utf8.h"
#include "net/layer.h"

namespace net {
namespace {

constexpr std::size_t kHeadMax = 8'192;   // of the upgrade request
constexpr std::size_t kControlMax = 125;  // RFC 6455 5.5
constexpr std::size_t kMaskBytes = 4;
constexpr std::uint8_t kFin = 0x80, kReserved = 0x70, kOpcodeBits = 0x0F, kMasked = 0x80,
                       kLengthBits = 0x7F;

enum class Opcode : std::uint8_t {
  Continuation = 0,
  Text = 1,
  Binary = 2,
  Close = 8,
  Ping = 9,
  Pong = 10
};

// Why we close (RFC 6455 7.4.1).
enum class CloseCode : std::uint16_t {
  Normal = 1000,
  ProtocolError = 1002,
  NotUtf8 = 1007,
  TooBig = 1009
};

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = base::utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

// One frame of ours: whole and without a mask.
void append_frame(std::string& out, Opcode opcode, std::string_view payload) {
  out += static_cast<char>(kFin | static_cast<std::uint8_t>(opcode));
  const std::uint64_t size = payload.size();
  std::size_t length_bytes = 0;
  if (size <= kControlMax) {
    out += static_cast<char>(size);
  } else {
    length_bytes = size <= 0xFFFF ? 2 : 8;
    out += static_cast<char>(length_bytes == 2 ? 126 : 127);
  }
  for (std::size_t i = length_bytes; i > 0; --i)
    out += static_cast<char>(size >> (8 * (i - 1)) & 0xFFU);
  out += payload;
}

std::string close_payload(CloseCode code) {
  const auto number = static_cast<std::uint16_t>(code);
  return {static_cast<char>(number >> 8U), static_cast<char>(number & 0xFFU)};
}

// The head of a frame; `size` is what it takes itself.
struct FrameHead {
  bool fin = false;
  Opcode opcode = Opcode::Continuation;
  std::uint64_t payload = 0;
  std::size_t size = 0;
};

bool is_control(Opcode opcode) {
  return static_cast<std::uint8_t>(opcode) >= 8;
}

bool is_known(std::uint8_t opcode) {
  return opcode <= 2 || (opcode >= 8 && opcode <= 10);
}

// What came is no frame that a client may send.
struct NoFrame {};
using ReadHead = std::pair<std::optional<FrameHead>, std::optional<NoFrame>>;

// Neither: more bytes are needed.
ReadHead read_head(std::string_view bytes) {
  const ReadHead bad{std::nullopt, NoFrame{}};
  if (bytes.size() < 2) return {};
  const std::uint8_t first = byte_at(bytes, 0);
  const std::uint8_t second = byte_at(bytes, 1);
  const auto opcode = static_cast<std::uint8_t>(first & kOpcodeBits);
  if ((first & kReserved) != 0 || !is_known(opcode) || (second & kMasked) == 0) return bad;
  FrameHead head{(first & kFin) != 0, static_cast<Opcode>(opcode),
                 static_cast<std::uint64_t>(second & kLengthBits), 2 + kMaskBytes};
  if (is_control(head.opcode) && (!head.fin || head.payload > kControlMax)) return bad;
  if (head.payload > kControlMax) {
    const std::size_t length_bytes = head.payload == 126 ? 2 : 8;
    if (bytes.size() < 2 + length_bytes) return {};
    head.payload = 0;
    for (std::size_t i = 0; i < length_bytes; ++i)
      head.payload = head.payload << 8U | byte_at(bytes, 2 + i);
    head.size += length_bytes;
    // The shortest form, and no length with its highest bit set.
    const bool shortest = length_bytes == 2 ? head.payload > kControlMax : head.payload > 0xFFFF;
    if (!shortest || head.payload >> 63U != 0) return bad;
  }
  if (bytes.size() < head.size) return {};
  return {head, std::nullopt};
}

class WebSocketLayer final : public Layer {
 public:
  explicit WebSocketLayer(std::size_t max_message) : max_message_(max_message) {}

  void start(Output& /*out*/) override {}

  void receive(std::string_view bytes, Output& out) override {
    if (state_ == State::Broken || state_ == State::Ended) return;
    buffer_ += bytes;
    if (state_ == State::Opening) read_upgrade(out);
    std::size_t used = 0;
    while (state_ == State::Open) {
      const std::size_t frame = read_frame(std::string_view{buffer_}.substr(used), out);
      if (frame == 0) break;
      used += frame;
    }
    buffer_.erase(0, used);
    if (buffer_.empty()) std::string().swap(buffer_);  // an idle connection keeps none
  }

  void send(std::string_view message, Output& out) override {
    append_frame(out.down, is_utf8(message) ? Opcode::Text : Opcode::Binary, message);
  }

  void finish(Output& out) override {
    if (state_ == State::Open)
      append_frame(out.down, Opcode::Close, close_payload(CloseCode::Normal));
  }

  [[nodiscard]] bool ping(Output& out) override {
    if (asked_) return false;
    asked_ = true;
    append_frame(out.down, Opcode::Ping, {});
    return true;
  }
  [[nodiscard]] bool pings() const override { return true; }
  [[nodiscard]] bool unfinished() const override { return !buffer_.empty() || in_message_; }
  [[nodiscard]] State state() const override { return state_; }
  [[nodiscard]] std::string trouble() const override { return trouble_; }

 private:
  void read_upgrade(Output& out) {
    const std::size_t end = buffer_.find("\r\n\r\n");
    if (end == std::string::npos) {
      if (buffer_.size() > kHeadMax) broken("its upgrade request is too long");
      return;
    }
    Upgrade answered = upgrade(std::string_view{buffer_}.substr(0, end + 4));
    buffer_.erase(0, end + 4);
    out.down += answered.answer;
    if (answered.accepted) {
      state_ = State::Open;
    } else {
      broken(std::move(answered.trouble));
    }
  }

  // How many bytes the first frame takes; 0 when it is not whole yet.
  std::size_t read_frame(std::string_view bytes, Output& out) {
    const auto [head, bad] = read_head(bytes);
    if (bad.has_value()) {
      close(CloseCode::ProtocolError, "it sent what is no frame of a client", out);
      return 0;
    }
    if (!head.has_value()) return 0;
    // Compared in 64 bits before anything is made smaller.
    if (!is_control(head->opcode) && head->payload > max_message_ - message_.size()) {
      close(CloseCode::TooBig, "its message is too long", out);
      return 0;
    }
    const auto size = static_cast<std::size_t>(head->payload);
    if (bytes.size() - head->size < size) return 0;
    std::string payload(bytes.substr(head->size, size));
    const std::string_view mask = bytes.substr(head->size - kMaskBytes, kMaskBytes);
    for (std::size_t i = 0; i < payload.size(); ++i)
      payload[i] = static_cast<char>(byte_at(payload, i) ^ byte_at(mask, i % kMaskBytes));
    asked_ = false;  // whatever comes is a sign of life
    take(*head, payload, out);
    return head->size + size;
  }

  void take(const FrameHead& head, const std::string& payload, Output& out) {
    switch (head.opcode) {
      case Opcode::Text:
      case Opcode::Binary:
      case Opcode::Continuation:
        take_data(head, payload, out);
        return;
      case Opcode::Ping:
        append_frame(out.down, Opcode::Pong, payload);
        return;
      case Opcode::Pong:
        return;
      case Opcode::Close:
        // The same code goes back (5.5.1).
        append_frame(out.down, Opcode::Close,
                     payload.size() < 2 ? std::string() : payload.substr(0, 2));
        state_ = State::Ended;
        return;
    }
  }

  void take_data(const FrameHead& head, std::string_view payload, Output& out) {
    const bool goes_on = head.opcode == Opcode::Continuation;
    if (goes_on != in_message_) {
      close(CloseCode::ProtocolError, "its fragments are in disorder", out);
      return;
    }
    if (!goes_on) is_text_ = head.opcode == Opcode::Text;
    in_message_ = !head.fin;
    message_ += payload;
    if (in_message_) return;
    if (is_text_ && !is_utf8(message_)) {
      close(CloseCode::NotUtf8, "its text is not UTF-8", out);
      return;
    }
    out.up.push_back(std::move(message_));
    message_.clear();
  }

  void close(CloseCode code, std::string why, Output& out) {
    append_frame(out.down, Opcode::Close, close_payload(code));
    broken(std::move(why));
  }

  void broken(std::string why) {
    state_ = State::Broken;
    trouble_ = std::move(why);
  }

  std::size_t max_message_;
  State state_ = State::Opening;
  std::string buffer_;   // not read yet
  std::string message_;  // fragments so far
  bool in_message_ = false, is_text_ = false;
  bool asked_ = false;  // a ping waits for an answer
  std::string trouble_;
};

}  // namespace

std::unique_ptr<Layer> accept_websocket(std::size_t max_message) {
  return std::make_unique<WebSocketLayer>(max_message);
}

}  // namespace net
