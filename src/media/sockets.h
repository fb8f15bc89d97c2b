#pragma once
// What the worker needs of the network: real sockets in the engine, a table in tests.

#include <cstdint>
#include <span>
#include <string>

#include "base/address.h"
#include "base/result.h"
#include "facts/media.h"

namespace media {

enum class Channel : std::uint8_t { Rtp, Rtcp };

class Sockets {
 public:
  Sockets() = default;
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;
  virtual ~Sockets() = default;
  // RTP on `local`, RTCP on the port above. On failure neither is open.
  [[nodiscard]] virtual base::Status<std::string> open(facts::StreamId stream,
                                                       const base::Address& local) = 0;
  virtual void close(facts::StreamId stream) = 0;
  // False: it could not be sent; nobody waits for it.
  virtual bool send(facts::StreamId stream, Channel channel, const base::Address& to,
                    std::span<const std::uint8_t> bytes) = 0;
};

}  // namespace media
