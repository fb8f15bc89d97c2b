#pragma once
// What the media engine is told at its start, and what it says about itself.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/time.h"

namespace media {

// Where sounds are looked for. A name that begins with `prefix` is looked up in `folder` by what
// follows; a folder whose prefix is the whole name is music: all its files, one after another.
struct SoundFolder {
  std::string prefix;  // "" (uploads), "en/", "music/default"
  std::string folder;
  bool operator==(const SoundFolder&) const = default;
};

// One thing for the log: an event name, the call it belongs to, and words.
enum class Level : std::uint8_t { Debug, Info, Warning, Error };
struct Note {
  Level level = Level::Info;
  std::string event;  // "sound.missing"
  std::string call;   // as OpenStream named it; may be empty
  std::string text;
};
// Called from any of the engine's threads, never while one of its locks is held.
using Notes = std::function<void(const Note&)>;

struct Settings {
  std::string media_folder;         // recordings; made with mode 0700 if it is missing
  std::vector<SoundFolder> sounds;  // in the order of looking
  base::Duration dead_after{60'000};
  std::size_t streams_max = 8'192;
  std::size_t cache_bytes_max = 256U << 20U;  // of encoded sounds that nobody plays
  std::string cname = "harrier";              // RTCP's name for us
};

// The folders as Debian's packages and our data folder have them: uploads first, then English and
// Spanish prompts, then music.
[[nodiscard]] std::vector<SoundFolder> usual_folders(const std::string& uploads);

// What the engine did so far; monotonic but for `streams` and `recordings`.
struct Figures {
  std::uint64_t packets_in = 0, packets_out = 0;
  std::uint64_t refused_source = 0;  // from somebody who is not the peer
  std::uint64_t refused_srtp = 0;    // bad tag, replayed
  std::uint64_t refused_packet = 0;  // malformed, payload type not agreed
  std::uint64_t packets_lost = 0;    // of streams that ended: never came
  std::uint64_t sends_failed = 0;
  std::uint64_t commands_refused = 0;  // the queue was full
  std::uint64_t blocks_lost = 0;       // of recordings, written as silence: the disk was too slow
  std::uint64_t late_ms = 0;           // how far the thread fell behind its ticks, in all
  std::size_t streams = 0, recordings = 0;
};

}  // namespace media
