// The list of parts (docs/architecture.md): reading this from top to bottom tells what the program
// is made of.
#include "app/serve.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <malloc.h>
#include <memory>
#include <optional>
#include <set>
#include <signal.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <utility>
#include <vector>

#include "api/desk.h"
#include "api/http.h"
#include "api/http_server.h"
#include "api/router.h"
#include "app/backend.h"
#include "app/change_desk.h"
#include "app/configuration.h"
#include "app/drain.h"
#include "app/hep_mirror.h"
#include "app/hooks.h"
#include "app/mail.h"
#include "app/service_manager.h"
#include "app/settings.h"
#include "app/shard.h"
#include "app/signals.h"
#include "app/sound.h"
#include "app/start_warnings.h"
#include "app/web.h"
#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "call/engine.h"
#include "call/settings.h"
#include "config/file.h"
#include "config/server.h"
#include "config/yaml.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "facts/media.h"
#include "facts/text.h"
#include "media/engine.h"
#include "model/snapshot.h"
#include "net/clock.h"
#include "net/socket_address.h"
#include "net/transports.h"
#include "notify/courier.h"
#include "notify/postman.h"
#include "obs/events.h"
#include "obs/log.h"
#include "obs/observer.h"
#include "store/data_folder.h"
#include "store/reader.h"
#include "store/reader_pool.h"
#include "store/record_json.h"
#include "store/secrets.h"
#include "store/store.h"

namespace app {
namespace {

using base::Unexpected;
using Trouble = base::Status<std::string>;

constexpr std::size_t kMessagesMax = 1'000;                 // of a mailbox by phone, the newest
constexpr std::size_t kHttpThreads = 4;                     // each with a reader of the database
constexpr std::chrono::milliseconds kQuestionLimit{2'000};  // then it is 503

// glibc gives every thread a heap that grows by the page; ours get one heap that grows by the
// megabyte. It is measured: page faults and mprotect were a tenth of a call's CPU (docs/adr/0009).
void tune_allocator() {
  (void)mallopt(M_ARENA_MAX, 1);
  (void)mallopt(M_TOP_PAD, 4 * 1024 * 1024);
  (void)mallopt(M_TRIM_THRESHOLD, 64 * 1024 * 1024);
}

// Everything that runs, in the order in which it is built.
class Server final {
 public:
  Server(const ServeOptions& options, config::ServerConfig config)
      : options_(options), config_(std::move(config)), observer_(observer_options()) {}

  Trouble start() {
    if (auto done = open_store(); !done) return done;
    if (auto done = open_configuration(); !done) return done;
    if (auto done = open_sockets(); !done) return done;
    print_listening();
    return base::Ok{};
  }

  // Until a signal says stop and what runs has ended, or a second one.
  void run() {
    backend_->set_phase(Backend::Phase::Serving);
    std::puts("harrier: ready");
    (void)std::fflush(stdout);
    tell_service_manager("READY=1\nSTATUS=serving");
    for (;;) {
      const int number = signals_.wait(std::chrono::milliseconds{1'000});
      if (number == SIGTERM || number == SIGINT) return drain();
      if (number == SIGHUP) reload();
    }
  }

 private:
  Trouble open_store() {
    auto folder = store::DataFolder::open(options_.data_folder);
    if (!folder) return Unexpected{folder.error()};
    folder_ = std::make_unique<store::DataFolder>(*std::move(folder));
    auto secrets = store::Secrets::open(folder_->file("secrets.key"));
    if (!secrets) return Unexpected{secrets.error()};
    secrets_ = std::make_unique<store::Secrets>(*std::move(secrets));
    store::StoreOptions options;
    options.database_file = folder_->file(config_.store_path);
    options.journal_folder = folder_->path();
    options.changed = [this](bool up, const std::string& trouble) {
      const char* const event = up ? "store.recovered" : "store.failed";
      const base::WallTime now = net::read_clocks().wall;
      observer_.log({up ? obs::Level::Info : obs::Level::Error, event, {{"cause", trouble}}}, now);
      std::string data = "{\"cause\":";
      store::append_json_string(data, trouble);
      obs::Event told;
      told.type = event;
      told.data = data + "}";
      observer_.feed().publish(std::move(told), now);
    };
    options.messages_changed = [this](const std::set<std::string>& boxes) { count(boxes); };
    options.notices = wanted_notices(config_.smtp, office_of_now());
    options.notices.of_end = [office = office_of_now()](const facts::CallRecord& call) {
      const auto now = office();
      return now == nullptr || notify::told_of_end(*now, call);
    };
    const std::string database = options.database_file;
    auto store = store::Store::open(std::move(options));
    if (!store) return Unexpected{store.error()};
    store_ = *std::move(store);
    auto reader = store::Reader::open(database);
    if (!reader) return Unexpected{reader.error()};
    reader_ = *std::move(reader);
    auto readers = store::ReaderPool::open(database, kHttpThreads, kQuestionLimit);
    if (!readers) return Unexpected{readers.error()};
    readers_ = *std::move(readers);
    return base::Ok{};
  }

  Trouble open_configuration() {
    configuration_ = std::make_unique<Configuration>(
        *store_, *secrets_,
        [this](std::shared_ptr<const model::Snapshot> snapshot, const std::string& who,
               const facts::ConfigChange& what) { installed(std::move(snapshot), who, what); },
        folder_->path());
    if (auto loaded = configuration_->load(*reader_); !loaded) return loaded;
    configured_ = true;
    auto remembered = store_->remembered(*reader_);
    if (!remembered) return Unexpected{unreadable(remembered.error())};
    remembered_ = *std::move(remembered);
    store_->start();
    if (options_.office_file.empty()) return base::Ok{};
    const auto text = config::read_file(options_.office_file);
    if (!text.has_value()) return Unexpected{config::unreadable(options_.office_file)};
    std::string report;
    const bool good = configuration_->apply_file(options_.office_file, *text, *reader_,
                                                 net::read_clocks().wall, report);
    if (!good) {
      if (report.ends_with('\n')) report.pop_back();
      return Unexpected{report};
    }
    (void)std::fputs(report.c_str(), stderr);
    return base::Ok{};
  }

  OfficeOfNow office_of_now() {
    return [this] { return configured_.load() ? configuration_->snapshot() : nullptr; };
  }

  obs::ObserverOptions observer_options() {
    obs::ObserverOptions options = log_options(config_.log);
    options.sees = [this](const facts::Fact& fact, base::WallTime at) {
      if (Hooks* const hooks = seeing_.load()) hooks->see(fact, at);
    };
    return options;
  }

  Trouble open_hooks() {
    auto opened =
        Hooks::open({*store_, observer_, folder_->file(config_.store_path), config_.hooks_allow,
                     office_of_now(),
                     [this](const std::string& id) { switch_off_webhook(*configuration_, id); },
                     [this](std::string_view plain) { return secrets_->encrypt(plain); }});
    if (!opened) return Unexpected{opened.error()};
    hooks_ = *std::move(opened);
    seeing_ = hooks_.get();
    return base::Ok{};
  }

  Trouble open_mail() {
    auto started =
        start_mail({*store_, observer_, folder_->file(config_.store_path), media_folder(),
                    folder_->path() + "/templates", config_.smtp, office_of_now()});
    if (!started) return Unexpected{started.error()};
    mail_ = *std::move(started);
    return base::Ok{};
  }

  [[nodiscard]] std::string media_folder() const { return folder_->path() + "/media"; }

  // Its events go to the signalling thread like everything that it is told.
  Trouble open_sound() {
    auto started = start_sound(
        folder_->path(), media_folder(), observer_, [this](const facts::MediaEvent& event) {
          if (shard_ == nullptr) return;
          (void)shard_->post([event](call::Engine& engine, base::Now now, call::Actions& out) {
            engine.media_event(event, now, out);
          });
        });
    if (!started) return Unexpected{started.error()};
    sound_ = *std::move(started);
    return base::Ok{};
  }

  // On the store's thread, so that a message that was left a moment ago is there.
  void open_mailbox(const call::OpenMailbox& wanted) {
    const auto answer =
        [this, token = wanted.token](std::optional<std::vector<facts::Message>> messages) {
          (void)shard_->post([token, messages = std::move(messages)](
                                 call::Engine& engine, base::Now now, call::Actions& out) {
            engine.mailbox_opened(token, messages, now, out);
          });
        };
    const bool taken = store_->when_written([this, answer, box = wanted.box] {
      auto page = reader_->messages({.box = box, .limit = kMessagesMax});
      if (page) return answer(std::move(page->items));
      answer({});
    });
    if (!taken) answer({});
  }

  // On the store's thread: the lamps of these mailboxes, and of all that have messages.
  void count(const std::set<std::string>& boxes) {
    Shard* const shard = counting_.load();
    if (shard == nullptr) return;  // all are counted when it is there
    auto counts = reader_->message_counts();
    if (!counts) return;
    for (const std::string& box : boxes) counts->try_emplace(box);
    (void)shard->post(
        [counts = *std::move(counts)](call::Engine& engine, base::Now now, call::Actions& out) {
          engine.mailboxes_counted(counts, now, out);
        });
  }

  Trouble open_sockets() {
    print_start_warnings(config_, configuration_->snapshot()->office(),
                         configuration_->calendar_troubles(), folder_->path());
    if (auto started = open_sound(); !started) return started;
    if (auto started = open_mail(); !started) return started;
    if (auto opened = open_signalling(); !opened) return opened;
    // A webhook that is gone is an edit, which the shard is told of by another thread.
    if (auto started = open_hooks(); !started) return started;
    if (auto opened = open_web(); !opened) return opened;
    shard_->start();
    counting_ = shard_.get();
    (void)store_->when_written([this] { count({}); });
    return base::Ok{};
  }

  Trouble open_signalling() {
    shard_ = std::make_unique<Shard>(
        engine_settings(config_), configuration_->snapshot(),
        Shard::Parts{store_->journal(0), observer_,
                     [this](std::vector<facts::MediaCommand> said) {
                       (void)sound_->submit(std::move(said));
                     },
                     [this](const call::OpenMailbox& wanted) { open_mailbox(wanted); },
                     [this](call::ChangeOffice wanted) { changes_->ask(std::move(wanted)); },
                     config_.hep.to.port != 0});
    auto mirror = start_mirror(config_, shard_->messages());
    if (!mirror) return Unexpected{mirror.error()};
    mirror_ = *std::move(mirror);
    changes_ = std::make_unique<ChangeDesk>(*configuration_, [this](std::uint64_t token,
                                                                    call::ChangeOutcome outcome) {
      (void)shard_->post([token, outcome](call::Engine& engine, base::Now now, call::Actions& out) {
        engine.office_changed(token, outcome, now, out);
      });
    });
    for (const facts::Binding& binding : remembered_.bindings)
      shard_->engine().restore(binding, net::read_clocks());
    for (const auto& [group, memory] : remembered_.memories)
      shard_->engine().restore_memory(group, memory);
    for (const auto& [box, file] : remembered_.greetings)
      shard_->engine().restore_greeting(box, file);
    for (facts::Text& text : remembered_.texts) shard_->engine().restore_text(std::move(text));
    remembered_ = {};
    std::vector<net::ListenAt> addresses;
    addresses.reserve(config_.listen.size());
    for (const config::Listen& listen : config_.listen)
      addresses.push_back({listen.transport, listen.address});
    auto tls = signalling_tls(config_);
    if (!tls) return Unexpected{tls.error()};
    return shard_->open(addresses, *std::move(tls));
  }

  Trouble open_web() {
    auto certificate =
        web_certificate(config_.tls, folder_->path(), config_.http, net::read_clocks().wall);
    if (!certificate) return Unexpected{certificate.error()};
    backend_ = std::make_unique<Backend>(
        Backend::Parts{*shard_, *configuration_, *store_, *readers_, observer_, *sound_,
                       mail_.get(), hooks_->courier(), media_folder(), folder_->path(),
                       *certificate, mirror_.get(), log_options(config_.log).pii});
    api::HttpServerOptions options;
    options.certificate_file = certificate->certificate_file;
    options.key_file = certificate->key_file;
    options.listen = config_.http;
    options.threads = kHttpThreads;
    options.socket_file = folder_->file("harrier.sock");
    http_ = std::make_unique<api::HttpServer>(
        options, [this](const api::Request& head) { return api::admit(head, *backend_, desk_); },
        [this](const api::Request& request) { return api::serve(request, *backend_, desk_); },
        observer_.feed());
    if (auto started = http_->start(); !started) return started;
    backend_->set_web_address(web_address(http_->address()));
    return base::Ok{};
  }

  void print_listening() {
    for (const base::Flow& flow : shard_->listeners())
      std::printf("harrier: listening %s://%s\n",
                  std::string{base::name_of(flow.transport)}.c_str(),
                  flow.local.to_string().c_str());
    std::printf("harrier: listening http://%s\n", http_->address().to_string().c_str());
    if (const std::string line = setup_line(*backend_, desk_); !line.empty())
      (void)std::fprintf(stderr, "%s\n", line.c_str());
  }

  void installed(std::shared_ptr<const model::Snapshot> snapshot, const std::string& who,
                 const facts::ConfigChange& what) {
    const base::WallTime at = net::read_clocks().wall;
    observer_.tell(facts::ConfigChanged{snapshot->revision(), who, what}, at);
    if (shard_ == nullptr) return;
    shard_->install(std::move(snapshot));
  }

  // Of HTTPS and of SIP over TLS; the old ones stay when the new ones are of no use.
  Trouble reload_certificates(const config::TlsConfig& tls) {
    config::ServerConfig fresh = config_;
    fresh.tls = tls;
    auto signalling = signalling_tls(fresh);
    if (!signalling) return Unexpected{signalling.error()};
    auto certificate = web_certificate(tls, folder_->path(), config_.http, net::read_clocks().wall);
    if (!certificate) return Unexpected{certificate.error()};
    if (auto used = http_->use_certificate(certificate->certificate_file, certificate->key_file);
        !used)
      return used;
    if (*signalling != nullptr) shard_->use_tls(*std::move(signalling));
    backend_->set_certificate(*std::move(certificate));
    config_.tls = tls;
    return base::Ok{};
  }

  static void print_not_reloaded(const std::string& why) {
    (void)std::fprintf(stderr, "harrier: not reloaded: %s\n", why.c_str());
  }

  // What of harrier.yaml can change while the server runs: the log's level and the certificates.
  void reload() {
    const auto config = read_config(options_.config_file);
    if (!config) return print_not_reloaded(config.error());
    if (const auto used = reload_certificates(config->tls); !used)
      return print_not_reloaded(used.error());
    observer_.set_level(log_options(config->log).level);
    observer_.log({obs::Level::Info, "settings.reloaded", {}}, net::read_clocks().wall);
  }

  // Waits while a number that the engine counts is not 0; false when a second signal came.
  [[nodiscard]] bool wait_while_any(std::chrono::milliseconds limit,
                                    std::uint64_t call::Counters::* number) {
    return wait_while(
        limit,
        [&] {
          return shard_->ask<bool>([number](call::Engine& engine, base::Now, call::Actions&) {
            return engine.counters().*number > 0;
          });
        },
        [this] { return was_stopped(); });
  }

  [[nodiscard]] bool was_stopped() {
    const int number = signals_.wait(std::chrono::milliseconds{50});
    return number == SIGTERM || number == SIGINT;
  }

  // Posts until there is room; false when a second signal came.
  [[nodiscard]] bool insist(const Shard::Task& task) {
    while (!shard_->post(task))
      if (was_stopped()) return false;
    return true;
  }

  void drain() {
    tell_service_manager("STOPPING=1");
    backend_->set_phase(Backend::Phase::Draining);
    if (!insist([](call::Engine& engine, base::Now now, call::Actions& out) {
          engine.drain(now, out);
        }))
      return;
    if (!wait_while_any(std::chrono::milliseconds{config_.drain.count()},
                        &call::Counters::calls_active))
      return;
    if (!insist([](call::Engine& engine, base::Now now, call::Actions& out) {
          engine.end_all(now, out);
        }))
      return;
    // A BYE that was lost goes out once more.
    (void)wait_while_any(std::chrono::milliseconds{1'000}, &call::Counters::calls_kept);
  }

 public:
  // In the reverse order of building, each with what it still has to write.
  ~Server() {
    if (http_ != nullptr) http_->stop();
    if (changes_ != nullptr) changes_->stop();
    if (shard_ != nullptr) shard_->stop();
    mirror_.reset();
    sound_.reset();  // recordings become whole files
    mail_.reset();
    seeing_ = nullptr;
    observer_.flush();  // nothing looks at them any more
    hooks_.reset();
    if (store_ != nullptr) store_->stop();
    observer_.flush();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

 private:
  Signals signals_;  // before any thread
  ServeOptions options_;
  config::ServerConfig config_;
  std::atomic<Hooks*> seeing_ = nullptr;  // they see facts
  obs::Observer observer_;
  std::unique_ptr<store::DataFolder> folder_;
  std::unique_ptr<store::Secrets> secrets_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::Reader> reader_;  // for the start, then for the store's thread
  std::unique_ptr<store::ReaderPool> readers_;
  store::Remembered remembered_;  // until the engine has it
  std::unique_ptr<Configuration> configuration_;
  std::atomic<bool> configured_ = false;  // configuration_ has an office
  std::unique_ptr<notify::Postman> mail_;
  std::unique_ptr<Hooks> hooks_;
  std::unique_ptr<media::Engine> sound_;
  std::unique_ptr<Shard> shard_;
  std::unique_ptr<HepMirror> mirror_;  // null: nobody captures
  std::unique_ptr<ChangeDesk> changes_;
  std::atomic<Shard*> counting_ = nullptr;  // it takes counts of messages
  std::unique_ptr<Backend> backend_;
  api::Desk desk_{web_folder()};
  std::unique_ptr<api::HttpServer> http_;
};

}  // namespace

int serve(const ServeOptions& options) {
  tune_allocator();
  (void)::umask(0077);  // records hold people's numbers: the data folder's files are ours alone
  const auto failed = [](const std::string& why) {
    (void)std::fprintf(stderr, "harrier: %s\n", why.c_str());
    return 1;
  };
  auto config = read_config(options.config_file);
  if (!config) return failed(config.error());
  Server server(options, *std::move(config));
  if (const auto started = server.start(); !started) return failed(started.error());
  server.run();
  return 0;
}

}  // namespace app
