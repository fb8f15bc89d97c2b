#include "app/shard.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/overloaded.h"
#include "base/result.h"
#include "base/time.h"
#include "call/engine.h"
#include "call/settings.h"
#include "facts/fact.h"
#include "model/snapshot.h"
#include "net/framer.h"
#include "net/loop.h"
#include "net/tls.h"
#include "net/transports.h"
#include "obs/log.h"
#include "obs/observer.h"
#include "obs/sip_ring.h"
#include "sip/locate.h"
#include "sip/stream.h"
#include "store/journal.h"

namespace app {
namespace {

// Work that has waited for so long is overload: calls that would come too late are better refused.
constexpr base::Duration kBehind{100};

// net/ knows no protocol: this hands it SIP's framing.
class SipFramer final : public net::Framer {
 public:
  void feed(std::string_view bytes) override { framer_.feed(bytes); }
  [[nodiscard]] net::Frame next() override {
    const sip::StreamFramer::Item item = framer_.next();
    switch (item.kind) {
      case sip::StreamFramer::Kind::NeedMore:
        return {net::FrameKind::NeedMore, {}};
      case sip::StreamFramer::Kind::Message:
        return {net::FrameKind::Message, item.bytes};
      case sip::StreamFramer::Kind::Ping:
        return {net::FrameKind::Reply, "\r\n"};
      case sip::StreamFramer::Kind::Broken:
        return {net::FrameKind::Broken, item.bytes};
    }
    return {};
  }
  [[nodiscard]] bool unfinished() const override { return framer_.pending() > 0; }

 private:
  sip::StreamFramer framer_;
};

std::size_t ring_bytes(const call::Settings& settings, bool is_captured) {
  constexpr std::size_t kForCapture = 1'048'576;
  const std::size_t wanted = settings.limits.ladder_bytes;
  return is_captured ? std::max(wanted, kForCapture) : wanted;
}

call::Settings with_legs(call::Settings settings, bool wanted) {
  settings.tells_legs = wanted;
  return settings;
}

// Of a WebSocket: each feed is one message, with or without a Content-Length (RFC 7118 5).
class MessageFramer final : public net::Framer {
 public:
  void feed(std::string_view bytes) override {
    message_ = bytes;
    is_fed_ = true;
  }
  [[nodiscard]] net::Frame next() override {
    if (!std::exchange(is_fed_, false)) return {};
    if (message_.find_first_not_of("\r\n") != std::string::npos)
      return {net::FrameKind::Message, message_};
    if (message_ == "\r\n\r\n") return {net::FrameKind::Reply, "\r\n"};
    return {};
  }
  [[nodiscard]] bool unfinished() const override { return is_fed_; }

 private:
  std::string message_;
  bool is_fed_ = false;
};

std::unique_ptr<net::Framer> framer_for(net::Feeding feeding) {
  if (feeding == net::Feeding::Messages) return std::make_unique<MessageFramer>();
  return std::make_unique<SipFramer>();
}

}  // namespace

Shard::Shard(const call::Settings& settings, std::shared_ptr<const model::Snapshot> snapshot,
             Parts parts)
    : journal_(parts.journal),
      observer_(parts.observer),
      sound_sink_(std::move(parts.sound)),
      mailboxes_(std::move(parts.mailboxes)),
      changes_(std::move(parts.changes)),
      ring_(ring_bytes(settings, parts.is_captured)),
      engine_(with_legs(settings, ring_.keeps()), rng_, std::move(snapshot)),
      resolver_(loop_),
      locator_(resolver_, rng_),
      transports_(loop_, *this, framer_for,
                  {.max_connections_per_peer = settings.limits.address_connections}) {
  transports_.use_names([this](base::PeerName name) { return engine_.peer_name(name); });
  loop_.add(*this);
  loop_.at_turn_end([this] { end_turn(); });
}

Shard::~Shard() {
  stop();
  loop_.remove(*this);
}

base::Status<std::string> Shard::open(const std::vector<net::ListenAt>& addresses,
                                      std::shared_ptr<const net::TlsContext> tls) {
  transports_.use_tls(tls);
  {
    const std::scoped_lock lock{installing_};
    tls_ = std::move(tls);
  }
  auto opened = transports_.open(addresses);
  if (!opened) return opened;
  engine_.listening(transports_.listeners());
  std::vector<base::Transport> ours;
  for (const base::Flow& listener : transports_.listeners()) ours.push_back(listener.transport);
  locator_.use(std::move(ours));
  return opened;
}

void Shard::start() {
  thread_ = std::thread([this] { loop_.run(); });
}

void Shard::stop() {
  if (!thread_.joinable()) return;
  loop_.stop();
  thread_.join();
}

bool Shard::post(Task task) {
  return loop_.post([this, task = std::move(task)](base::Now now) {
    task(engine_, now, actions_);
    carry_out();
  });
}

void Shard::install(std::shared_ptr<const model::Snapshot> snapshot) {
  {
    const std::scoped_lock lock{installing_};
    latest_ = std::move(snapshot);
  }
  unposted_ = true;
  post_latest();
}

// On any thread. What a full queue refuses stays unposted until a turn's end.
void Shard::post_latest() {
  if (!unposted_.exchange(false)) return;
  const bool posted = post([this](call::Engine& engine, base::Now now, call::Actions& out) {
    std::shared_ptr<const model::Snapshot> snapshot;
    {
      const std::scoped_lock lock{installing_};
      snapshot.swap(latest_);
    }
    if (snapshot != nullptr) engine.reconfigure(std::move(snapshot), now, out);
  });
  if (!posted) unposted_ = true;
}

void Shard::on_packet(const base::Flow& flow, std::string_view bytes, base::Now now) {
  ring_.keep(false, flow, bytes, now.wall);
  engine_.receive(flow, bytes, now, actions_);
  carry_out();
}

void Shard::on_broken(const base::Flow& flow, std::string_view bytes, base::Now now) {
  engine_.receive_broken(flow, bytes, now, actions_);
  carry_out();
}

// Whom we wanted to reach is a matter for the administrator; who came to us is anybody.
void Shard::on_refused(const base::Flow& flow, std::string_view why, base::Now now) {
  const bool ours = flow.peer_name != base::PeerName::None;
  obs::Line line{ours ? obs::Level::Warn : obs::Level::Debug,
                 "connection.refused",
                 {{"src", flow.peer.to_string()}, {"transport", base::name_of(flow.transport)}}};
  if (ours) line.fields.emplace_back("peer", engine_.peer_name(flow.peer_name));
  line.fields.emplace_back("cause", why);
  observer_.log(std::move(line), now.wall);
}

void Shard::use_tls(std::shared_ptr<const net::TlsContext> tls) {
  {
    const std::scoped_lock lock{installing_};
    tls_ = tls;
  }
  (void)loop_.post([this, tls = std::move(tls)](base::Now /*now*/) { transports_.use_tls(tls); });
}

void Shard::on_transport_failed(const base::Flow& flow, base::Now now) {
  engine_.transport_failed(flow, now, actions_);
  carry_out();
}

std::optional<base::Instant> Shard::deadline() const {
  return engine_.deadline();
}

void Shard::on_time(base::Now now) {
  engine_.time_reached(now, actions_);
  carry_out();
}

// In their order: a durable fact is in the journal before the packet behind it leaves.
void Shard::carry_out() {
  std::vector<call::Resolve> look_ups;  // may be answered at once: after all else
  for (call::Action& action : actions_) {
    std::visit(
        base::Overloaded{
            [this](call::Send& send) {
              ring_.keep(true, send.flow, *send.bytes, loop_.now().wall);
              transports_.send(send.flow, std::move(send.bytes));
            },
            [this](call::LegBegan& leg) { ring_.relate(leg.leg, leg.caller, loop_.now().wall); },
            [this](call::Tell& tell) {
              if (facts::is_durable(tell.fact)) (void)journal_.append(tell.fact);
              told_.push_back(std::move(tell.fact));
            },
            [&](call::Resolve& resolve) { look_ups.push_back(std::move(resolve)); },
            [this](call::CloseConnection& close) { transports_.close(close.connection); },
            [this](call::Media& media) { sound_.push_back(std::move(media.command)); },
            [this](call::OpenMailbox& wanted) { mailboxes_(std::move(wanted)); },
            [this](call::ChangeOffice& wanted) { changes_(std::move(wanted)); },
        },
        action);
  }
  actions_.clear();
  if (!sound_.empty()) sound_sink_(std::exchange(sound_, {}));
  for (const call::Resolve& resolve : look_ups) look_up(resolve);
}

void Shard::look_up(const call::Resolve& resolve) {
  locator_.locate(resolve.wanted, loop_.now(),
                  [this, token = resolve.token](const sip::Locations& places, base::Now now) {
                    engine_.resolved(token, places, now, actions_);
                    carry_out();
                  });
}

void Shard::end_turn() {
  engine_.set_behind(loop_.is_behind(kBehind));
  if (unposted_.load(std::memory_order_relaxed)) post_latest();
  journal_.settle();
  if (told_.empty()) return;
  observer_.tell(std::move(told_), loop_.now().wall);
  told_.clear();
}

}  // namespace app
