// What goes in and out of a connection: bytes of the socket, through its layer, to messages.

#include <array>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "base/address.h"
#include "base/time.h"
#include "net/framer.h"
#include "net/handler.h"
#include "net/layer.h"
#include "net/loop.h"
#include "net/socket_address.h"
#include "net/streams.h"
#include "net/tls.h"
#include "net/transports.h"
#include "net/wire.h"

namespace net {
namespace {

constexpr std::size_t kVectors = 16;
constexpr base::Duration kLinger{1'000};
constexpr base::Duration kClosing{4'000};

}  // namespace

// ---- out ----

// False: the peer does not read what it is sent, and its connection is ended. What is alone in the
// queue may be of any size.
bool Streams::has_room(Connection& connection, std::size_t size) {
  const auto is_full = [&] {
    return connection.queued_bytes > 0 &&
           connection.queued_bytes + size > limits_.max_write_queue_bytes;
  };
  if (is_full() && connection.state == State::Open)
    write(connection);  // a busy turn may fill the queue of a peer that reads well
  if (connection.state == State::Dead) return false;
  if (!is_full()) return true;
  ++counters_.closed_full_queue;
  end(connection, true);
  return false;
}

// One message of ours: through the layer when that is open, kept for it while it is not.
void Streams::enqueue(Connection& connection, Bytes bytes) {
  const std::size_t size = bytes->size();
  if (!has_room(connection, size)) return;
  const bool layered =
      base::is_secure(connection.flow.transport) || base::is_websocket(connection.flow.transport);
  if (!layered) {
    queue_raw(connection, std::move(bytes));
  } else if (connection.state == State::Connecting || connection.state == State::Opening) {
    connection.waiting.push_back(std::move(bytes));
    connection.queued_bytes += size;
  } else {
    Layer::Output output;
    connection.layer->send(*bytes, output);
    carry(connection, std::move(output));
  }
}

void Streams::queue_raw(Connection& connection, Bytes bytes) {
  connection.queued_bytes += bytes->size();
  connection.queue.push_back(std::move(bytes));
  if (connection.dirty) return;
  connection.dirty = true;
  dirty_.push_back(connection.flow.connection);
}

void Streams::finish(Connection& connection) {
  if (connection.layer != nullptr) {
    Layer::Output output;
    connection.layer->finish(output);
    if (!output.down.empty())
      queue_raw(connection, std::make_shared<const std::string>(std::move(output.down)));
  }
  connection.state = State::Closing;
  set_due(connection, loop_.now().at + kClosing);
  if (!connection.dirty) {
    connection.dirty = true;
    dirty_.push_back(connection.flow.connection);
  }
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
  // Its port is for this connection only: what peers are told stays that of the listener.
  connection.flow.local.ip = local_of(connection.socket.get()).ip;
  if (connection.flow.local.port == 0)
    connection.flow.local.port = local_of(connection.socket.get()).port;
  if (!base::is_secure(connection.flow.transport)) {
    opened(connection);
    write(connection);
    return;
  }
  connection.state = State::Opening;
  set_due(connection, loop_.now().at + limits_.handshake);
  connection.layer =
      connect_tls(tls_, names_ ? std::string{names_(connection.flow.peer_name)} : std::string{});
  Layer::Output output;
  connection.layer->start(output);
  carry(connection, std::move(output));
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
      end(connection, connection.state == State::Open || connection.state == State::Opening);
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

// ---- in ----

void Streams::readable(base::ConnectionId id) {
  Connection* connection = find(id);
  if (connection == nullptr) return;
  switch (connection->state) {
    case State::Connecting:
      connected(*connection);
      return;
    case State::Opening:
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
  const auto reads = [&connection] {
    return connection.state == State::Open || connection.state == State::Opening;
  };
  while (reads() && total < limits_.max_turn_bytes) {
    const ssize_t got = ::recv(connection.socket.get(), buffer_.data(), buffer_.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (got <= 0) {
      if (got < 0) ++counters_.closed_broken;
      if (connection.state == State::Opening) ++counters_.handshakes_failed;
      end(connection, true);
      return;
    }
    const auto size = static_cast<std::size_t>(got);
    total += size;
    take(connection, {buffer_.data(), size});
    if (size < buffer_.size()) break;
  }
  if (connection.state == State::Open) watch_message(connection);
}

void Streams::take(Connection& connection, std::string_view bytes) {
  if (connection.layer == nullptr) {
    connection.heard = true;
    consume(connection, bytes);
    return;
  }
  Layer::Output output;
  connection.layer->receive(bytes, output);
  if (!output.up.empty() || connection.layer->unfinished()) connection.heard = true;
  carry(connection, std::move(output));
}

void Streams::carry(Connection& connection, Layer::Output output) {
  if (!output.down.empty()) {
    // Also what a layer says of its own, such as its answers to pings.
    if (!has_room(connection, output.down.size())) return;
    queue_raw(connection, std::make_shared<const std::string>(std::move(output.down)));
  }
  if (connection.state == State::Opening && connection.layer->state() == Layer::State::Open)
    opened(connection);
  for (const std::string& piece : output.up) {
    if (connection.state != State::Open) return;
    consume(connection, piece);
  }
  const Layer::State state = connection.layer->state();
  const bool runs = connection.state == State::Open || connection.state == State::Opening;
  if (runs && (state == Layer::State::Broken || state == Layer::State::Ended)) refused(connection);
}

// Messages go both ways from here on.
void Streams::opened(Connection& connection) {
  connection.state = State::Open;
  if (connection.ours) {
    set_due(connection, std::nullopt);
  } else {
    set_due(connection, loop_.now().at + limits_.first_data);
  }
  for (Bytes& bytes : std::exchange(connection.waiting, {})) {
    if (connection.state != State::Open) return;
    connection.queued_bytes -= bytes->size();
    enqueue(connection, std::move(bytes));
  }
}

// Its layer is broken, or the peer said goodbye. What the layer says to that still leaves.
void Streams::refused(Connection& connection) {
  const bool opening = connection.state == State::Opening;
  if (opening) ++counters_.handshakes_failed;
  if (connection.layer->state() == Layer::State::Broken) {
    ++counters_.closed_broken;
    refusals_.emplace_back(connection.flow, connection.layer->trouble());
  }
  if (connection.ours || !opening)
    failures_.push_back(opening ? connection.asked_by : connection.flow);
  finish(connection);
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
  const bool unfinished = connection.framer->unfinished() ||
                          (connection.layer != nullptr && connection.layer->unfinished());
  if (unfinished && !connection.unfinished) {
    set_due(connection, loop_.now().at + limits_.whole_message);
  } else if (!unfinished && connection.heard) {
    const bool pings = connection.layer != nullptr && connection.layer->pings();
    set_due(connection, pings ? std::optional{loop_.now().at + limits_.ping} : std::nullopt);
  }
  connection.unfinished = unfinished;
}

}  // namespace net
