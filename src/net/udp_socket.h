#pragma once
// One UDP socket that reads and writes in batches (recvmmsg, sendmmsg) and fetches the ICMP errors
// that came back for what it sent.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "net/wire.h"

namespace net {

struct UdpFigures {
  std::uint64_t in = 0, out = 0, lost = 0, truncated = 0, sends_failed = 0, icmp_errors = 0;
};

// How an address is taken: Alone probes without SO_REUSEPORT first (somebody else there is an
// error), then opens with it so that more shards can Join.
enum class UdpOpen : std::uint8_t { Alone, Join };

class UdpSocket final {
 public:
  using Received = std::function<void(const base::Flow&, std::string_view)>;
  using Failed = std::function<void(const base::Flow&)>;

  static constexpr std::size_t kBatch = 64;
  static constexpr std::size_t kMaxDatagram = 65'536;

  [[nodiscard]] static base::Result<std::unique_ptr<UdpSocket>, std::string> open(
      const base::Address& address, UdpOpen how, int receive_buffer_bytes);
  ~UdpSocket();
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;

  [[nodiscard]] int descriptor() const;
  [[nodiscard]] base::Address local() const;
  // What the kernel gave of the buffer asked for.
  [[nodiscard]] int receive_buffer_bytes() const;

  // Reads until there is nothing more, but at most four batches (the rest keeps the descriptor
  // readable). Flows carry `listener` and the local address the datagram was sent to, also when
  // bound to 0.0.0.0 or ::. Returns when the kernel took in the first of them, if it tells.
  std::optional<base::WallTime> receive(std::uint8_t listener, const Received& received,
                                        const Failed& failed);
  // Queues one datagram; it goes out of flow.local if that is an address of ours.
  void queue(const base::Flow& flow, Bytes bytes);
  // Sends what is queued. False: the kernel's buffer is full, the rest waits for the next flush.
  [[nodiscard]] bool flush(const Failed& failed);
  [[nodiscard]] const UdpFigures& figures() const;

 private:
  class Impl;
  explicit UdpSocket(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace net
