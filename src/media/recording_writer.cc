#include "media/recording_writer.h"

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unistd.h>
#include <utility>
#include <variant>

#include "base/overloaded.h"
#include "base/time.h"
#include "facts/media.h"
#include "media/codec.h"
#include "media/detail/wav_file.h"
#include "media/settings.h"
#include "media/sound_names.h"

namespace media {
namespace {

struct Block {
  RecordingHandle recording;
  std::uint32_t position = 0;
  RecordedBlock pcm{};
};
struct Finish {
  RecordingHandle recording;
  std::uint32_t length_blocks = 0;
  facts::RecordingEnd why{};
};
struct Begin {
  RecordingHandle recording;
  RecordingWriter::Start start;
};
struct Remove {
  std::string file;
};
struct Move {
  std::string from, to;
};
using Item = std::variant<Begin, Block, Finish, Remove, Move>;

// One file that is written.
struct Open {
  RecordingWriter::Start start;
  detail::WavFile file;
  std::uint32_t next = 0;  // the block that is written next
};

constexpr std::int64_t kSamplesAMs = 8;
constexpr std::chrono::milliseconds kLookEvery{100};

}  // namespace

class RecordingWriter::Impl {
 public:
  Impl(const Settings& settings, Events events, Notes notes)
      : folder_(settings.media_folder), events_(std::move(events)), notes_(std::move(notes)) {}

  // False: a block, and the queue is full.
  bool push(Item item, bool is_block) {
    {
      const std::lock_guard lock(mutex_);
      if (is_block && items_.size() >= kBlocksMax) return false;
      items_.push_back(std::move(item));
      if (!is_block) urgent_ = true;
    }
    // Blocks wait for the next look: waking a thread for each would cost more than the block.
    if (!is_block) something_.notify_one();
    return true;
  }
  bool work() {
    std::deque<Item> items;
    {
      const std::lock_guard lock(mutex_);
      items.swap(items_);
      urgent_ = false;
    }
    for (Item& item : items) {
      std::visit(base::Overloaded{[this](Begin& begin) { carry_out(begin); },
                                  [this](Block& block) { carry_out(block); },
                                  [this](Finish& finish) { carry_out(finish); },
                                  [this](Remove& remove) { carry_out(remove); },
                                  [this](Move& move) { carry_out(move); }},
                 item);
    }
    return !items.empty();
  }
  bool wait() {
    std::unique_lock lock(mutex_);
    const auto wanted = [this] { return stopped_ || urgent_; };
    if (items_.empty() && open_.empty()) {
      something_.wait(lock, wanted);
    } else {
      (void)something_.wait_for(lock, kLookEvery, wanted);
    }
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
  void carry_out(Begin& begin) {
    const Start& start = begin.start;
    if (!is_safe_name(start.file)) {
      return give_up(begin.recording, start, "its name leads out of the folder", base::Duration{0});
    }
    auto file = detail::WavFile::create(folder_, start.file, start.stereo ? 2 : 1);
    if (!file) return give_up(begin.recording, start, file.error(), base::Duration{0});
    open_.emplace(begin.recording, Open{.start = start, .file = std::move(*file)});
  }
  void carry_out(Block& block) {
    const auto at = open_.find(block.recording);
    if (at == open_.end()) return;
    Open& open = at->second;
    std::string why = fill_up_to(open, block.position);
    if (why.empty() && block.position == open.next) why = write(open, block.pcm);
    if (!why.empty()) fail(block.recording, open, why);
  }
  void carry_out(Finish& finish) {
    const auto at = open_.find(finish.recording);
    if (at == open_.end()) return;  // it failed, and that was said
    Open& open = at->second;
    std::string why = fill_up_to(open, finish.length_blocks);
    if (!why.empty()) return fail(finish.recording, open, why);
    const base::Duration length = length_of(open);
    why = open.file.finish();
    if (!why.empty()) {
      give_up(finish.recording, open.start, why, length);
    } else {
      events_(facts::RecordingEnded{
          .recording = open.start.recording, .length = length, .why = finish.why});
    }
    open_.erase(finish.recording);
  }

  void carry_out(Remove& remove) {
    const std::string path = folder_ + "/" + remove.file;
    if (is_safe_name(remove.file) && unlink(path.c_str()) == 0) return;
    notes_({Level::Warning, "recording.not_removed", {}, remove.file});
  }

  void carry_out(Move& move) {
    const std::string from = folder_ + "/" + move.from;
    const std::string to = folder_ + "/" + move.to;
    const bool safe = is_safe_name(move.from) && is_safe_name(move.to);
    if (safe && std::rename(from.c_str(), to.c_str()) == 0) return;
    notes_({Level::Warning, "recording.not_moved", {}, move.from + " to " + move.to});
  }

  // Blocks that were lost on the way are silence.
  static std::string fill_up_to(Open& open, std::uint32_t position) {
    static constexpr RecordedBlock kNothing{};
    std::string why;
    while (why.empty() && open.next < position) why = write(open, kNothing);
    return why;
  }
  static std::string write(Open& open, const RecordedBlock& block) {
    ++open.next;
    if (!open.start.stereo) return open.file.add(block[0]);
    std::array<std::int16_t, 2 * kNarrowFrame> both{};
    for (std::size_t i = 0; i < kNarrowFrame; ++i) {
      both[2 * i] = block[0][i];
      both[2 * i + 1] = block[1][i];
    }
    return open.file.add(both);
  }
  static base::Duration length_of(const Open& open) {
    return base::Duration{static_cast<std::int64_t>(open.file.samples()) / kSamplesAMs};
  }
  // The disk said no: what is there is made a whole file, and the recording is over.
  void fail(const RecordingHandle& recording, Open& open, const std::string& why) {
    (void)open.file.finish();
    give_up(recording, open.start, why, length_of(open));
    open_.erase(recording);
  }
  void give_up(const RecordingHandle& recording, const Start& start, const std::string& why,
               base::Duration length) {
    recording->failed.store(true);
    notes_({Level::Error, "recording.failed", start.call, start.file + ": " + why});
    events_(facts::RecordingEnded{
        .recording = start.recording, .length = length, .why = facts::RecordingEnd::Failed});
  }

  // Given to us.
  std::string folder_;
  Events events_;
  Notes notes_;
  // Between threads.
  std::mutex mutex_;
  std::condition_variable something_;
  std::deque<Item> items_;
  bool stopped_ = false;
  bool urgent_ = false;  // something begins or ends
  // Of the working thread.
  std::map<RecordingHandle, Open> open_;
};

RecordingWriter::RecordingWriter(const Settings& settings, Events events, Notes notes)
    : impl_(std::make_unique<Impl>(settings, std::move(events), std::move(notes))) {}
RecordingWriter::~RecordingWriter() = default;

RecordingHandle RecordingWriter::start(Start start) {
  auto recording = std::make_shared<RecordingState>();
  (void)impl_->push(Begin{recording, std::move(start)}, false);
  return recording;
}
bool RecordingWriter::add(const RecordingHandle& recording, std::uint32_t position,
                          const RecordedBlock& block) {
  return impl_->push(Block{recording, position, block}, true);
}
void RecordingWriter::finish(const RecordingHandle& recording, std::uint32_t length_blocks,
                             facts::RecordingEnd why) {
  (void)impl_->push(Finish{recording, length_blocks, why}, false);
}
void RecordingWriter::remove(std::string file) {
  (void)impl_->push(Remove{std::move(file)}, false);
}
void RecordingWriter::move(std::string from, std::string to) {
  (void)impl_->push(Move{std::move(from), std::move(to)}, false);
}
bool RecordingWriter::work() {
  return impl_->work();
}
bool RecordingWriter::wait() {
  return impl_->wait();
}
void RecordingWriter::stop() {
  impl_->stop();
}

}  // namespace media
