#include "media/player.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "facts/media.h"
#include "media/sound_library.h"
#include "media/track.h"

namespace media {
namespace {

constexpr std::int64_t kFrameMs = 20;

}  // namespace

Player::Player(facts::PlaySounds play, std::string call)
    : play_(std::move(play)), call_(std::move(call)) {
  for (const facts::Sound& sound : play_.sounds) {
    Item item;
    item.is_pause = !sound.tone.has_value() && sound.name.empty();
    const std::int64_t ms = std::max<std::int64_t>(sound.silence.count(), 0);
    item.pause_frames = static_cast<std::size_t>((ms + kFrameMs - 1) / kFrameMs);
    items_.push_back(std::move(item));
  }
}

void Player::use(facts::Codec codec, SoundLibrary& sounds) {
  if (asked_ && codec == codec_) return;
  asked_ = true;
  codec_ = codec;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (items_[i].is_pause) continue;
    items_[i].tracks.clear();
    sounds.ask({.stream = play_.stream,
                .sound = play_.sound,
                .item = static_cast<std::uint32_t>(i),
                .codec = codec,
                .what = play_.sounds[i],
                .call = call_});
  }
}

void Player::take(SoundReply reply) {
  if (reply.sound != play_.sound || reply.codec != codec_ || reply.item >= items_.size()) return;
  if (reply.failed) failed_ = true;
  items_[reply.item].tracks = std::move(reply.tracks);
}

bool Player::at_end_of_item() const {
  const Item& item = items_[item_];
  if (item.is_pause) return frame_ >= item.pause_frames;
  return !item.tracks.empty() && track_ >= item.tracks.size();
}

// One step: from a track that ended to the next, from an item that ended to the next.
bool Player::go_on() {
  Item& item = items_[item_];
  if (!item.is_pause && track_ < item.tracks.size()) {
    if (item.tracks[track_]->failed()) failed_ = true;
    ++track_;
    frame_ = 0;
    return true;
  }
  track_ = frame_ = 0;
  ++item_;
  if (item_ == items_.size() && play_.loop) item_ = 0;
  return item_ < items_.size();
}

Player::Next Player::next() {
  if (items_.empty() || item_ >= items_.size()) return {.what = What::Ended, .frame = {}};
  // Bounded: a loop of nothing but empty sounds is silence.
  std::size_t steps = 2;
  for (const Item& item : items_) steps += 1 + item.tracks.size();
  for (; steps > 0; --steps) {
    if (!at_end_of_item()) {
      const Item& item = items_[item_];
      if (item.is_pause) {
        ++frame_;
        return {};
      }
      if (item.tracks.empty()) return {};  // not answered yet
      const Track& track = *item.tracks[track_];
      // In this order: what is finished does not grow any more.
      const bool finished = track.finished();
      if (frame_ < track.ready()) {
        return {.what = What::Frame, .frame = track.frame(frame_++)};
      }
      if (!finished) return {};
    }
    if (!go_on()) return {.what = What::Ended, .frame = {}};
  }
  return {};
}

}  // namespace media
