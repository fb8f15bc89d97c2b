#pragma once
// What stands between the socket of a connection and its framer: TLS, WebSocket, or one upon the
// other. A layer touches no socket and knows no clock: bytes go in and come out, so that each of
// its states can be tested byte by byte.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace net {

class Layer {
 public:
  enum class State : std::uint8_t {
    Opening,  // the handshake goes on: nothing can be sent yet
    Open,
    Ended,  // the peer said goodbye
    Broken  // the handshake failed or the peer breaks the protocol; trouble() says how
  };
  struct Output {
    std::vector<std::string> up;  // for the framer; pieces of a WebSocket are whole messages
    std::string down;             // for the socket, in order
  };

  Layer() = default;
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;
  virtual ~Layer() = default;

  // What our side says first. Called once, before anything else.
  virtual void start(Output& out) = 0;
  // Bytes that came from below.
  virtual void receive(std::string_view bytes, Output& out) = 0;
  // One message of ours. REQUIRES: state() is Open.
  virtual void send(std::string_view message, Output& out) = 0;
  // Says goodbye. Nothing is sent after it.
  virtual void finish(Output& out) = 0;
  // Asks for a sign of life. False: the last one was not answered, the peer is gone.
  [[nodiscard]] virtual bool ping(Output& out) = 0;
  // True if ping() does anything here.
  [[nodiscard]] virtual bool pings() const = 0;
  // True while the beginning of a message is held here.
  [[nodiscard]] virtual bool unfinished() const = 0;
  [[nodiscard]] virtual State state() const = 0;
  // Of a Broken one: a short line for the log, such as "the certificate is for another name".
  [[nodiscard]] virtual std::string trouble() const = 0;
};

// `upper` runs inside of `lower`, as wss:// is WebSocket inside of TLS.
class StackedLayer final : public Layer {
 public:
  StackedLayer(std::unique_ptr<Layer> lower, std::unique_ptr<Layer> upper)
      : lower_(std::move(lower)), upper_(std::move(upper)) {}

  void start(Output& out) override;
  void receive(std::string_view bytes, Output& out) override;
  void send(std::string_view message, Output& out) override;
  void finish(Output& out) override;
  [[nodiscard]] bool ping(Output& out) override;
  [[nodiscard]] bool pings() const override { return upper_->pings(); }
  [[nodiscard]] bool unfinished() const override { return upper_->unfinished(); }
  [[nodiscard]] State state() const override;
  [[nodiscard]] std::string trouble() const override;

 private:
  void pass_down(Output& from_upper, Output& out);

  std::unique_ptr<Layer> lower_, upper_;
  bool upper_started_ = false;
};

}  // namespace net
