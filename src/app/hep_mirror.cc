#include "app/hep_mirror.h"

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "app/settings.h"
#include "base/result.h"
#include "config/server.h"
#include "net/socket_address.h"
#include "obs/hep.h"
#include "obs/sip_redact.h"
#include "obs/sip_ring.h"

namespace app {
namespace {

constexpr std::chrono::milliseconds kEvery{50};
constexpr std::size_t kBytesAtOnce = 262'144;
constexpr std::size_t kLegsMax = 20'000;

}  // namespace

base::Result<std::unique_ptr<HepMirror>, std::string> HepMirror::start(const obs::SipRing& ring,
                                                                       Options options) {
  const auto [kernel, size] = net::to_kernel(options.to);
  const int socket = ::socket(options.to.ip.is_v6 ? AF_INET6 : AF_INET,
                              SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0 || ::connect(socket, net::name_of(kernel), size) != 0) {
    const std::string why = std::strerror(errno);
    if (socket >= 0) ::close(socket);
    return base::Unexpected{"hep: nothing can be sent to " + options.to.to_string() + ": " + why};
  }
  return std::unique_ptr<HepMirror>(new HepMirror(ring, std::move(options), socket));
}

base::Result<std::unique_ptr<HepMirror>, std::string> start_mirror(
    const config::ServerConfig& config, const obs::SipRing& ring) {
  if (config.hep.to.port == 0) return std::unique_ptr<HepMirror>{};
  return HepMirror::start(
      ring, {config.hep.to, {config.hep.id, config.hep.password}, log_options(config.log).pii});
}

HepMirror::HepMirror(const obs::SipRing& ring, Options options, int socket)
    : ring_(ring), options_(std::move(options)), socket_(socket), thread_([this] { work(); }) {}

HepMirror::~HepMirror() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
  ::close(socket_);
}

void HepMirror::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    (void)wake_.wait_for(lock, kEvery, [this] { return stopping_; });
    lock.unlock();
    send_what_is_new();
    lock.lock();
  }
}

void HepMirror::send_what_is_new() {
  while (true) {
    obs::SipRing::Batch batch = ring_.after(next_, kBytesAtOnce);
    next_ = batch.next;
    lost_ += batch.lost;
    for (const obs::SipRelation& relation : batch.relations) relate(relation);
    for (obs::SipCopy& copy : batch.copies) {
      const std::string call{call_of(obs::call_id_of(copy.bytes))};
      obs::redact(copy.bytes, options_.pii);
      const std::string datagram = obs::to_hep(copy, options_.agent, call);
      const bool taken = ::send(socket_, datagram.data(), datagram.size(), MSG_NOSIGNAL) >= 0;
      ++(taken ? sent_ : lost_);
    }
    if (batch.copies.empty() && batch.relations.empty()) return;
  }
}

void HepMirror::relate(const obs::SipRelation& relation) {
  if (!calls_.insert_or_assign(relation.leg, relation.call).second) return;
  legs_.push_back(relation.leg);
  if (legs_.size() <= kLegsMax) return;
  calls_.erase(legs_.front());
  legs_.pop_front();
}

std::string_view HepMirror::call_of(std::string_view call_id) const {
  const auto found = calls_.find(call_id);
  return found == calls_.end() ? call_id : std::string_view(found->second);
}

}  // namespace app
