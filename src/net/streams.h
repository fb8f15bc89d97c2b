#pragma once
// The TCP listeners and connections of one shard. Everything on the loop's thread; failures are
// told to the handler by on_time(), never from inside send().

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
#include "net/loop.h"
#include "net/peer_places.h"
#include "net/socket_address.h"
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

  // The real local address, or one clear line.
  [[nodiscard]] base::Result<base::Address, std::string> listen(const base::Address& address,
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
    Open,
    Closing,    // what is queued still goes out, nothing is read any more
    Lingering,  // our side is shut; waiting for the peer's end so that our last bytes arrive
    Dead        // buried at the end of the turn
  };
  struct Connection {
    Descriptor socket;
    std::unique_ptr<Loop::Watch> watch;
    std::unique_ptr<Framer> framer;
    State state = State::Open;
    base::Flow flow;      // with its id
    base::Flow asked_by;  // Connecting: the flow that send() was given
    std::deque<Bytes> queue;
    std::size_t queued_bytes = 0;
    std::size_t sent_of_first = 0;
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
  };

  void accept_all(Listener& listener);
  [[nodiscard]] bool accept_one(Listener& listener);
  Connection* connect(const base::Flow& flow);
  Connection& place(Descriptor socket, base::Flow flow, State state);
  [[nodiscard]] Connection* find(base::ConnectionId id);
  [[nodiscard]] Connection* usable(const base::Flow& flow);
  void readable(base::ConnectionId id);
  void read(Connection& connection);
  void consume(Connection& connection, std::string_view bytes);
  void watch_message(Connection& connection);
  void writable(base::ConnectionId id);
  void connected(Connection& connection);
  void write(Connection& connection);
  [[nodiscard]] bool write_some(Connection& connection);
  void finish(Connection& connection);
  void enqueue(Connection& connection, Bytes bytes);
  // Ends it; `tell` reports the flow to the handler.
  void end(Connection& connection, bool tell);
  void set_due(Connection& connection, std::optional<base::Instant> due);
  void expired(Connection& connection);

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
  std::map<base::Address, base::ConnectionId> by_peer_;
  std::set<std::pair<base::Instant, base::ConnectionId>> due_;
  std::vector<base::ConnectionId> dirty_, dead_;
  std::vector<base::Flow> failures_;
  std::vector<char> buffer_;
  Descriptor reserve_;  // given up for a moment to refuse when the process has no descriptors left
};

}  // namespace net
