#include "net/streams.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
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
#include "net/framer.h"
#include "net/handler.h"
#include "net/loop.h"
#include "net/socket_address.h"
#include "net/transports.h"
#include "net/wire.h"

namespace net {
namespace {

constexpr std::size_t kReadBytes = 65'536;
constexpr int kAcceptsATurn = 64;
constexpr int kBacklog = 1'024;
constexpr std::size_t kVectors = 16;
constexpr base::Duration kLinger{1'000};
constexpr base::Duration kClosing{4'000};

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

base::Result<base::Address, std::string> Streams::listen(const base::Address& address,
                                                         std::uint8_t listener) {
  const auto failed = [&address] {
    return base::Unexpected{bind_error(base::Transport::Tcp, address, errno)};
  };
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
  base::Flow flow{.transport = base::Transport::Tcp, .listener = listener.index};
  flow.local = local_of(socket.get());
  flow.peer = from_kernel(peer);
  Connection& connection = place(std::move(socket), flow, State::Open);
  connection.accepted = true;
  set_due(connection, loop_.now().at + limits_.first_data);
  return true;
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
  connection.framer = framers_();
  connection.watch = loop_.watch(
      connection.socket.get(), [this, id = flow.connection] { readable(id); },
      [this, id = flow.connection] { writable(id); });
  by_peer_[flow.peer] = flow.connection;
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
  const auto known = by_peer_.find(flow.peer);
  Connection* open = known == by_peer_.end() ? nullptr : find(known->second);
  if (open != nullptr && (open->state == State::Open || open->state == State::Connecting)) {
    return open;
  }
  return connect(flow);
}

Streams::Connection* Streams::connect(const base::Flow& flow) {
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

void Streams::enqueue(Connection& connection, Bytes bytes) {
  const std::size_t size = bytes->size();
  if (connection.queued_bytes + size > limits_.max_write_queue_bytes &&
      connection.state == State::Open) {
    write(connection);  // a busy turn may fill the queue of a peer that reads well
    if (connection.state == State::Dead) return;
  }
  if (connection.queued_bytes + size > limits_.max_write_queue_bytes &&
      connection.queued_bytes > 0) {
    ++counters_.closed_full_queue;
    end(connection, true);
    return;
  }
  connection.queue.push_back(std::move(bytes));
  connection.queued_bytes += size;
  if (connection.dirty) return;
  connection.dirty = true;
  dirty_.push_back(connection.flow.connection);
}

void Streams::close(base::ConnectionId id) {
  Connection* connection = find(id);
  if (connection == nullptr) return;
  if (connection->state == State::Connecting) {
    end(*connection, false);
  } else if (connection->state == State::Open) {
    finish(*connection);
  }
}

// Sends what is queued, then shuts our side; reads nothing any more.
void Streams::finish(Connection& connection) {
  connection.state = State::Closing;
  set_due(connection, loop_.now().at + kClosing);
  if (!connection.dirty) {
    connection.dirty = true;
    dirty_.push_back(connection.flow.connection);
  }
}

void Streams::readable(base::ConnectionId id) {
  Connection* connection = find(id);
  if (connection == nullptr) return;
  switch (connection->state) {
    case State::Connecting:
      connected(*connection);
      return;
    case State::Open:
      read(*connection);
      return;
    case State::Closing:
    case State::Lingering: {
      const ssize_t got = ::recv(connection->socket.get(), buffer_.data(), buffer_.size(), 0);
      if (got > 0) return;
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
      end(*connection, false);
      return;
    }
    case State::Dead:
      return;
  }
}

void Streams::read(Connection& connection) {
  std::size_t total = 0;
  while (connection.state == State::Open && total < limits_.max_turn_bytes) {
    const ssize_t got = ::recv(connection.socket.get(), buffer_.data(), buffer_.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (got <= 0) {
      if (got < 0) ++counters_.closed_broken;
      end(connection, true);
      return;
    }
    connection.heard = true;
    const auto size = static_cast<std::size_t>(got);
    total += size;
    consume(connection, {buffer_.data(), size});
    if (size < buffer_.size()) break;
  }
  if (connection.state == State::Open) watch_message(connection);
}

void Streams::consume(Connection& connection, std::string_view bytes) {
  connection.framer->feed(bytes);
  // A handler may close this connection: its state is looked at before each frame.
  while (connection.state == State::Open) {
    const Frame frame = connection.framer->next();
    switch (frame.kind) {
      case FrameKind::NeedMore:
        return;
      case FrameKind::Message:
        ++counters_.messages_in;
        connection.unfinished = false;
        handler_.on_packet(connection.flow, frame.bytes, loop_.now());
        break;
      case FrameKind::Reply:
        enqueue(connection, std::make_shared<const std::string>(frame.bytes));
        break;
      case FrameKind::Broken:
        ++counters_.closed_broken;
        handler_.on_broken(connection.flow, frame.bytes, loop_.now());
        failures_.push_back(connection.flow);
        if (connection.state == State::Open) finish(connection);
        return;
    }
  }
}

// The clock of an unfinished message runs from its first byte, however slowly the others drip.
void Streams::watch_message(Connection& connection) {
  const bool unfinished = connection.framer->unfinished();
  if (!unfinished) {
    set_due(connection, std::nullopt);
  } else if (!connection.unfinished) {
    set_due(connection, loop_.now().at + limits_.whole_message);
  }
  connection.unfinished = unfinished;
}

void Streams::writable(base::ConnectionId id) {
  Connection* connection = find(id);
  if (connection == nullptr) return;
  if (connection->state == State::Connecting) {
    connected(*connection);
  } else {
    write(*connection);
  }
}

void Streams::connected(Connection& connection) {
  int error = 0;
  socklen_t size = sizeof(error);
  (void)::getsockopt(connection.socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  sockaddr_storage peer{};
  socklen_t peer_size = sizeof(peer);
  auto* name = name_of(peer);
  if (error == 0 && ::getpeername(connection.socket.get(), name, &peer_size) != 0) {
    connection.watch->want_write();  // still on its way
    return;
  }
  if (error != 0) {
    end(connection, true);
    return;
  }
  ++counters_.connections_opened;
  connection.state = State::Open;
  connection.flow.local = local_of(connection.socket.get());
  set_due(connection, std::nullopt);
  write(connection);
}

void Streams::write(Connection& connection) {
  while (!connection.queue.empty()) {
    if (!write_some(connection)) return;
  }
  if (connection.state != State::Closing) return;
  connection.state = State::Lingering;
  (void)::shutdown(connection.socket.get(), SHUT_WR);
  set_due(connection, loop_.now().at + kLinger);
}

// One gathered write. False: nothing more can be written now.
bool Streams::write_some(Connection& connection) {
  std::array<iovec, kVectors> vectors{};
  std::size_t count = 0;
  for (const Bytes& bytes : connection.queue) {
    if (count == kVectors) break;
    const std::size_t skip = count == 0 ? connection.sent_of_first : 0;
    // sendmsg only reads what it is given.
    vectors.at(count) = {.iov_base = const_cast<char*>(bytes->data()) + skip,
                         .iov_len = bytes->size() - skip};
    ++count;
  }
  msghdr head{};
  head.msg_iov = vectors.data();
  head.msg_iovlen = count;
  const ssize_t sent = ::sendmsg(connection.socket.get(), &head, MSG_NOSIGNAL);
  if (sent < 0) {
    if (errno == EINTR) return true;
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      connection.watch->want_write();
    } else {
      ++counters_.closed_broken;
      end(connection, connection.state == State::Open);
    }
    return false;
  }
  auto left = static_cast<std::size_t>(sent);
  connection.queued_bytes -= left;
  left += connection.sent_of_first;
  while (!connection.queue.empty() && left >= connection.queue.front()->size()) {
    left -= connection.queue.front()->size();
    connection.queue.pop_front();
  }
  connection.sent_of_first = left;
  return true;
}

void Streams::end(Connection& connection, bool tell) {
  if (connection.state == State::Dead) return;
  if (tell) {
    failures_.push_back(connection.state == State::Connecting ? connection.asked_by
                                                              : connection.flow);
  }
  connection.state = State::Dead;
  set_due(connection, std::nullopt);
  const auto known = by_peer_.find(connection.flow.peer);
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
  if (!failures_.empty()) return base::Instant{};
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

void Streams::on_time(base::Now now) {
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
    case State::Open:
      if (!connection.heard) {
        ++counters_.closed_idle;
        end(connection, false);
      } else {
        ++counters_.closed_unfinished;
        end(connection, true);
      }
      return;
    case State::Closing:
    case State::Lingering:
    case State::Dead:
      end(connection, false);
      return;
  }
}

}  // namespace net
