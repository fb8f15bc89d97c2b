#pragma once
// All sounds, encoded once per codec. Whoever plays asks by name and gets tracks; files are read
// and encoded by the thread that calls work(), a second of sound at a time, the newest requests
// first, so that the first word of a prompt never waits for the last minute of a piece of music.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "facts/media.h"
#include "media/settings.h"
#include "media/track.h"

namespace media {

struct SoundRequest {
  facts::StreamId stream{};
  facts::SoundId sound{};
  std::uint32_t item = 0;  // which of the playing's sounds
  facts::Codec codec{};
  facts::Sound what;
  std::string call;  // for log lines
};
struct SoundReply {
  facts::StreamId stream{};
  facts::SoundId sound{};
  std::uint32_t item = 0;
  facts::Codec codec{};
  std::vector<std::shared_ptr<const Track>> tracks;  // never empty
  bool failed = false;  // it is missing or broken: the track is our own tone
};

class SoundLibrary final {
 public:
  SoundLibrary(const Settings& settings, Notes notes);
  ~SoundLibrary();
  SoundLibrary(const SoundLibrary&) = delete;
  SoundLibrary& operator=(const SoundLibrary&) = delete;

  // ---- any thread ----
  void ask(SoundRequest request);
  [[nodiscard]] std::vector<SoundReply> take_replies();
  // 200 ms of nothing in `codec`; for gaps.
  [[nodiscard]] const Track& silence(facts::Codec codec) const;

  // ---- one thread ----
  // Answers what was asked, or encodes a piece. False: there was nothing to do.
  bool work();
  // Called from work() after replies were added.
  void on_reply(std::function<void()> tell);
  // Waits for something to do, at most until stop() is called. Returns false once it was.
  [[nodiscard]] bool wait();
  void stop();  // any thread

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace media
