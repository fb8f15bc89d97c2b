#pragma once
// Helpers of net's tests: a handler that notes, a framer of lines, a plain client socket.

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "net/clock.h"
#include "net/framer.h"
#include "net/handler.h"
#include "net/loop.h"
#include "net/socket_address.h"

namespace net {

struct Noted : Handler {
  void on_packet(const base::Flow& flow, std::string_view bytes, base::Now now) override {
    packets.emplace_back(flow, std::string{bytes});
    turns.push_back(now.at);
    if (then) then(flow, bytes);
  }
  void on_broken(const base::Flow& flow, std::string_view bytes, base::Now /*now*/) override {
    broken.emplace_back(bytes);
    if (then) then(flow, bytes);
  }
  void on_transport_failed(const base::Flow& flow, base::Now /*now*/) override {
    failed.push_back(flow);
  }
  void on_refused(const base::Flow& /*flow*/, std::string_view why, base::Now /*now*/) override {
    refusals.emplace_back(why);
  }
  [[nodiscard]] std::optional<base::Instant> deadline() const override { return due; }
  void on_time(base::Now /*now*/) override {
    ++woken;
    due.reset();
  }
  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (const auto& packet : packets) all.push_back(packet.second);
    return all;
  }

  std::vector<std::pair<base::Flow, std::string>> packets;
  std::vector<std::string> broken;
  std::vector<base::Instant> turns;
  std::vector<base::Flow> failed;
  std::vector<std::string> refusals;
  std::optional<base::Instant> due;
  int woken = 0;
  std::function<void(const base::Flow&, std::string_view)> then;
};

// "ping\n" is answered with "pong\n", "bad…\n" breaks the stream; every other line is a message
// without its end.
class LineFramer final : public Framer {
 public:
  void feed(std::string_view bytes) override { buffer_ += bytes; }
  [[nodiscard]] Frame next() override {
    const auto end = buffer_.find('\n');
    if (end == std::string::npos) return {};
    line_ = buffer_.substr(0, end);
    buffer_.erase(0, end + 1);
    if (line_ == "ping") return {FrameKind::Reply, "pong\n"};
    if (line_.starts_with("bad")) return {FrameKind::Broken, line_};
    return {FrameKind::Message, line_};
  }
  [[nodiscard]] bool unfinished() const override { return !buffer_.empty(); }

 private:
  std::string buffer_, line_;
};

// One message each time that it is fed.
class WholeFramer final : public Framer {
 public:
  void feed(std::string_view bytes) override { message_ = bytes; }
  [[nodiscard]] Frame next() override {
    if (!message_.has_value()) return {};
    line_ = *std::exchange(message_, std::nullopt);
    if (line_ == "ping") return {FrameKind::Reply, "pong"};
    return {FrameKind::Message, line_};
  }
  [[nodiscard]] bool unfinished() const override { return message_.has_value(); }

 private:
  std::optional<std::string> message_;
  std::string line_;
};

inline std::unique_ptr<Framer> line_framer(Feeding feeding) {
  if (feeding == Feeding::Messages) return std::make_unique<WholeFramer>();
  return std::make_unique<LineFramer>();
}

inline base::Address loopback(std::uint16_t port = 0) {
  return {.ip = *base::IpAddress::parse("127.0.0.1"), .port = port};
}

inline std::shared_ptr<const std::string> bytes_of(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

// Turns of the loop until `done`, at most 3 s.
inline bool turns_until(Loop& loop, const std::function<bool()>& done) {
  const base::Instant until = read_clocks().at + base::Duration{3'000};
  while (read_clocks().at < until) {
    if (done()) return true;
    loop.run_turn(base::Duration{10});
  }
  return done();
}

// A blocking socket on loopback, seen from the other side.
class Client final {
 public:
  explicit Client(int type) : socket_(::socket(AF_INET, type | SOCK_CLOEXEC, 0)) {}
  bool bind() { return with(loopback(), ::bind); }
  bool connect(const base::Address& to) { return with(to, ::connect); }
  bool write(std::string_view text) {
    return ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }
  bool write_to(const base::Address& to, std::string_view text) {
    const auto [name, size] = to_kernel(to);
    return ::sendto(socket_.get(), text.data(), text.size(), 0, name_of(name), size) ==
           static_cast<ssize_t>(text.size());
  }
  // What can be read now; "" also at the end of the stream (see at_end).
  std::string read() {
    std::array<char, 65'536> buffer{};
    const ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    at_end_ = got == 0 || (got < 0 && errno == ECONNRESET);
    return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : std::string{};
  }
  [[nodiscard]] bool at_end() const { return at_end_; }
  [[nodiscard]] base::Address local() const { return local_of(socket_.get()); }
  [[nodiscard]] const Descriptor& socket() const { return socket_; }
  void close() { socket_.reset(); }

 private:
  template <class Call>
  bool with(const base::Address& address, Call call) {
    const auto [name, size] = to_kernel(address);
    return call(socket_.get(), name_of(name), size) == 0;
  }
  Descriptor socket_;
  bool at_end_ = false;
};

}  // namespace net
