#pragma once
// The media engine: a thread for packets and ticks, one that reads and encodes sounds, one that
// writes recordings. Commands go in from any thread, events come out of a callback.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "facts/media.h"
#include "media/recording_writer.h"
#include "media/settings.h"

namespace media {

class Engine final {
 public:
  static constexpr std::size_t kCommandsMax = 65'536;  // that wait at once

  // Runs from here on. `events` and `notes` are called from the engine's threads, one at a time
  // each thread but several at once, and must be quick; they may call submit(). The failure: the
  // media folder or a kernel's object could not be made.
  [[nodiscard]] static base::Result<std::unique_ptr<Engine>, std::string> start(Settings settings,
                                                                                Events events,
                                                                                Notes notes);
  // Closes all streams (their recordings become whole files and are told as Closed), joins the
  // threads. No callback comes afterwards.
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Hands commands over in their order; never blocks. When kCommandsMax wait already, what opens or
  // begins something is refused: StreamFailed, PlayEnded or RecordingEnded with a failure comes
  // instead (from this thread), changes are lost and counted; what ends something always goes in,
  // so that no port and no file is left behind. False: something was refused.
  bool submit(std::vector<facts::MediaCommand> commands);
  // As of the last second.
  [[nodiscard]] Figures figures() const;

 private:
  class Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace media
