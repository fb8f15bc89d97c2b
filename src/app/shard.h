#pragma once
// One signalling thread: the loop, the sockets and the engine that they carry.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "app/locator.h"
#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "call/engine.h"
#include "call/settings.h"
#include "facts/fact.h"
#include "facts/media.h"
#include "model/snapshot.h"
#include "net/handler.h"
#include "net/loop.h"
#include "net/resolver.h"
#include "net/rng.h"
#include "net/tls.h"
#include "net/transports.h"
#include "obs/observer.h"
#include "obs/sip_ring.h"
#include "store/journal.h"

namespace app {

class Shard final : private net::Handler {
 public:
  // Takes what the engine says to the media side; never blocks.
  using SoundSink = std::function<void(std::vector<facts::MediaCommand>)>;
  // Sees to it that engine's mailbox_opened() is posted; never blocks.
  using MailboxSource = std::function<void(call::OpenMailbox)>;
  // Sees to it that engine's office_changed() is posted; never blocks.
  using ChangeSink = std::function<void(call::ChangeOffice)>;
  // `journal` and `observer` outlive this; the journal's writer side is ours. A capture server
  // needs copies of messages even where the limits ask for none.
  struct Parts {
    store::Journal& journal;
    obs::Observer& observer;
    SoundSink sound;
    MailboxSource mailboxes;
    ChangeSink changes;
    bool is_captured = false;
  };
  Shard(const call::Settings& settings, std::shared_ptr<const model::Snapshot> snapshot,
        Parts parts);
  ~Shard() override;

  // Opens the sockets; `tls` may be null where none of them needs it. The error is one clear line.
  [[nodiscard]] base::Status<std::string> open(const std::vector<net::ListenAt>& addresses,
                                               std::shared_ptr<const net::TlsContext> tls);
  // Before start(): what the store remembers.
  [[nodiscard]] call::Engine& engine() { return engine_; }
  [[nodiscard]] std::vector<base::Flow> listeners() const { return transports_.listeners(); }
  // Copies of the last messages.
  [[nodiscard]] const obs::SipRing& messages() const { return ring_; }
  void start();
  // Ends the thread; nothing is served after it.
  void stop();

  // ---- from any thread ----
  // Runs `task` on the signalling thread with the engine; false when too much waits.
  using Task = std::function<void(call::Engine&, base::Now, call::Actions&)>;
  bool post(Task task);
  // The same, waiting for its answer at most `limit`; nothing if none came.
  template <class T>
  [[nodiscard]] std::optional<T> ask(
      std::function<T(call::Engine&, base::Now, call::Actions&)> what,
      std::chrono::milliseconds limit = std::chrono::seconds{2}) {
    auto promise = std::make_shared<std::promise<T>>();
    std::future<T> answer = promise->get_future();
    const bool posted = post(
        [promise, what = std::move(what)](call::Engine& engine, base::Now now, call::Actions& out) {
          promise->set_value(what(engine, now, out));
        });
    if (!posted || answer.wait_for(limit) != std::future_status::ready) return {};
    return answer.get();
  }
  // New connections show this certificate; those that are open go on as they began.
  void use_tls(std::shared_ptr<const net::TlsContext> tls);
  // What they show now; null where nothing listens over TLS.
  [[nodiscard]] std::shared_ptr<const net::TlsContext> tls() {
    const std::scoped_lock lock{installing_};
    return tls_;
  }
  // The engine goes over to this configuration, the latest if several come at once, also when too
  // much waits to post it now.
  void install(std::shared_ptr<const model::Snapshot> snapshot);
  [[nodiscard]] net::TransportCounters transport_counters() const { return transports_.counters(); }
  [[nodiscard]] net::LoopCounters loop_counters() { return loop_.counters(); }

 private:
  void on_packet(const base::Flow& flow, std::string_view bytes, base::Now now) override;
  void on_broken(const base::Flow& flow, std::string_view bytes, base::Now now) override;
  void on_refused(const base::Flow& flow, std::string_view why, base::Now now) override;
  void on_transport_failed(const base::Flow& flow, base::Now now) override;
  [[nodiscard]] std::optional<base::Instant> deadline() const override;
  void on_time(base::Now now) override;
  void carry_out();
  void look_up(const call::Resolve& resolve);
  void end_turn();
  void post_latest();

  // Given to us.
  store::Journal& journal_;
  obs::Observer& observer_;
  SoundSink sound_sink_;
  MailboxSource mailboxes_;
  ChangeSink changes_;
  // Owned.
  obs::SipRing ring_;
  net::SystemRng rng_;
  net::Loop loop_;
  call::Engine engine_;
  net::Resolver resolver_;
  Locator locator_;
  net::Transports transports_;
  std::thread thread_;
  // Plain state.
  call::Actions actions_;                   // reused
  std::vector<facts::Fact> told_;           // of this turn, for the observer
  std::vector<facts::MediaCommand> sound_;  // of this input
  // A configuration on its way to the engine.
  std::mutex installing_;                          // guards latest_ and tls_
  std::shared_ptr<const model::Snapshot> latest_;  // until the engine takes it
  std::atomic<bool> unposted_ = false;             // nobody has told the engine to look
  std::shared_ptr<const net::TlsContext> tls_;
};

}  // namespace app
