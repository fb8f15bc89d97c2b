#pragma once
// Recordings on disk: WAV, 16 bits, 8 kHz, mono or stereo, readable to the owner only. The media
// thread hands over blocks of 20 ms and never waits; the thread that calls work() writes them.
//
// While it grows a file is called NAME.part; it gets its name when it is whole. A file that is
// there already is never written over. When the disk is full or the folder gone the recording ends
// with RecordingEnd::Failed, what is on disk stays, and nothing else is harmed.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "facts/media.h"
#include "media/codec.h"
#include "media/settings.h"

namespace media {

using Events = std::function<void(facts::MediaEvent)>;

// Left and right; mono uses the left one. pcm: int16, 8 kHz.
using RecordedBlock = std::array<std::array<std::int16_t, kNarrowFrame>, 2>;

// What both threads know of one recording.
struct RecordingState {
  std::atomic<bool> failed{false};  // the writer gave up: no more blocks are wanted
};
using RecordingHandle = std::shared_ptr<RecordingState>;

class RecordingWriter final {
 public:
  static constexpr std::size_t kBlocksMax = 16'384;  // 10 MB that wait for the disk

  // `events` hears of each end, from the working thread.
  RecordingWriter(const Settings& settings, Events events, Notes notes);
  ~RecordingWriter();
  RecordingWriter(const RecordingWriter&) = delete;
  RecordingWriter& operator=(const RecordingWriter&) = delete;

  struct Start {
    facts::SoundId recording{};
    std::string file;
    std::string call;
    bool stereo = false;
  };

  // ---- the media thread ----
  [[nodiscard]] RecordingHandle start(Start start);
  // `position` counts blocks from 0; one that is missing becomes silence. False: too many wait
  // already, and this one is lost.
  bool add(const RecordingHandle& recording, std::uint32_t position, const RecordedBlock& block);
  // `length_blocks`: how many there should be.
  void finish(const RecordingHandle& recording, std::uint32_t length_blocks,
              facts::RecordingEnd why);
  // A file that was recorded, after what was asked before.
  void remove(std::string file);
  // The same with another name for it, in place of what has that name.
  void move(std::string from, std::string to);

  // ---- one thread ----
  // Carries out what waits. False: there was nothing.
  bool work();
  // Waits for something to do. False once stop() was called; what waits is still to be worked off.
  [[nodiscard]] bool wait();
  void stop();  // any thread

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace media
