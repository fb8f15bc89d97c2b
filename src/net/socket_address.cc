#include "net/socket_address.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "base/address.h"

namespace net {

std::pair<sockaddr_storage, socklen_t> to_kernel(const base::Address& address) {
  sockaddr_storage storage{};
  if (address.ip.is_v6) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(address.port);
    std::memcpy(&v6.sin6_addr, address.ip.bytes.data(), sizeof(v6.sin6_addr));
    std::memcpy(&storage, &v6, sizeof(v6));
    return {storage, static_cast<socklen_t>(sizeof(v6))};
  }
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(address.port);
  std::memcpy(&v4.sin_addr, address.ip.bytes.data(), sizeof(v4.sin_addr));
  std::memcpy(&storage, &v4, sizeof(v4));
  return {storage, static_cast<socklen_t>(sizeof(v4))};
}

base::Address from_kernel(const sockaddr_storage& address) {
  base::Address out;
  if (address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof(v4));
    std::memcpy(out.ip.bytes.data(), &v4.sin_addr, sizeof(v4.sin_addr));
    out.port = ntohs(v4.sin_port);
  } else if (address.ss_family == AF_INET6) {
    static constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof(v6));
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    if (std::equal(kMapped.begin(), kMapped.end(), bytes.begin())) {
      std::copy(bytes.begin() + 12, bytes.end(), out.ip.bytes.begin());
    } else {
      out.ip.bytes = bytes;
      out.ip.is_v6 = true;
    }
    out.port = ntohs(v6.sin6_port);
  }
  return out;
}

std::optional<base::IpAddress> source_towards(const base::IpAddress& peer) {
  const Descriptor socket(::socket(peer.is_v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return std::nullopt;
  const auto [kernel, size] = to_kernel({peer, 9});
  if (::connect(socket.get(), name_of(kernel), size) != 0) return std::nullopt;
  return local_of(socket.get()).ip;
}

base::Address local_of(int descriptor) {
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);
  if (::getsockname(descriptor, name_of(storage), &size) != 0) {
    return {};
  }
  return from_kernel(storage);
}

std::string bind_error(base::Transport transport, const base::Address& address, int error) {
  std::string text{base::name_of(transport)};
  text += ' ';
  text += address.to_string();
  if (error == EADDRINUSE) return text + " is in use by another program";
  if (error == EADDRNOTAVAIL) return text + ": this machine has no such address";
  if (error == EACCES) return text + ": no permission to listen there";
  return text + ": " + std::generic_category().message(error);
}

Descriptor::~Descriptor() {
  reset();
}

void Descriptor::reset() {
  if (descriptor_ >= 0) (void)::close(descriptor_);
  descriptor_ = -1;
}

bool set_option(const Descriptor& socket, int level, int option, int value) {
  return ::setsockopt(socket.get(), level, option, &value, sizeof(value)) == 0;
}

void set_stream_options(const Descriptor& socket, std::uint32_t user_timeout_ms) {
  (void)set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  (void)set_option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(user_timeout_ms));
  (void)set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  (void)set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, 60);
  (void)set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, 10);
  (void)set_option(socket, IPPROTO_TCP, TCP_KEEPCNT, 3);
}

}  // namespace net
