#pragma once
// Sends copies of all SIP messages to a capture server (hep: of harrier.yaml). One thread reads
// what the ring keeps, so the signalling thread does nothing for it; what the network does not take
// at once is lost and counted.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/address.h"
#include "base/result.h"
#include "config/server.h"
#include "obs/hep.h"
#include "obs/log.h"
#include "obs/sip_ring.h"

namespace app {

class HepMirror final {
 public:
  struct Options {
    base::Address to{};
    obs::HepAgent agent;
    obs::PiiMode pii = obs::PiiMode::Shown;
  };
  struct Figures {
    std::uint64_t sent = 0, lost = 0;
  };

  // `ring` outlives the mirror. The error is one clear line.
  [[nodiscard]] static base::Result<std::unique_ptr<HepMirror>, std::string> start(
      const obs::SipRing& ring, Options options);
  ~HepMirror();
  HepMirror(const HepMirror&) = delete;
  HepMirror& operator=(const HepMirror&) = delete;

  [[nodiscard]] Figures figures() const { return {sent_, lost_}; }

 private:
  HepMirror(const obs::SipRing& ring, Options options, int socket);
  void work();
  void send_what_is_new();
  void relate(const obs::SipRelation& relation);
  [[nodiscard]] std::string_view call_of(std::string_view call_id) const;

  // Given to us.
  const obs::SipRing& ring_;
  // Owned.
  Options options_;
  int socket_;
  std::map<std::string, std::string, std::less<>> calls_;  // of legs
  std::deque<std::string> legs_;                           // in it, the oldest first
  // Plain state.
  std::uint64_t next_ = 0;
  std::atomic<std::uint64_t> sent_ = 0, lost_ = 0;
  std::mutex mutex_;  // guards stopping_
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

// Null where harrier.yaml names no capture server.
[[nodiscard]] base::Result<std::unique_ptr<HepMirror>, std::string> start_mirror(
    const config::ServerConfig& config, const obs::SipRing& ring);

}  // namespace app
