#pragma once
// base::Address to and from the kernel's form, and the errors of bind in words.

#include <cstdint>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <utility>

#include "base/address.h"

namespace net {

// The kernel's own pun: every address begins with its family.
[[nodiscard]] inline const sockaddr* name_of(const sockaddr_storage& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}
[[nodiscard]] inline sockaddr* name_of(sockaddr_storage& address) {
  return reinterpret_cast<sockaddr*>(&address);
}
[[nodiscard]] std::pair<sockaddr_storage, socklen_t> to_kernel(const base::Address& address);
// IPv4-mapped IPv6 addresses become IPv4. Unknown families give 0.0.0.0:0.
[[nodiscard]] base::Address from_kernel(const sockaddr_storage& address);
// The address from which this machine would send to `peer`; nothing where there is no route. Sends
// nothing.
[[nodiscard]] std::optional<base::IpAddress> source_towards(const base::IpAddress& peer);
// The local address of a bound socket.
[[nodiscard]] base::Address local_of(int descriptor);
// "udp 127.0.0.1:5060 is in use by another program", "tcp …: permission denied"…
[[nodiscard]] std::string bind_error(base::Transport transport, const base::Address& address,
                                     int error);

// Closes on destruction. -1 is none.
class Descriptor final {
 public:
  Descriptor() = default;
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] explicit operator bool() const { return descriptor_ >= 0; }
  void reset();

 private:
  int descriptor_ = -1;
};

// setsockopt with an int. False if the kernel refused.
bool set_option(const Descriptor& socket, int level, int option, int value);
// TCP_NODELAY, TCP_USER_TIMEOUT, and keep-alive that finds a vanished peer in a minute and a half.
void set_stream_options(const Descriptor& socket, std::uint32_t user_timeout_ms);

}  // namespace net
