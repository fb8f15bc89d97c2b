#include "net/udp_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <memory>
#include <netinet/in.h>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "net/socket_address.h"
#include "net/wire.h"

namespace net {
namespace {

constexpr std::size_t kBatchesATurn = 4;
constexpr std::size_t kControlBytes = 128;
constexpr std::size_t kMaxQueued = 8'192;
constexpr int kSendBufferBytes = 1024 * 1024;

// A control buffer with the alignment that cmsghdr needs.
struct alignas(cmsghdr) Control {
  std::array<char, kControlBytes> bytes{};
};

base::Result<Descriptor, std::string> bound(const base::Address& address, bool share) {
  Descriptor socket(::socket(address.ip.is_v6 ? AF_INET6 : AF_INET,
                             SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return base::Unexpected{bind_error(base::Transport::Udp, address, errno)};
  if (share) (void)set_option(socket, SOL_SOCKET, SO_REUSEPORT, 1);
  if (address.ip.is_v6) (void)set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  const auto [kernel, size] = to_kernel(address);
  if (::bind(socket.get(), name_of(kernel), size) != 0) {
    return base::Unexpected{bind_error(base::Transport::Udp, address, errno)};
  }
  return socket;
}

// The address a datagram was sent to, if the control messages tell it.
std::optional<base::IpAddress> destination_of(const cmsghdr& control) {
  base::IpAddress ip;
  if (control.cmsg_level == IPPROTO_IP && control.cmsg_type == IP_PKTINFO) {
    in_pktinfo info{};
    std::memcpy(&info, CMSG_DATA(&control), sizeof(info));
    std::memcpy(ip.bytes.data(), &info.ipi_addr, sizeof(info.ipi_addr));
    return ip;
  }
  if (control.cmsg_level == IPPROTO_IPV6 && control.cmsg_type == IPV6_PKTINFO) {
    in6_pktinfo info{};
    std::memcpy(&info, CMSG_DATA(&control), sizeof(info));
    std::memcpy(ip.bytes.data(), &info.ipi6_addr, sizeof(info.ipi6_addr));
    ip.is_v6 = true;
    return ip;
  }
  return std::nullopt;
}

// When the kernel took the datagram in, if the control messages tell it.
std::optional<base::WallTime> arrival_of(msghdr& head) {
  for (cmsghdr* c = CMSG_FIRSTHDR(&head); c != nullptr; c = CMSG_NXTHDR(&head, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec at{};
    std::memcpy(&at, CMSG_DATA(c), sizeof(at));
    return base::WallTime{at.tv_sec * 1'000 + at.tv_nsec / 1'000'000};
  }
  return std::nullopt;
}

template <class Info>
std::size_t put_source(Control& control, const Info& info, int level, int type) {
  cmsghdr head{};
  head.cmsg_level = level;
  head.cmsg_type = type;
  head.cmsg_len = CMSG_LEN(sizeof(info));
  std::memcpy(control.bytes.data(), &head, sizeof(head));
  std::memcpy(control.bytes.data() + CMSG_LEN(0), &info, sizeof(info));
  return CMSG_SPACE(sizeof(info));
}

// Writes the control message that sends from `ip`; its length.
std::size_t write_source(Control& control, const base::IpAddress& ip) {
  if (ip.is_v6) {
    in6_pktinfo info{};
    std::memcpy(&info.ipi6_addr, ip.bytes.data(), sizeof(info.ipi6_addr));
    return put_source(control, info, IPPROTO_IPV6, IPV6_PKTINFO);
  }
  in_pktinfo info{};
  std::memcpy(&info.ipi_spec_dst, ip.bytes.data(), sizeof(info.ipi_spec_dst));
  return put_source(control, info, IPPROTO_IP, IP_PKTINFO);
}

// Errors that belong to a datagram sent earlier and are only reported through this call.
bool is_someone_elses(int error) {
  return error == ECONNREFUSED || error == EHOSTUNREACH || error == ENETUNREACH ||
         error == EHOSTDOWN || error == EPROTO;
}

}  // namespace

class UdpSocket::Impl {
 public:
  Impl(Descriptor opened, const base::Address& address)
      : socket(std::move(opened)),
        local(local_of(socket.get())),
        wildcard_(address.ip.is_unspecified()),
        in_(kBatch) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      buffers_.emplace_back(new char[kMaxDatagram]);
      prepare(i);
    }
  }

  void configure(int receive_buffer_bytes) {
    // Root may go beyond net.core.rmem_max; everybody else gets what it allows.
    if (!set_option(socket, SOL_SOCKET, SO_RCVBUFFORCE, receive_buffer_bytes)) {
      (void)set_option(socket, SOL_SOCKET, SO_RCVBUF, receive_buffer_bytes);
    }
    (void)set_option(socket, SOL_SOCKET, SO_SNDBUF, kSendBufferBytes);
    (void)set_option(socket, SOL_SOCKET, SO_RXQ_OVFL, 1);
    (void)set_option(socket, SOL_SOCKET, SO_TIMESTAMPNS, 1);
    if (local.ip.is_v6) {
      (void)set_option(socket, IPPROTO_IPV6, IPV6_RECVERR, 1);
      if (wildcard_) (void)set_option(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
    } else {
      (void)set_option(socket, IPPROTO_IP, IP_RECVERR, 1);
      if (wildcard_) (void)set_option(socket, IPPROTO_IP, IP_PKTINFO, 1);
    }
    socklen_t size = sizeof(got_buffer);
    (void)::getsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &got_buffer, &size);
  }

  std::optional<base::WallTime> receive(std::uint8_t listener, const Received& received,
                                        const Failed& failed) {
    std::optional<base::WallTime> first;
    for (std::size_t batch = 0; batch < kBatchesATurn; ++batch) {
      const int got = ::recvmmsg(socket.get(), in_.data(), kBatch, MSG_DONTWAIT, nullptr);
      if (got < 0) {
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) break;
        fetch_errors(failed, listener);
        continue;
      }
      if (!first && got > 0) first = arrival_of(in_[0].msg_hdr);
      for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i) {
        deliver(i, listener, received);
        prepare(i);
      }
      if (static_cast<std::size_t>(got) < kBatch) break;
    }
    return first;
  }

  void queue(const base::Flow& flow, Bytes bytes) {
    if (waiting_.size() >= kMaxQueued) {
      ++figures.sends_failed;
      return;
    }
    waiting_.push_back({flow, std::move(bytes)});
  }

  [[nodiscard]] bool flush(const Failed& failed) {
    std::size_t done = 0;
    std::size_t complaints = 0;
    bool room = true;
    while (done < waiting_.size() && room) {
      const std::size_t count = std::min(kBatch, waiting_.size() - done);
      for (std::size_t i = 0; i < count; ++i) prepare_out(i, waiting_[done + i]);
      const int sent =
          ::sendmmsg(socket.get(), out_.data(), static_cast<unsigned>(count), MSG_DONTWAIT);
      if (sent > 0) {
        done += static_cast<std::size_t>(sent);
        figures.out += static_cast<std::uint64_t>(sent);
        complaints = 0;
      } else if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) {
        room = false;
      } else if (errno != EINTR) {
        // A pending ICMP error of another peer is reported once: fetch it and send again. What
        // fails again cannot be sent at all.
        const bool again = is_someone_elses(errno) && complaints < kBatch;
        ++complaints;
        if (again && fetch_errors(failed, waiting_[done].flow.listener)) continue;
        ++figures.sends_failed;
        failed(waiting_[done].flow);
        ++done;
      }
    }
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(done));
    return room;
  }

  Descriptor socket;
  base::Address local;
  int got_buffer = 0;
  UdpFigures figures;

 private:
  struct Waiting {
    base::Flow flow;
    Bytes bytes;
  };

  void prepare(std::size_t i) {
    in_vectors_[i] = {.iov_base = buffers_[i].get(), .iov_len = kMaxDatagram};
    msghdr& head = in_[i].msg_hdr;
    head = {};
    head.msg_name = &in_peers_[i];
    head.msg_namelen = sizeof(in_peers_[i]);
    head.msg_iov = &in_vectors_[i];
    head.msg_iovlen = 1;
    head.msg_control = in_controls_[i].bytes.data();
    head.msg_controllen = kControlBytes;
  }

  void prepare_out(std::size_t i, const Waiting& waiting) {
    // sendmsg only reads what it is given.
    out_vectors_[i] = {.iov_base = const_cast<char*>(waiting.bytes->data()),
                       .iov_len = waiting.bytes->size()};
    const auto [peer, size] = to_kernel(waiting.flow.peer);
    out_peers_[i] = peer;
    msghdr& head = out_[i].msg_hdr;
    head = {};
    head.msg_name = &out_peers_[i];
    head.msg_namelen = size;
    head.msg_iov = &out_vectors_[i];
    head.msg_iovlen = 1;
    if (wildcard_ && !waiting.flow.local.ip.is_unspecified()) {
      head.msg_controllen = write_source(out_controls_[i], waiting.flow.local.ip);
      head.msg_control = out_controls_[i].bytes.data();
    }
  }

  void deliver(std::size_t i, std::uint8_t listener, const Received& received) {
    msghdr& head = in_[i].msg_hdr;
    base::Flow flow{.transport = base::Transport::Udp, .listener = listener, .local = local};
    flow.peer = from_kernel(in_peers_[i]);
    for (cmsghdr* c = CMSG_FIRSTHDR(&head); c != nullptr; c = CMSG_NXTHDR(&head, c)) {
      if (const auto ip = destination_of(*c)) flow.local.ip = *ip;
      if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL) {
        std::uint32_t total = 0;
        std::memcpy(&total, CMSG_DATA(c), sizeof(total));
        figures.lost += total - lost_seen_;  // modulo 2^32, as the kernel counts
        lost_seen_ = total;
      }
    }
    ++figures.in;
    if ((head.msg_flags & MSG_TRUNC) != 0) {
      ++figures.truncated;
      return;
    }
    received(flow, {buffers_[i].get(), in_[i].msg_len});
  }

  // Empties the socket's error queue. True if there was at least one.
  bool fetch_errors(const Failed& failed, std::uint8_t listener) {
    bool any = false;
    for (std::size_t n = 0; n < kBatch; ++n) {
      sockaddr_storage peer{};
      std::array<char, 1> none{};
      iovec vector{.iov_base = none.data(), .iov_len = none.size()};
      std::array<char, 512> control{};
      msghdr head{};
      head.msg_name = &peer;
      head.msg_namelen = sizeof(peer);
      head.msg_iov = &vector;
      head.msg_iovlen = 1;
      head.msg_control = control.data();
      head.msg_controllen = control.size();
      if (::recvmsg(socket.get(), &head, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) break;
      any = true;
      ++figures.icmp_errors;
      base::Flow flow{.transport = base::Transport::Udp, .listener = listener, .local = local};
      flow.peer = from_kernel(peer);
      failed(flow);
    }
    return any;
  }

  bool wildcard_ = false;
  std::uint32_t lost_seen_ = 0;
  std::vector<Waiting> waiting_;
  std::vector<std::unique_ptr<char[]>> buffers_;  // untouched pages cost nothing
  std::vector<mmsghdr> in_;
  std::vector<iovec> in_vectors_ = std::vector<iovec>(kBatch);
  std::vector<sockaddr_storage> in_peers_ = std::vector<sockaddr_storage>(kBatch);
  std::vector<Control> in_controls_ = std::vector<Control>(kBatch);
  std::vector<mmsghdr> out_ = std::vector<mmsghdr>(kBatch);
  std::vector<iovec> out_vectors_ = std::vector<iovec>(kBatch);
  std::vector<sockaddr_storage> out_peers_ = std::vector<sockaddr_storage>(kBatch);
  std::vector<Control> out_controls_ = std::vector<Control>(kBatch);
};

base::Result<std::unique_ptr<UdpSocket>, std::string> UdpSocket::open(const base::Address& address,
                                                                      UdpOpen how,
                                                                      int receive_buffer_bytes) {
  if (how == UdpOpen::Alone && address.port != 0) {
    if (auto probe = bound(address, false); !probe) return base::Unexpected{probe.error()};
  }
  auto socket = bound(address, true);
  if (!socket) return base::Unexpected{socket.error()};
  auto impl = std::make_unique<Impl>(std::move(*socket), address);
  impl->configure(receive_buffer_bytes);
  return std::unique_ptr<UdpSocket>(new UdpSocket(std::move(impl)));
}

UdpSocket::UdpSocket(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
UdpSocket::~UdpSocket() = default;
int UdpSocket::descriptor() const {
  return impl_->socket.get();
}
base::Address UdpSocket::local() const {
  return impl_->local;
}
int UdpSocket::receive_buffer_bytes() const {
  return impl_->got_buffer;
}
std::optional<base::WallTime> UdpSocket::receive(std::uint8_t listener, const Received& received,
                                                 const Failed& failed) {
  return impl_->receive(listener, received, failed);
}
void UdpSocket::queue(const base::Flow& flow, Bytes bytes) {
  impl_->queue(flow, std::move(bytes));
}
bool UdpSocket::flush(const Failed& failed) {
  return impl_->flush(failed);
}
const UdpFigures& UdpSocket::figures() const {
  return impl_->figures;
}

}  // namespace net
