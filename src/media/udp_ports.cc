#include "media/udp_ports.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <netinet/in.h>
#include <span>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "base/address.h"
#include "base/result.h"
#include "facts/media.h"
#include "media/sockets.h"
#include "net/socket_address.h"

namespace media {
namespace {

constexpr int kExpedited = 0xB8;  // DSCP 46
// Keys: generation (31 bits), slot (32 bits), channel (1 bit); generations begin with 1.
constexpr std::uint32_t kGenerationMask = 0x7FFFFFFFU;

base::Result<net::Descriptor, std::string> bind_to(const base::Address& local) {
  const int family = local.ip.is_v6 ? AF_INET6 : AF_INET;
  net::Descriptor made(socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!made) return base::Unexpected{net::bind_error(base::Transport::Udp, local, errno)};
  if (local.ip.is_v6) {
    net::set_option(made, IPPROTO_IPV6, IPV6_TCLASS, kExpedited);
  } else {
    net::set_option(made, IPPROTO_IP, IP_TOS, kExpedited);
  }
  const auto [address, size] = net::to_kernel(local);
  if (bind(made.get(), net::name_of(address), size) != 0) {
    return base::Unexpected{net::bind_error(base::Transport::Udp, local, errno)};
  }
  return made;
}

}  // namespace

std::uint64_t UdpPorts::key_of(std::size_t slot, Channel channel) const {
  return std::uint64_t{pairs_[slot]->generation} << 33U | std::uint64_t{slot} << 1U |
         (channel == Channel::Rtcp ? 1U : 0U);
}

base::Status<std::string> UdpPorts::open(facts::StreamId stream, const base::Address& local) {
  base::Address above = local;
  if (local.port != 0) above.port = static_cast<std::uint16_t>(local.port + 1);
  auto pair = std::make_unique<Pair>();
  pair->stream = stream;
  TRY(pair->sockets[0], bind_to(local));
  TRY(pair->sockets[1], bind_to(above));
  generation_ = (generation_ + 1) & kGenerationMask;
  if (generation_ == 0) generation_ = 1;
  pair->generation = generation_;
  std::size_t slot = pairs_.size();
  if (free_.empty()) {
    pairs_.push_back(std::move(pair));
  } else {
    slot = free_.back();
    free_.pop_back();
    pairs_[slot] = std::move(pair);
  }
  for (const Channel channel : {Channel::Rtp, Channel::Rtcp}) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = key_of(slot, channel);
    const int socket = pairs_[slot]->sockets[static_cast<std::size_t>(channel)].get();
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event) != 0) {
      const int error = errno;
      pairs_[slot].reset();
      free_.push_back(slot);
      return base::Unexpected{net::bind_error(base::Transport::Udp, local, error)};
    }
  }
  slots_[stream] = slot;
  return base::Ok{};
}

void UdpPorts::close(facts::StreamId stream) {
  const auto at = slots_.find(stream);
  if (at == slots_.end()) return;
  pairs_[at->second].reset();  // closing takes a socket out of the epoll set
  free_.push_back(at->second);
  slots_.erase(at);
}

bool UdpPorts::send(facts::StreamId stream, Channel channel, const base::Address& to,
                    std::span<const std::uint8_t> bytes) {
  const auto at = slots_.find(stream);
  if (at == slots_.end()) return false;
  const int socket = pairs_[at->second]->sockets[static_cast<std::size_t>(channel)].get();
  const auto [address, size] = net::to_kernel(to);
  return sendto(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL, net::name_of(address), size) ==
         static_cast<ssize_t>(bytes.size());
}

void UdpPorts::read(std::uint64_t key, const Received& received) {
  const auto slot = static_cast<std::size_t>(key >> 1U & 0xFFFFFFFFU);
  const auto channel = (key & 1U) != 0 ? Channel::Rtcp : Channel::Rtp;
  if (slot >= pairs_.size() || pairs_[slot] == nullptr || key_of(slot, channel) != key) return;
  const Pair& pair = *pairs_[slot];
  sockaddr_storage from{};
  socklen_t from_size = sizeof(from);
  const ssize_t size =
      recvfrom(pair.sockets[static_cast<std::size_t>(channel)].get(), buffer_.data(),
               buffer_.size(), MSG_TRUNC, net::name_of(from), &from_size);
  // A failure is an ICMP error of something that we sent: fetched, and of no interest.
  if (size < 0 || static_cast<std::size_t>(size) > buffer_.size()) return;
  received(pair.stream, channel, net::from_kernel(from),
           std::span(buffer_).first(static_cast<std::size_t>(size)));
}

}  // namespace media
