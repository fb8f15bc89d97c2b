#pragma once
// The whole of the engine but for its threads and sockets: commands, packets and time come in,
// packets, events and blocks of recordings go out. A test steps it with any time it likes.

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/address.h"
#include "base/rng.h"
#include "base/time.h"
#include "facts/media.h"
#include "media/recording_writer.h"
#include "media/settings.h"
#include "media/sockets.h"
#include "media/sound_library.h"
#include "media/stream.h"
#include "rtp/source_lock.h"

namespace media {

// Not thread-safe: all calls from one thread.
class Worker final {
 public:
  struct Wiring {
    Sockets& sockets;
    SoundLibrary& sounds;
    RecordingWriter& recordings;
    base::Rng& rng;
    Events events;
    Notes notes;
  };
  Worker(const Settings& settings, Wiring wiring);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Commands for a stream or sound that is not there (any more) do nothing.
  void apply(const facts::MediaCommand& command, base::Now now);
  // `bytes` are changed.
  void receive(facts::StreamId stream, Channel channel, const base::Address& from,
               std::span<std::uint8_t> bytes, base::Now now);
  // What the library answered.
  void take(SoundReply reply);
  // To be called every millisecond, or late: each stream has its turn every 20 ms, in the slot of
  // its port. After a gap of more than 100 ms the turns that were missed are left out.
  void tick(base::Now now);
  // Ends all: recordings are finished, ports closed.
  void close_all(base::Now now);

  [[nodiscard]] std::size_t streams() const { return streams_.size(); }
  [[nodiscard]] Figures figures() const;

 private:
  static constexpr std::size_t kSlots = 20;
  struct Recording;

  void carry_out(const facts::OpenStream& open, base::Now now);
  void carry_out(const facts::SetStream& set, base::Now now);
  void carry_out(const facts::JoinStreams& join, base::Now now);
  void carry_out(const facts::PartStreams& part, base::Now now);
  void carry_out(const facts::HearStream& hear, base::Now now);
  void carry_out(const facts::PlaySounds& play, base::Now now);
  void carry_out(const facts::StopPlaying& stop, base::Now now);
  void carry_out(const facts::StartRecording& start, base::Now now);
  void carry_out(const facts::PauseRecording& pause, base::Now now);
  void carry_out(const facts::StopRecording& stop, base::Now now);
  void carry_out(const facts::SendDigit& digit, base::Now now);
  void carry_out(const facts::RemoveFile& remove, base::Now now);
  void carry_out(const facts::MoveFile& move, base::Now now);
  void carry_out(const facts::CloseStream& close, base::Now now);

  [[nodiscard]] Stream* find(facts::StreamId stream);
  [[nodiscard]] std::vector<Stream*>& slot_of(const Stream& stream) {
    return slots_[stream.local().port / 2 % kSlots];
  }
  static void part(Stream& stream);
  void turn(Stream& stream, base::Now now);
  // One block of each recording of this stream.
  void record(Stream& stream);
  [[nodiscard]] bool record_block(Recording& recording, Stream& stream);
  void finish(Recording& recording, facts::RecordingEnd why);
  [[nodiscard]] Recording* find(facts::SoundId recording);
  void close(Stream& stream, base::Now now);

  // Given to us.
  Surroundings around_;
  RecordingWriter& writer_;
  // Owned.
  std::unordered_map<facts::StreamId, std::unique_ptr<Stream>> streams_;
  // By the stream whose turn writes them.
  std::unordered_map<facts::StreamId, std::vector<std::unique_ptr<Recording>>> recordings_;
  std::array<std::vector<Stream*>, kSlots> slots_;
  // Who spoke on a port that is closed: at most one entry a port.
  std::map<base::Address, rtp::SourceLock::Formers> formers_;
  // Plain state.
  base::Instant ticked_{};
  bool ticking_ = false;
};

}  // namespace media
