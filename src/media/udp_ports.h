#pragma once
// The streams' sockets: RTP and RTCP each, non-blocking, in one epoll set.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "facts/media.h"
#include "media/sockets.h"
#include "net/socket_address.h"

namespace media {

// One thread's. What else is in the epoll set has keys below kFirstKey.
class UdpPorts final : public Sockets {
 public:
  static constexpr std::uint64_t kFirstKey = std::uint64_t{1} << 32U;

  // `epoll` stays the caller's.
  explicit UdpPorts(int epoll) : epoll_(epoll) {}

  base::Status<std::string> open(facts::StreamId stream, const base::Address& local) override;
  void close(facts::StreamId stream) override;
  bool send(facts::StreamId stream, Channel channel, const base::Address& to,
            std::span<const std::uint8_t> bytes) override;

  using Received = std::function<void(facts::StreamId, Channel, const base::Address& from,
                                      std::span<std::uint8_t> bytes)>;
  // Reads one packet of the socket of an epoll event's key; if more wait it stays ready, behind the
  // other sockets' packets. A key of a socket that was closed meanwhile is ignored.
  void read(std::uint64_t key, const Received& received);

 private:
  struct Pair {
    facts::StreamId stream{};
    std::uint32_t generation = 0;
    std::array<net::Descriptor, 2> sockets;
  };
  [[nodiscard]] std::uint64_t key_of(std::size_t slot, Channel channel) const;

  int epoll_;
  std::vector<std::unique_ptr<Pair>> pairs_;
  std::vector<std::size_t> free_;
  std::uint32_t generation_ = 0;
  std::unordered_map<facts::StreamId, std::size_t> slots_;
  std::array<std::uint8_t, 2'048> buffer_{};
};

}  // namespace media
