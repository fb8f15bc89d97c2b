#include "media/engine.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <span>
#include <string>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/overloaded.h"
#include "base/result.h"
#include "base/time.h"
#include "facts/media.h"
#include "media/leftovers.h"
#include "media/recording_writer.h"
#include "media/settings.h"
#include "media/sockets.h"
#include "media/sound_library.h"
#include "media/udp_ports.h"
#include "media/worker.h"
#include "net/clock.h"
#include "net/rng.h"
#include "net/socket_address.h"

namespace media {
namespace {

constexpr std::uint64_t kWakeKey = 1, kTimerKey = 2;
constexpr long kTickNs = 1'000'000;
constexpr std::size_t kEventsAWait = 256;
constexpr int kLoaderNice = 10;

std::string words_of(int error) {
  return std::generic_category().message(error);
}

// Whether a command must go in however full the queue is.
bool ends_something(const facts::MediaCommand& command) {
  return std::holds_alternative<facts::CloseStream>(command) ||
         std::holds_alternative<facts::StopRecording>(command) ||
         std::holds_alternative<facts::StopPlaying>(command) ||
         std::holds_alternative<facts::RemoveFile>(command) ||
         std::holds_alternative<facts::MoveFile>(command) ||
         std::holds_alternative<facts::PartStreams>(command);
}

// Every folder on the way, mode 0700. An empty string is success.
std::string make_folder(const std::string& path) {
  for (std::size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
    const std::string part = path.substr(0, at);
    if (!part.empty() && mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) {
      return part + ": " + words_of(errno);
    }
    if (at == std::string::npos) return {};
  }
}

}  // namespace

class Engine::Impl {
 public:
  Impl(Settings settings, Events events, Notes notes)
      : settings_(std::move(settings)),
        events_(std::move(events)),
        notes_(std::move(notes)),
        epoll_(epoll_create1(EPOLL_CLOEXEC)),
        wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
        timer_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)),
        sounds_(settings_, notes_),
        writer_(settings_, events_, notes_),
        ports_(epoll_.get()),
        worker_(settings_, {.sockets = ports_,
                            .sounds = sounds_,
                            .recordings = writer_,
                            .rng = rng_,
                            .events = events_,
                            .notes = notes_}) {}
  ~Impl() { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::string start();
  bool submit(std::vector<facts::MediaCommand> commands);
  [[nodiscard]] Figures figures() const {
    const std::lock_guard lock(mutex_);
    Figures figures = figures_;
    figures.commands_refused = refused_;
    return figures;
  }

 private:
  void stop();
  void wake();
  [[nodiscard]] bool watch(const net::Descriptor& what, std::uint64_t key) const;
  void set_timer(bool on);
  void run_media();
  void serve(const epoll_event& event, base::Now now);
  void take_over(base::Now now);
  void publish_figures(base::Instant now);
  void refuse(const facts::MediaCommand& command);

  // Given to us.
  Settings settings_;
  Events events_;
  Notes notes_;
  // Owned.
  net::Descriptor epoll_, wake_, timer_;
  net::SystemRng rng_;
  SoundLibrary sounds_;
  RecordingWriter writer_;
  UdpPorts ports_;
  Worker worker_;
  std::thread media_, loader_, recorder_;
  // Between threads.
  mutable std::mutex mutex_;
  std::vector<facts::MediaCommand> commands_;
  Figures figures_;
  std::uint64_t refused_ = 0;
  std::atomic<bool> stopping_{false};
  // Of the media thread.
  bool timer_on_ = false;
  base::Instant figures_at_{};
};

bool Engine::Impl::watch(const net::Descriptor& what, std::uint64_t key) const {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = key;
  return epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, what.get(), &event) == 0;
}

std::string Engine::Impl::start() {
  if (!epoll_ || !wake_ || !timer_ || !watch(wake_, kWakeKey) || !watch(timer_, kTimerKey)) {
    return "the media thread's descriptors: " + words_of(errno);
  }
  if (settings_.media_folder.empty()) return "no media folder is set";
  if (std::string why = make_folder(settings_.media_folder); !why.empty()) return why;
  if (const std::size_t left = remove_leftovers(settings_.media_folder); left > 0) {
    notes_({Level::Warning, "recording.unfinished", {}, std::to_string(left) + " removed"});
  }
  sounds_.on_reply([this] { wake(); });
  media_ = std::thread([this] { run_media(); });
  loader_ = std::thread([this] {
    // Encoding an hour of music must not take the processor from those who talk.
    (void)setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kLoaderNice);
    while (sounds_.wait()) {
      while (!stopping_.load() && sounds_.work()) {
      }
    }
  });
  recorder_ = std::thread([this] {
    while (writer_.wait()) (void)writer_.work();
    (void)writer_.work();
  });
  (void)pthread_setname_np(media_.native_handle(), "media");
  (void)pthread_setname_np(loader_.native_handle(), "media-sounds");
  (void)pthread_setname_np(recorder_.native_handle(), "media-files");
  return {};
}

// In this order: no more sound is made, then what was recorded is written.
void Engine::Impl::stop() {
  if (!media_.joinable()) return;
  stopping_.store(true);
  wake();
  media_.join();
  sounds_.stop();
  loader_.join();
  writer_.stop();
  recorder_.join();
}

void Engine::Impl::wake() {
  const std::uint64_t one = 1;
  // Full means that it is awake already.
  [[maybe_unused]] const ssize_t written = write(wake_.get(), &one, sizeof(one));
}

bool Engine::Impl::submit(std::vector<facts::MediaCommand> commands) {
  std::vector<facts::MediaCommand> refused;
  {
    const std::lock_guard lock(mutex_);
    for (facts::MediaCommand& command : commands) {
      if (commands_.size() < kCommandsMax || ends_something(command)) {
        commands_.push_back(std::move(command));
      } else {
        refused.push_back(std::move(command));
      }
    }
    refused_ += refused.size();
  }
  wake();
  for (const facts::MediaCommand& command : refused) refuse(command);
  return refused.empty();
}

void Engine::Impl::refuse(const facts::MediaCommand& command) {
  std::visit(base::Overloaded{[this](const facts::OpenStream& open) {
                                events_(facts::StreamFailed{open.stream,
                                                            "the media engine is overloaded"});
                              },
                              [this](const facts::PlaySounds& play) {
                                events_(facts::PlayEnded{play.stream, play.sound, true});
                              },
                              [this](const facts::StartRecording& start) {
                                events_(facts::RecordingEnded{start.recording, base::Duration{0},
                                                              facts::RecordingEnd::Failed});
                              },
                              [](const auto&) {}},
             command);
}

void Engine::Impl::set_timer(bool on) {
  if (on == timer_on_) return;
  timer_on_ = on;
  itimerspec every{};
  if (on) every.it_value.tv_nsec = every.it_interval.tv_nsec = kTickNs;
  (void)timerfd_settime(timer_.get(), 0, &every, nullptr);
}

// Commands and sounds that came from other threads.
void Engine::Impl::take_over(base::Now now) {
  std::vector<facts::MediaCommand> commands;
  {
    const std::lock_guard lock(mutex_);
    commands.swap(commands_);
  }
  for (const facts::MediaCommand& command : commands) worker_.apply(command, now);
  for (SoundReply& reply : sounds_.take_replies()) worker_.take(std::move(reply));
}

void Engine::Impl::serve(const epoll_event& event, base::Now now) {
  std::uint64_t count = 0;
  if (event.data.u64 == kWakeKey) {
    [[maybe_unused]] const ssize_t size = read(wake_.get(), &count, sizeof(count));
    take_over(now);
  } else if (event.data.u64 == kTimerKey) {
    [[maybe_unused]] const ssize_t size = read(timer_.get(), &count, sizeof(count));
  } else {
    ports_.read(event.data.u64, [&](facts::StreamId stream, Channel channel,
                                    const base::Address& from, std::span<std::uint8_t> bytes) {
      worker_.receive(stream, channel, from, bytes, now);
    });
  }
}

void Engine::Impl::publish_figures(base::Instant now) {
  // Without streams nothing ticks, and this is the last word for long.
  if (worker_.streams() > 0 && now - figures_at_ < base::Duration{1'000}) return;
  figures_at_ = now;
  const std::lock_guard lock(mutex_);
  figures_ = worker_.figures();
}

void Engine::Impl::run_media() {
  std::array<epoll_event, kEventsAWait> events{};
  while (!stopping_.load()) {
    // Without streams nothing ticks.
    set_timer(worker_.streams() > 0);
    const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
    const base::Now now = net::read_clocks();
    for (int i = 0; i < count; ++i) serve(events[static_cast<std::size_t>(i)], now);
    if (worker_.streams() > 0) worker_.tick(now);
    publish_figures(now.at);
  }
  take_over(net::read_clocks());
  worker_.close_all(net::read_clocks());
}

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

base::Result<std::unique_ptr<Engine>, std::string> Engine::start(Settings settings, Events events,
                                                                 Notes notes) {
  auto impl = std::make_unique<Impl>(std::move(settings), std::move(events), std::move(notes));
  if (std::string why = impl->start(); !why.empty()) return base::Unexpected{std::move(why)};
  return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

bool Engine::submit(std::vector<facts::MediaCommand> commands) {
  return impl_->submit(std::move(commands));
}
Figures Engine::figures() const {
  return impl_->figures();
}

}  // namespace media
