#pragma once
// The way out: what app/ calls to carry out the engine's Send and CloseConnection.

#include <memory>
#include <string>

#include "base/address.h"

namespace net {

using Bytes = std::shared_ptr<const std::string>;

class Wire {
 public:
  Wire() = default;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  virtual ~Wire() = default;
  // Queues one message; it leaves at the end of the turn, in order, in batches. A stream flow
  // without a connection uses the open connection to its peer, else opens one (limit: 1 s). A
  // failure comes back as Handler::on_transport_failed, in a later call, never from in here.
  // Loop's thread only.
  virtual void send(const base::Flow& flow, Bytes bytes) = 0;
  // Closes a stream connection after what was queued for it; unknown ids are ignored.
  virtual void close(base::ConnectionId connection) = 0;
};

}  // namespace net
