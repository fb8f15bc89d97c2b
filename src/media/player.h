#pragma once
// One playing: sounds one after another, in frames of 20 ms of one codec.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "facts/media.h"
#include "media/sound_library.h"
#include "media/track.h"

namespace media {

class Player final {
 public:
  Player(facts::PlaySounds play, std::string call);

  // Asks the library for all sounds in `codec`. After a change of codec the playing goes on where
  // it was: frames are 20 ms in each.
  void use(facts::Codec codec, SoundLibrary& sounds);
  // Takes the answer to a request of ours; answers for another codec or playing are ignored.
  void take(SoundReply reply);

  enum class What : std::uint8_t { Frame, Silence, Ended };
  struct Next {
    What what = What::Silence;
    std::span<const std::uint8_t> frame;  // good as long as the player
  };
  // The next 20 ms. Silence: a pause, or a sound that is not encoded yet.
  [[nodiscard]] Next next();
  [[nodiscard]] facts::SoundId id() const { return play_.sound; }
  // A sound was missing or broken.
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  struct Item {
    std::vector<std::shared_ptr<const Track>> tracks;  // empty: not answered yet
    std::size_t pause_frames = 0;                      // of an item that is a pause
    bool is_pause = false;
  };
  // Goes past what ended. False: at the end of all.
  bool go_on();
  [[nodiscard]] bool at_end_of_item() const;

  facts::PlaySounds play_;
  std::string call_;
  std::vector<Item> items_;
  facts::Codec codec_{};
  bool asked_ = false;
  std::size_t item_ = 0, track_ = 0, frame_ = 0;
  bool failed_ = false;
};

}  // namespace media
