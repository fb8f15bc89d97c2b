#pragma once
// What the loop and the transports ask of the machine that they carry. app/ implements it around
// call::Engine; tests implement it by hand.

#include <optional>
#include <string_view>

#include "base/address.h"
#include "base/time.h"

namespace net {

// Something that wants to be woken. The loop asks deadline() once a turn and calls on_time() in the
// first turn at or after it. Both run on the loop's thread.
class Timed {
 public:
  Timed() = default;
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;
  virtual ~Timed() = default;
  [[nodiscard]] virtual std::optional<base::Instant> deadline() const = 0;
  virtual void on_time(base::Now now) = 0;
};

// Receives what comes in from the wire; every call on the loop's thread, never from inside
// Wire::send. All calls of one turn carry the same `now`.
class Handler : public Timed {
 public:
  // One datagram, or one framed message of a stream. `bytes` is valid during the call only.
  virtual void on_packet(const base::Flow& flow, std::string_view bytes, base::Now now) = 0;
  // A stream that cannot be cut into messages any more; `bytes` is what its framer shows of the one
  // that broke it. What is sent in here still leaves, then the connection closes.
  virtual void on_broken(const base::Flow& flow, std::string_view bytes, base::Now now) = 0;
  // A handshake of TLS or WebSocket failed, or the peer broke that protocol: for the log only.
  // `flow.peer_name` is set where we opened the connection.
  virtual void on_refused(const base::Flow& flow, std::string_view why, base::Now now) = 0;
  // Nothing can be sent there: ICMP error, refused or timed out connect, ended connection, failed
  // handshake, full write queue. For a connect that failed, `flow` is the one that was given to
  // Wire::send.
  virtual void on_transport_failed(const base::Flow& flow, base::Now now) = 0;
};

}  // namespace net
