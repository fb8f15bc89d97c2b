#pragma once
// The media side in virtual time: who would hear what. Named sounds and tones last one second, a
// recording as long as it runs. It carries no audio; it holds the engine to the rules of
// facts/media.h and names each that was broken.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "facts/media.h"
#include "sim/network.h"

namespace sim {

class SoundRoom {
 public:
  using Tell = std::function<void(const facts::MediaEvent&)>;
  SoundRoom(Scheduler& scheduler, Tell tell) : scheduler_(scheduler), tell_(std::move(tell)) {}

  void carry_out(const facts::MediaCommand& command);
  // The phone that sends its sound to this port of ours presses a key. False: nobody listens there.
  bool press(std::uint16_t port, char key);
  // The phone there says nothing any more.
  bool fall_silent(std::uint16_t port);
  // The port is somebody else's.
  bool fail(std::uint16_t port);

  // What the phone behind this port hears: "en/beep music/default", "ringback" (played on), "port
  // 30002" (the other side, or the one who speaks to all), "" (silence or no such stream).
  [[nodiscard]] std::string hears(std::uint16_t port) const;
  // All that was played to it, in order.
  [[nodiscard]] std::vector<std::string> played(std::uint16_t port) const;
  [[nodiscard]] std::size_t open_streams() const { return streams_.size(); }
  // Files that exist: recordings that were not removed.
  [[nodiscard]] const std::map<std::string, base::Duration>& files() const { return files_; }
  std::vector<std::string> problems;
  bool calls_may_join = false;  // a transfer has joined two

 private:
  struct Stream {
    std::string call;
    std::uint16_t port = 0;
    std::optional<facts::StreamId> partner;
    std::optional<facts::StreamId> speaker;  // it listens to this one's page
    std::optional<facts::PlaySounds> playing;
  };
  struct Recording {
    facts::StreamId stream{};
    std::string file;
    base::Instant begun{};
    std::optional<base::Instant> paused_at;
  };

  void open(const facts::OpenStream& command);
  void join(const facts::JoinStreams& command);
  void hear(const facts::HearStream& command);
  void play(const facts::PlaySounds& command);
  void record(const facts::StartRecording& command);
  void pause(const facts::PauseRecording& command);
  void end_recording(facts::SoundId id, facts::RecordingEnd why);
  void close(const facts::CloseStream& command);
  [[nodiscard]] Stream* find(facts::StreamId id, const char* what);
  [[nodiscard]] const Stream* at(std::uint16_t port) const;

  Scheduler& scheduler_;
  Tell tell_;
  std::map<facts::StreamId, Stream> streams_;
  std::map<facts::SoundId, Recording> recordings_;
  std::map<std::uint16_t, std::vector<std::string>> played_;  // by port
  std::map<std::string, base::Duration> files_;
};

}  // namespace sim
