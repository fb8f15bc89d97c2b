#pragma once
// The SIP sockets of one shard: UDP in batches, listeners and connections of TCP, TLS and
// WebSocket. Everything runs on
// the loop's thread; counters() may be read from any.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "net/framer.h"
#include "net/handler.h"
#include "net/loop.h"
#include "net/tls.h"
#include "net/wire.h"

namespace net {

struct ListenAt {
  base::Transport transport = base::Transport::Udp;
  base::Address address{};  // port 0: the kernel picks one
};

struct TransportLimits {
  std::size_t max_connections = 16'384;
  std::size_t max_connections_per_peer = 12'288;  // accepted; more are closed at once
  std::size_t max_write_queue_bytes = 65'536;     // per connection; more closes it
  std::size_t max_turn_bytes = 262'144;           // read from one connection in one turn
  base::Duration first_data{4'000};               // no byte after accept: closed
  base::Duration whole_message{8'000};            // message begun and not ended: closed
  base::Duration connect{1'000};                  // outgoing connect
  base::Duration handshake{4'000};             // TLS and WebSocket, from the first byte to the last
  base::Duration ping{30'000};                 // WebSocket: a sign of life is asked for so often
  std::size_t max_websocket_bytes = 65'536;    // of one message
  std::uint32_t tcp_user_timeout_ms = 3'000;   // unacknowledged data: the peer is gone
  int receive_buffer_bytes = 4 * 1024 * 1024;  // asked for; what was got is in the counters
};

struct TransportCounters {
  std::uint64_t datagrams_in = 0, datagrams_out = 0;
  std::uint64_t datagrams_lost = 0;       // the kernel's receive queue was full (SO_RXQ_OVFL)
  std::uint64_t datagrams_truncated = 0;  // longer than 64 kB cannot be; 0 unless the kernel lies
  std::uint64_t sends_failed = 0;
  std::uint64_t icmp_errors = 0;
  std::uint64_t connections_accepted = 0, connections_opened = 0;
  std::uint64_t connections_refused = 0;  // max_connections
  std::uint64_t closed_idle = 0, closed_unfinished = 0, closed_full_queue = 0, closed_broken = 0;
  std::uint64_t handshakes_failed = 0;              // TLS and WebSocket, also for want of time
  std::uint64_t messages_in = 0, messages_out = 0;  // over streams
  std::uint64_t connections = 0;                    // now
  std::uint64_t receive_buffer_bytes = 0;           // the smallest that a UDP socket got
};

class Transports final : public Wire, private Timed {
 public:
  // `loop` and `handler` outlive this. `shard` goes into connection ids (0-255).
  Transports(Loop& loop, Handler& handler, FramerFactory framers, TransportLimits limits = {},
             std::uint8_t shard = 0);
  ~Transports() override;

  // Opens the listeners in the order given and begins to read. Shard 0 first probes each UDP
  // address without SO_REUSEPORT, so that a second server is told instead of taking half of the
  // datagrams; further shards pass the addresses that listeners() of shard 0 shows and join them.
  // tls:// and wss:// need use_tls() first. The error is one clear line: "udp 127.0.0.1:5060 is in
  // use by another program".
  [[nodiscard]] base::Status<std::string> open(const std::vector<ListenAt>& addresses);
  // The listening sockets with their real ports, `peer` unset, `listener` counted from 0.
  [[nodiscard]] std::vector<base::Flow> listeners() const;

  // The text of a flow's `peer_name`; "" for None.
  using PeerNames = std::function<std::string_view(base::PeerName)>;
  // Before open(), and again when the files have changed: what is open goes on as it began.
  void use_tls(std::shared_ptr<const TlsContext> context);
  void use_names(PeerNames names);

  void send(const base::Flow& flow, Bytes bytes) override;
  void close(base::ConnectionId connection) override;

  [[nodiscard]] TransportCounters counters() const;

 private:
  [[nodiscard]] std::optional<base::Instant> deadline() const override;
  void on_time(base::Now now) override;

  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace net
