#pragma once
// The stream listeners and connections of one shard: TCP, and TLS and WebSocket upon it
// (net/layer.h). Everything on the loop's thread; failures are told to the handler by on_time(),
// never from inside send().

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "net/framer.h"
#include "net/handler.h"
#include "net/layer.h"
#include "net/loop.h"
#include "net/peer_places.h"
#include "net/socket_address.h"
#include "net/tls.h"
#include "net/transports.h"
#include "net/wire.h"

namespace net {

class Streams final {
 public:
  Streams(Loop& loop, Handler& handler, FramerFactory framers, const TransportLimits& limits,
          std::uint8_t shard);
  ~Streams();
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  void use_tls(std::shared_ptr<const TlsContext> context) { tls_ = std::move(context); }
  void use_names(Transports::PeerNames names) { names_ = std::move(names); }
  // The real local address, or one clear line.
  [[nodiscard]] base::Result<base::Address, std::string> listen(base::Transport transport,
                                                                const base::Address& address,
                                                                std::uint8_t listener);
  void stop_listening();
  void send(const base::Flow& flow, Bytes bytes);
  void close(base::ConnectionId connection);
  // Writes what this turn queued and buries what ended in it.
  void end_turn();

  [[nodiscard]] std::optional<base::Instant> deadline() const;
  void on_time(base::Now now);
  // The stream part of the counters; the rest is 0.
  [[nodiscard]] const TransportCounters& counters() const { return counters_; }

 private:
  enum class State : std::uint8_t {
    Connecting,
    Opening,  // the handshake of TLS or WebSocket goes on
    Open,
    Closing,    // what is queued still goes out, nothing is read any more
    Lingering,  // our side is shut; waiting for the peer's end so that our last bytes arrive
    Dead        // buried at the end of the turn
  };
  struct Connection {
    Descriptor socket;
    std::unique_ptr<Loop::Watch> watch;
    std::unique_ptr<Layer> layer;  // null: TCP as it is
    std::unique_ptr<Framer> framer;
    State state = State::Open;
    base::Flow flow;               // with its id
    base::Flow asked_by;           // ours: the flow that send() was given
    std::deque<Bytes> waiting;     // Opening: messages that the layer does not take yet
    std::deque<Bytes> queue;       // as they go over the wire
    std::size_t queued_bytes = 0;  // of both
    std::size_t sent_of_first = 0;
    bool ours = false;      // we opened it
    bool accepted = false;  // it has a place of its peer's
    bool heard = false;     // at least one byte came
    bool unfinished = false;
    bool dirty = false;
    std::optional<base::Instant> due;
  };
  struct Slot {
    std::uint32_t generation = 0;
    std::unique_ptr<Connection> connection;
  };
  struct Listener {
    Descriptor socket;
    std::unique_ptr<Loop::Watch> watch;
    std::uint8_t index = 0;
    base::Transport transport = base::Transport::Tcp;
  };
  // Whose connection may be used again: a TLS one only for the name that it was opened for.
  struct Peer {
    base::Transport transport = base::Transport::Tcp;
    base::Address address{};
    base::PeerName name = base::PeerName::None;
    auto operator<=>(const Peer&) const = default;
  };
  [[nodiscard]] static Peer peer_of(const base::Flow& flow) {
    return {flow.transport, flow.peer, flow.peer_name};
  }

  // ---- streams.cc ----
  void accept_all(Listener& listener);
  [[nodiscard]] bool accept_one(Listener& listener);
  Connection* connect(const base::Flow& flow);
  Connection& place(Descriptor socket, base::Flow flow, State state);
  [[nodiscard]] std::unique_ptr<Layer> layer_of_accepted(base::Transport transport) const;
  [[nodiscard]] Connection* find(base::ConnectionId id);
  [[nodiscard]] Connection* usable(const base::Flow& flow);
  // Ends it; `tell` reports the flow to the handler.
  void end(Connection& connection, bool tell);
  void set_due(Connection& connection, std::optional<base::Instant> due);
  void expired(Connection& connection);
  void expired_open(Connection& connection);

  // ---- streams_io.cc ----
  void readable(base::ConnectionId id);
  void read(Connection& connection);
  void take(Connection& connection, std::string_view bytes);
  void consume(Connection& connection, std::string_view bytes);
  void watch_message(Connection& connection);
  void writable(base::ConnectionId id);
  void connected(Connection& connection);
  // What a layer gave: down to the wire at once, up to the framer, and what its state means now.
  void carry(Connection& connection, Layer::Output output);
  void opened(Connection& connection);
  void refused(Connection& connection);
  void write(Connection& connection);
  [[nodiscard]] bool write_some(Connection& connection);
  // Sends what is queued, then shuts our side; reads nothing any more.
  void finish(Connection& connection);
  [[nodiscard]] bool has_room(Connection& connection, std::size_t size);
  void enqueue(Connection& connection, Bytes bytes);
  void queue_raw(Connection& connection, Bytes bytes);

  Loop& loop_;
  Handler& handler_;
  FramerFactory framers_;
  TransportLimits limits_;
  std::uint8_t shard_;
  TransportCounters counters_;
  PeerPlaces places_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::map<Peer, base::ConnectionId> by_peer_;
  std::shared_ptr<const TlsContext> tls_;
  Transports::PeerNames names_;
  std::set<std::pair<base::Instant, base::ConnectionId>> due_;
  std::vector<base::ConnectionId> dirty_, dead_;
  std::vector<base::Flow> failures_;
  std::vector<std::pair<base::Flow, std::string>> refusals_;
  std::vector<char> buffer_;
  Descriptor reserve_;  // given up for a moment to refuse when the process has no descriptors left
};

}  // namespace net
