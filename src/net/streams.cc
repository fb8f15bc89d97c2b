#include "net/streams.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <memory>
#include <netinet/in.h>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "net/framer.h"
#include "net/handler.h"
#include "net/layer.h"
#include "net/loop.h"
#include "net/socket_address.h"
#include "net/tls.h"
#include "net/transports.h"
#include "net/websocket.h"
#include "net/wire.h"

namespace net {
namespace {

constexpr std::size_t kReadBytes = 65'536;
constexpr int kAcceptsATurn = 64;
constexpr int kBacklog = 1'024;

// shard + 1 in 8 bits, slot in 24, generation in 32: never 0.
base::ConnectionId pack(std::uint8_t shard, std::uint32_t slot, std::uint32_t generation) {
  return static_cast<base::ConnectionId>((std::uint64_t{shard} + 1) << 56U |
                                         std::uint64_t{slot} << 32U | generation);
}
std::uint32_t slot_of(base::ConnectionId id) {
  return static_cast<std::uint32_t>(static_cast<std::uint64_t>(id) >> 32U) & 0xFF'FFFFU;
}

Descriptor open_reserve() {
  return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

}  // namespace

Streams::Streams(Loop& loop, Handler& handler, FramerFactory framers, const TransportLimits& limits,
                 std::uint8_t shard)
    : loop_(loop),
      handler_(handler),
      framers_(std::move(framers)),
      limits_(limits),
      shard_(shard),
      places_(limits.max_connections_per_peer),
      buffer_(kReadBytes),
      reserve_(open_reserve()) {}

Streams::~Streams() {
  for (Slot& slot : slots_) {
    if (slot.connection) slot.connection->watch.reset();
  }
  stop_listening();
}

base::Result<base::Address, std::string> Streams::listen(base::Transport transport,
                                                         const base::Address& address,
                                                         std::uint8_t listener) {
  const auto failed = [transport, &address] {
    return base::Unexpected{bind_error(transport, address, errno)};
  };
  if (base::is_secure(transport) && tls_ == nullptr)
    return base::Unexpected{std::string{base::name_of(transport)} + " " + address.to_string() +
                            ": a certificate is needed (tls.certificate)"};
  Descriptor socket(::socket(address.ip.is_v6 ? AF_INET6 : AF_INET,
                             SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return failed();
  (void)set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  if (address.ip.is_v6) (void)set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  const auto [kernel, size] = to_kernel(address);
  const auto* name = name_of(kernel);
  if (::bind(socket.get(), name, size) != 0) return failed();
  if (::listen(socket.get(), kBacklog) != 0) return failed();
  auto made = std::make_unique<Listener>();
  made->index = listener;
  made->transport = transport;
  made->socket = std::move(socket);
  Listener& it = *made;
  made->watch = loop_.watch(made->socket.get(), [this, &it] { accept_all(it); });
  const base::Address local = local_of(made->socket.get());
  listeners_.push_back(std::move(made));
  return local;
}

void Streams::stop_listening() {
  for (auto& listener : listeners_) listener->watch.reset();
  listeners_.clear();
}

void Streams::accept_all(Listener& listener) {
  for (int i = 0; i < kAcceptsATurn; ++i) {
    if (!accept_one(listener)) return;
  }
}

bool Streams::accept_one(Listener& listener) {
  sockaddr_storage peer{};
  socklen_t size = sizeof(peer);
  auto* name = name_of(peer);
  Descriptor socket(::accept4(listener.socket.get(), name, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket) {
    if (errno == EINTR || errno == ECONNABORTED) return true;
    if (errno != EMFILE && errno != ENFILE) return false;
    // No descriptor left: take the reserve to accept and refuse, else the listener stays readable
    // for ever.
    reserve_.reset();
    const Descriptor refused(::accept4(listener.socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
    ++counters_.connections_refused;
    reserve_ = open_reserve();
    return static_cast<bool>(refused);
  }
  if (counters_.connections >= limits_.max_connections || !places_.take(from_kernel(peer).ip)) {
    ++counters_.connections_refused;
    return true;
  }
  ++counters_.connections_accepted;
  set_stream_options(socket, limits_.tcp_user_timeout_ms);
  base::Flow flow{.transport = listener.transport, .listener = listener.index};
  flow.local = local_of(socket.get());
  flow.peer = from_kernel(peer);
  auto layer = layer_of_accepted(flow.transport);
  const bool opens = layer != nullptr;
  Connection& connection = place(std::move(socket), flow, opens ? State::Opening : State::Open);
  connection.layer = std::move(layer);
  connection.accepted = true;
  set_due(connection, loop_.now().at + (opens ? limits_.handshake : limits_.first_data));
  return true;
}

std::unique_ptr<Layer> Streams::layer_of_accepted(base::Transport transport) const {
  std::unique_ptr<Layer> layer;
  if (base::is_secure(transport)) layer = accept_tls(tls_);
  if (!base::is_websocket(transport)) return layer;
  auto upper = accept_websocket(limits_.max_websocket_bytes);
  if (layer == nullptr) return upper;
  return std::make_unique<StackedLayer>(std::move(layer), std::move(upper));
}

Streams::Connection& Streams::place(Descriptor socket, base::Flow flow, State state) {
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t index = free_slots_.back();
  free_slots_.pop_back();
  Slot& slot = slots_.at(index);
  ++slot.generation;
  slot.connection = std::make_unique<Connection>();
  Connection& connection = *slot.connection;
  flow.connection = pack(shard_, index, slot.generation);
  connection.flow = flow;
  connection.state = state;
  connection.socket = std::move(socket);
  connection.framer =
      framers_(base::is_websocket(flow.transport) ? Feeding::Messages : Feeding::Pieces);
  connection.watch = loop_.watch(
      connection.socket.get(), [this, id = flow.connection] { readable(id); },
      [this, id = flow.connection] { writable(id); });
  by_peer_[peer_of(flow)] = flow.connection;
  ++counters_.connections;
  return connection;
}

Streams::Connection* Streams::find(base::ConnectionId id) {
  const std::uint32_t index = slot_of(id);
  if (index >= slots_.size()) return nullptr;
  const Slot& slot = slots_[index];
  if (!slot.connection || slot.connection->flow.connection != id) return nullptr;
  return slot.connection->state == State::Dead ? nullptr : slot.connection.get();
}

Streams::Connection* Streams::usable(const base::Flow& flow) {
  if (flow.connection != base::ConnectionId::None) return find(flow.connection);
  const auto known = by_peer_.find(peer_of(flow));
  Connection* open = known == by_peer_.end() ? nullptr : find(known->second);
  if (open != nullptr && (open->state == State::Open || open->state == State::Opening ||
                          open->state == State::Connecting)) {
    return open;
  }
  return connect(flow);
}

Streams::Connection* Streams::connect(const base::Flow& flow) {
  // A WebSocket is opened by the phone, never by us (RFC 7118).
  if (base::is_websocket(flow.transport)) return nullptr;
  if (base::is_secure(flow.transport) && tls_ == nullptr) return nullptr;
  if (counters_.connections >= limits_.max_connections) {
    ++counters_.connections_refused;
    return nullptr;
  }
  Descriptor socket(::socket(flow.peer.ip.is_v6 ? AF_INET6 : AF_INET,
                             SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return nullptr;
  set_stream_options(socket, limits_.tcp_user_timeout_ms);
  if (!flow.local.ip.is_unspecified() && flow.local.ip.is_v6 == flow.peer.ip.is_v6) {
    (void)set_option(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
    const auto [from, from_size] = to_kernel({.ip = flow.local.ip, .port = 0});
    // If that address is not ours any more the kernel chooses one.
    const int bound = ::bind(socket.get(), name_of(from), from_size);
    (void)bound;
  }
  const auto [kernel, size] = to_kernel(flow.peer);
  const auto* name = name_of(kernel);
  if (::connect(socket.get(), name, size) != 0 && errno != EINPROGRESS) return nullptr;
  Connection& connection = place(std::move(socket), flow, State::Connecting);
  connection.asked_by = flow;
  connection.ours = true;
  connection.heard = true;  // the first word is ours: no clock for the peer's first data
  connection.watch->want_write();
  set_due(connection, loop_.now().at + limits_.connect);
  return &connection;
}

void Streams::send(const base::Flow& flow, Bytes bytes) {
  Connection* connection = usable(flow);
  if (connection == nullptr || connection->state == State::Closing ||
      connection->state == State::Lingering) {
    failures_.push_back(flow);
    return;
  }
  ++counters_.messages_out;
  enqueue(*connection, std::move(bytes));
}

void Streams::close(base::ConnectionId id) {
  Connection* connection = find(id);
  if (connection == nullptr) return;
  if (connection->state == State::Connecting || connection->state == State::Opening) {
    end(*connection, false);
  } else if (connection->state == State::Open) {
    finish(*connection);
  }
}

void Streams::end(Connection& connection, bool tell) {
  if (connection.state == State::Dead) return;
  const bool opening = connection.state == State::Connecting || connection.state == State::Opening;
  // Of a connection that came and was never open, nobody knows.
  if (tell && (connection.ours || !opening))
    failures_.push_back(opening ? connection.asked_by : connection.flow);
  connection.state = State::Dead;
  set_due(connection, std::nullopt);
  const auto known = by_peer_.find(peer_of(connection.flow));
  if (known != by_peer_.end() && known->second == connection.flow.connection) {
    by_peer_.erase(known);
  }
  dead_.push_back(connection.flow.connection);
}

void Streams::end_turn() {
  for (const base::ConnectionId id : std::exchange(dirty_, {})) {
    Connection* connection = find(id);
    if (connection == nullptr) continue;
    connection->dirty = false;
    if (connection->state != State::Connecting) write(*connection);
  }
  for (const base::ConnectionId id : std::exchange(dead_, {})) {
    const std::uint32_t index = slot_of(id);
    std::unique_ptr<Connection>& dead = slots_.at(index).connection;
    if (dead->accepted) places_.give_back(dead->flow.peer.ip);
    dead.reset();
    free_slots_.push_back(index);
    --counters_.connections;
  }
}

void Streams::set_due(Connection& connection, std::optional<base::Instant> due) {
  if (connection.due) due_.erase({*connection.due, connection.flow.connection});
  connection.due = due;
  if (due) due_.insert({*due, connection.flow.connection});
}

std::optional<base::Instant> Streams::deadline() const {
  if (!failures_.empty() || !refusals_.empty()) return base::Instant{};
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

void Streams::on_time(base::Now now) {
  for (const auto& [flow, why] : std::exchange(refusals_, {})) handler_.on_refused(flow, why, now);
  for (const base::Flow& flow : std::exchange(failures_, {})) {
    handler_.on_transport_failed(flow, now);
  }
  while (!due_.empty() && due_.begin()->first <= now.at) {
    Connection* connection = find(due_.begin()->second);
    if (connection == nullptr) {
      due_.erase(due_.begin());
    } else {
      expired(*connection);
    }
  }
}

void Streams::expired(Connection& connection) {
  switch (connection.state) {
    case State::Connecting:
      end(connection, true);
      return;
    case State::Opening:
      ++counters_.handshakes_failed;
      refusals_.emplace_back(connection.flow, "the handshake takes too long");
      end(connection, true);
      return;
    case State::Open:
      expired_open(connection);
      return;
    case State::Closing:
    case State::Lingering:
    case State::Dead:
      end(connection, false);
      return;
  }
}

void Streams::expired_open(Connection& connection) {
  if (!connection.heard) {
    ++counters_.closed_idle;
    end(connection, false);
    return;
  }
  if (connection.unfinished) {
    ++counters_.closed_unfinished;
    end(connection, true);
    return;
  }
  Layer::Output output;
  if (connection.layer == nullptr || !connection.layer->ping(output)) {
    ++counters_.closed_idle;
    end(connection, true);
    return;
  }
  set_due(connection, loop_.now().at + limits_.ping);
  carry(connection, std::move(output));
}

}  // namespace net
