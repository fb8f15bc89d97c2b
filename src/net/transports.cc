#include "net/transports.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "net/framer.h"
#include "net/handler.h"
#include "net/loop.h"
#include "net/streams.h"
#include "net/tls.h"
#include "net/udp_socket.h"
#include "net/wire.h"

namespace net {

class Transports::Impl {
 public:
  Impl(Loop& its_loop, Handler& handler, FramerFactory framers, const TransportLimits& limits,
       std::uint8_t shard)
      : loop(its_loop),
        handler_(handler),
        limits_(limits),
        shard_(shard),
        streams_(its_loop, handler, std::move(framers), limits, shard) {}

  base::Status<std::string> open(const std::vector<ListenAt>& addresses) {
    for (const ListenAt& at : addresses) {
      const auto index = static_cast<std::uint8_t>(flows.size());
      base::Flow flow{.transport = at.transport, .listener = index, .local = at.address};
      if (at.transport == base::Transport::Udp) {
        TRY(flow.local, open_udp(at.address, index));
      } else if (shard_ == 0) {
        TRY(flow.local, streams_.listen(at.transport, at.address, index));
      }
      flows.push_back(flow);
    }
    return base::Ok{};
  }

  void send(const base::Flow& flow, Bytes bytes) {
    if (base::is_stream(flow.transport)) {
      streams_.send(flow, std::move(bytes));
      return;
    }
    UdpSocket* socket = socket_for(flow);
    if (socket == nullptr) {
      failures_.push_back(flow);
      return;
    }
    socket->queue(flow, std::move(bytes));
  }

  void end_turn() {
    for (Udp& udp : sockets_) {
      if (!udp.socket->flush(failed_) && udp.watch) udp.watch->want_write();
    }
    streams_.end_turn();
    publish();
  }

  [[nodiscard]] std::optional<base::Instant> deadline() const {
    if (!failures_.empty()) return base::Instant{};
    return streams_.deadline();
  }

  void on_time(base::Now now) {
    for (const base::Flow& flow : std::exchange(failures_, {})) {
      handler_.on_transport_failed(flow, now);
    }
    streams_.on_time(now);
  }

  [[nodiscard]] TransportCounters counters() const {
    const std::lock_guard lock(mutex_);
    return published_;
  }

  Loop& loop;
  std::vector<base::Flow> flows;
  std::uint32_t turn_end = 0;
  Streams& streams() { return streams_; }

 private:
  struct Udp {
    std::unique_ptr<UdpSocket> socket;
    std::unique_ptr<Loop::Watch> watch;
    std::uint8_t listener = 0;
  };

  base::Result<base::Address, std::string> open_udp(const base::Address& address,
                                                    std::uint8_t index) {
    const UdpOpen how = shard_ == 0 ? UdpOpen::Alone : UdpOpen::Join;
    TRY(auto socket, UdpSocket::open(address, how, limits_.receive_buffer_bytes));
    Udp udp{.socket = std::move(socket), .watch = {}, .listener = index};
    UdpSocket* const it = udp.socket.get();
    udp.watch = loop.watch(
        it->descriptor(),
        [this, it, index] {
          const auto came = it->receive(index, received_, failed_);
          if (came) loop.note_came(*came);
        },
        [] {});
    const base::Address local = it->local();
    sockets_.push_back(std::move(udp));
    return local;
  }

  // The socket by which this flow came; else one that is bound to its local address; else one that
  // is bound to all addresses of the peer's family.
  [[nodiscard]] UdpSocket* socket_for(const base::Flow& flow) {
    UdpSocket* fallback = nullptr;
    for (const Udp& udp : sockets_) {
      const base::Address& local = udp.socket->local();
      if (local.ip.is_v6 != flow.peer.ip.is_v6) continue;
      if (udp.listener == flow.listener) return udp.socket.get();
      const bool same = local == flow.local || local.ip.is_unspecified();
      if (fallback == nullptr || same) fallback = udp.socket.get();
    }
    return fallback;
  }

  void publish() {
    TransportCounters sum = streams_.counters();
    for (const Udp& udp : sockets_) {
      const UdpFigures& figures = udp.socket->figures();
      sum.datagrams_in += figures.in;
      sum.datagrams_out += figures.out;
      sum.datagrams_lost += figures.lost;
      sum.datagrams_truncated += figures.truncated;
      sum.sends_failed += figures.sends_failed;
      sum.icmp_errors += figures.icmp_errors;
      const auto got = static_cast<std::uint64_t>(udp.socket->receive_buffer_bytes());
      if (sum.receive_buffer_bytes == 0 || got < sum.receive_buffer_bytes) {
        sum.receive_buffer_bytes = got;
      }
    }
    const std::lock_guard lock(mutex_);
    published_ = sum;
  }

  Handler& handler_;
  TransportLimits limits_;
  std::uint8_t shard_;
  Streams streams_;
  std::vector<Udp> sockets_;
  std::vector<base::Flow> failures_;
  UdpSocket::Received received_ = [this](const base::Flow& flow, std::string_view bytes) {
    handler_.on_packet(flow, bytes, loop.now());
  };
  UdpSocket::Failed failed_ = [this](const base::Flow& flow) { failures_.push_back(flow); };
  mutable std::mutex mutex_;
  TransportCounters published_;  // guarded by mutex_
};

Transports::Transports(Loop& loop, Handler& handler, FramerFactory framers, TransportLimits limits,
                       std::uint8_t shard)
    : impl_(std::make_unique<Impl>(loop, handler, std::move(framers), limits, shard)) {
  loop.add(*this);
  impl_->turn_end = loop.at_turn_end([this] { impl_->end_turn(); });
}

Transports::~Transports() {
  impl_->loop.forget_turn_end(impl_->turn_end);
  impl_->loop.remove(*this);
}

base::Status<std::string> Transports::open(const std::vector<ListenAt>& addresses) {
  return impl_->open(addresses);
}
std::vector<base::Flow> Transports::listeners() const {
  return impl_->flows;
}
void Transports::use_tls(std::shared_ptr<const TlsContext> context) {
  impl_->streams().use_tls(std::move(context));
}
void Transports::use_names(PeerNames names) {
  impl_->streams().use_names(std::move(names));
}
void Transports::send(const base::Flow& flow, Bytes bytes) {
  impl_->send(flow, std::move(bytes));
}
void Transports::close(base::ConnectionId connection) {
  impl_->streams().close(connection);
}
TransportCounters Transports::counters() const {
  return impl_->counters();
}
std::optional<base::Instant> Transports::deadline() const {
  return impl_->deadline();
}
void Transports::on_time(base::Now now) {
  impl_->on_time(now);
}

}  // namespace net
