#include "media/sound_library.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <sys/stat.h>
#include <tuple>
#include <utility>
#include <vector>

#include "facts/media.h"
#include "media/codec.h"
#include "media/settings.h"
#include "media/sound_file.h"
#include "media/sound_names.h"
#include "media/tone.h"
#include "media/track.h"

namespace media {
namespace {

using facts::Codec;

constexpr std::array<Codec, 4> kCodecs{Codec::Pcmu, Codec::Pcma, Codec::G722, Codec::Opus};

// Which file as it was when it was read; tones have a name that no path has.
struct Key {
  std::string path;
  std::int64_t changed_ns = 0;
  std::int64_t size = 0;
  Codec codec{};
  bool operator<(const Key& other) const {
    return std::tie(path, changed_ns, size, codec) <
           std::tie(other.path, other.changed_ns, other.size, other.codec);
  }
};

Key key_of(const std::string& path, Codec codec) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) return {.path = path, .codec = codec};
  return {.path = path,
          .changed_ns = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec,
          .size = status.st_size,
          .codec = codec};
}

// Encodes samples into chunks of a track.
class Filler {
 public:
  Filler(std::shared_ptr<Track> track, Codec codec)
      : track_(std::move(track)), rate_(rate_of(codec)), encoder_(Encoder::make(codec, rate_)) {}

  [[nodiscard]] std::size_t chunk_samples() const {
    return frame_samples(rate_) * Track::kChunkFrames;
  }
  // Publishes one chunk; the last frame is filled up with silence. False: the track is full.
  bool add(std::span<const std::int16_t> pcm) {
    auto chunk = std::make_unique<Track::Chunk>();
    std::array<std::uint8_t, kFrameBytesMax> bytes{};
    std::array<std::int16_t, kWideFrame> frame{};
    const std::size_t size = frame_samples(rate_);
    while (!pcm.empty()) {
      const auto part = pcm.first(std::min(size, pcm.size()));
      std::fill(std::copy(part.begin(), part.end(), frame.begin()), frame.end(), std::int16_t{0});
      const std::size_t used = encoder_->encode(std::span(frame).first(size), bytes);
      chunk->add(std::span(bytes).first(used));
      pcm = pcm.subspan(part.size());
    }
    return track_->publish(std::move(chunk));
  }
  [[nodiscard]] Track& track() { return *track_; }
  [[nodiscard]] Rate rate() const { return rate_; }

 private:
  std::shared_ptr<Track> track_;
  Rate rate_;
  std::unique_ptr<Encoder> encoder_;
};

void fill_with(const std::shared_ptr<Track>& track, Codec codec,
               std::span<const std::int16_t> pcm) {
  Filler filler(track, codec);
  while (!pcm.empty()) {
    const auto part = pcm.first(std::min(filler.chunk_samples(), pcm.size()));
    if (!filler.add(part)) break;
    pcm = pcm.subspan(part.size());
  }
  track->finish(false);
}

int hz_of(Codec codec) {
  return rate_of(codec) == Rate::Wide ? 16'000 : 8'000;
}

// A file on its way into a track.
struct Job {
  std::string path;
  std::string call;
  Filler filler;
  std::unique_ptr<SoundFile> file;  // opened at the first step
  std::vector<std::int16_t> pcm;
};

}  // namespace

class SoundLibrary::Impl {
 public:
  Impl(const Settings& settings, Notes notes)
      : folders_(settings.sounds),
        cache_bytes_max_(settings.cache_bytes_max),
        notes_(std::move(notes)) {
    for (const Codec codec : kCodecs) {
      auto track = std::make_shared<Track>();
      const std::vector<std::int16_t> pcm(frame_samples(rate_of(codec)) * 10, 0);
      fill_with(track, codec, pcm);
      silence_[static_cast<std::size_t>(codec)] = std::move(track);
    }
  }

  void ask(SoundRequest request) {
    {
      const std::lock_guard lock(mutex_);
      asked_.push_back(std::move(request));
    }
    something_.notify_one();
  }
  std::vector<SoundReply> take_replies() {
    const std::lock_guard lock(mutex_);
    return std::exchange(replies_, {});
  }
  [[nodiscard]] const Track& silence(Codec codec) const {
    return *silence_[static_cast<std::size_t>(codec)];
  }
  void on_reply(std::function<void()> tell) { tell_ = std::move(tell); }
  bool work() {
    std::deque<SoundRequest> asked;
    {
      const std::lock_guard lock(mutex_);
      asked.swap(asked_);
    }
    for (const SoundRequest& request : asked) answer(request);
    if (!asked.empty()) return true;
    if (jobs_.empty()) return false;
    std::unique_ptr<Job> job = std::move(jobs_.front());
    jobs_.pop_front();
    if (step(*job)) jobs_.push_back(std::move(job));
    if (jobs_.empty()) evict();
    return true;
  }
  bool wait() {
    std::unique_lock lock(mutex_);
    something_.wait(lock, [this] { return stopped_ || !asked_.empty(); });
    return !stopped_;
  }
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    something_.notify_all();
  }

 private:
  struct Cached {
    std::shared_ptr<Track> track;
    std::uint64_t used = 0;
  };

  void answer(const SoundRequest& request);
  std::shared_ptr<const Track> track_of(const std::string& path, const SoundRequest& request);
  std::shared_ptr<const Track> tone_of(const std::string& name, Codec codec,
                                       std::span<const ToneStep> steps);
  bool step(Job& job);
  void evict();

  // Given to us.
  std::vector<SoundFolder> folders_;
  std::size_t cache_bytes_max_;
  Notes notes_;
  std::function<void()> tell_;
  // Between threads.
  std::mutex mutex_;
  std::condition_variable something_;
  std::deque<SoundRequest> asked_;
  std::vector<SoundReply> replies_;
  bool stopped_ = false;
  // Of the working thread.
  std::array<std::shared_ptr<const Track>, kCodecs.size()> silence_;
  std::map<Key, Cached> cache_;
  std::deque<std::unique_ptr<Job>> jobs_;
  std::uint64_t uses_ = 0;
};

std::shared_ptr<const Track> SoundLibrary::Impl::tone_of(const std::string& name, Codec codec,
                                                         std::span<const ToneStep> steps) {
  Cached& cached = cache_[{.path = name, .codec = codec}];
  if (cached.track == nullptr) {
    cached.track = std::make_shared<Track>();
    fill_with(cached.track, codec, pcm_of(steps, hz_of(codec)));
  }
  cached.used = ++uses_;
  return cached.track;
}

std::shared_ptr<const Track> SoundLibrary::Impl::track_of(const std::string& path,
                                                          const SoundRequest& request) {
  Cached& cached = cache_[key_of(path, request.codec)];
  cached.used = ++uses_;
  if (cached.track != nullptr && !cached.track->failed()) return cached.track;
  cached.track = std::make_shared<Track>();
  jobs_.push_front(std::make_unique<Job>(Job{.path = path,
                                             .call = request.call,
                                             .filler = Filler(cached.track, request.codec),
                                             .file = nullptr,
                                             .pcm = {}}));
  return cached.track;
}

void SoundLibrary::Impl::answer(const SoundRequest& request) {
  SoundReply reply{.stream = request.stream,
                   .sound = request.sound,
                   .item = request.item,
                   .codec = request.codec,
                   .tracks = {},
                   .failed = false};
  if (request.what.tone.has_value()) {
    const facts::Tone tone = *request.what.tone;
    reply.tracks.push_back(
        tone_of("tone:" + std::to_string(static_cast<int>(tone)), request.codec, steps_of(tone)));
  } else {
    const std::vector<std::string> files = files_of(folders_, request.what.name);
    // The last job that is added is the first to run: so the first file comes last.
    for (auto path = files.rbegin(); path != files.rend(); ++path) {
      reply.tracks.push_back(track_of(*path, request));
    }
    std::reverse(reply.tracks.begin(), reply.tracks.end());
    // Its first second, so that it plays at once; a file that cannot be opened shows here.
    if (!files.empty() && !jobs_.empty() && jobs_.front()->path == files.front()) {
      std::unique_ptr<Job> job = std::move(jobs_.front());
      jobs_.pop_front();
      if (step(*job)) jobs_.push_front(std::move(job));
    }
    const bool missing = files.empty();
    if (missing) {
      notes_({Level::Warning, "sound.missing", request.call, request.what.name});
    }
    reply.failed = missing || (files.size() == 1 && reply.tracks.front()->ready() == 0 &&
                               reply.tracks.front()->finished());
    if (reply.failed) {
      reply.tracks = {tone_of("tone:missing", request.codec, missing_sound())};
    }
  }
  {
    const std::lock_guard lock(mutex_);
    replies_.push_back(std::move(reply));
  }
  if (tell_) tell_();
}

// One second of one file. False: it is done.
bool SoundLibrary::Impl::step(Job& job) {
  const auto fail = [&](const std::string& why) {
    job.filler.track().finish(true);
    notes_({Level::Warning, "sound.broken", job.call, job.path + ": " + why});
    return false;
  };
  if (job.file == nullptr) {
    auto opened = SoundFile::open(job.path, job.filler.rate());
    if (!opened) return fail(opened.error());
    job.file = std::move(*opened);
    job.pcm.resize(job.filler.chunk_samples());
  }
  const std::size_t count = job.file->read(job.pcm);
  if (count > 0 && !job.filler.add(std::span(job.pcm).first(count))) {
    job.filler.track().finish(false);
    notes_({Level::Warning, "sound.cut", job.call, job.path + ": longer than 30 minutes"});
    return false;
  }
  if (count == job.pcm.size()) return true;
  if (job.file->broken()) return fail("it cannot be read to its end");
  if (job.filler.track().ready() == 0) return fail("there is no sound in it");
  job.filler.track().finish(false);
  return false;
}

// The sounds that were not asked for longest go first, but none that somebody plays.
void SoundLibrary::Impl::evict() {
  std::size_t total = 0;
  for (const auto& [key, cached] : cache_) total += cached.track->size_bytes();
  while (total > cache_bytes_max_) {
    auto oldest = cache_.end();
    for (auto at = cache_.begin(); at != cache_.end(); ++at) {
      if (at->second.track.use_count() > 1) continue;
      if (oldest == cache_.end() || at->second.used < oldest->second.used) oldest = at;
    }
    if (oldest == cache_.end()) return;
    total -= oldest->second.track->size_bytes();
    cache_.erase(oldest);
  }
}

SoundLibrary::SoundLibrary(const Settings& settings, Notes notes)
    : impl_(std::make_unique<Impl>(settings, std::move(notes))) {}
SoundLibrary::~SoundLibrary() = default;
void SoundLibrary::ask(SoundRequest request) {
  impl_->ask(std::move(request));
}
std::vector<SoundReply> SoundLibrary::take_replies() {
  return impl_->take_replies();
}
const Track& SoundLibrary::silence(Codec codec) const {
  return impl_->silence(codec);
}
bool SoundLibrary::work() {
  return impl_->work();
}
void SoundLibrary::on_reply(std::function<void()> tell) {
  impl_->on_reply(std::move(tell));
}
bool SoundLibrary::wait() {
  return impl_->wait();
}
void SoundLibrary::stop() {
  impl_->stop();
}

}  // namespace media
