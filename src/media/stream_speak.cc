// The sending half of a stream: digits, sounds, silence, reports.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "base/address.h"
#include "base/rng.h"
#include "base/time.h"
#include "facts/media.h"
#include "media/codec.h"
#include "media/player.h"
#include "media/rtp_sender.h"
#include "media/sockets.h"
#include "media/sound_library.h"
#include "media/stream.h"
#include "media/tone.h"
#include "media/track.h"
#include "rtp/rtcp.h"
#include "rtp/source_lock.h"
#include "rtp/telephone_event.h"

namespace media {
namespace {

constexpr std::int64_t kFrameMs = 20;
constexpr int kInBandPause = 4;  // frames of silence after a tone, as after a key
constexpr std::size_t kInBandMax = 32;
constexpr std::int64_t kInBandShortestMs = 60, kInBandLongestMs = 5'000;
// RTCP every 5 s, drawn between half and one and a half of it (RFC 3550 section 6.3.1).
constexpr std::uint64_t kReportMs = 5'000;

}  // namespace

bool Stream::may_send() const {
  return is_set_ && agreed_.send && !agreed_.payloads.empty() && agreed_.remote.port != 0;
}

bool Stream::hears_others() const {
  return may_send() && player_ == nullptr && !digits_out_.busy() && in_band_.empty();
}

RtpSender::Format Stream::format() const {
  if (agreed_.payloads.empty()) return {};
  const facts::Payload& payload = agreed_.payloads.front();
  return {.payload_type = payload.number, .clock_hz = clock_hz(payload.codec)};
}

void Stream::send(std::span<const std::uint8_t> packet) {
  if (packet.empty()) return;
  if (around_.sockets.send(id_, Channel::Rtp, lock_.target(), packet)) {
    ++around_.figures.packets_out;
  } else {
    ++around_.figures.sends_failed;
  }
}

// Live sound: one frame, encoded here.
void Stream::say(std::span<const std::int16_t> pcm, Rate rate, base::Instant now) {
  const facts::Codec codec = agreed_.payloads.front().codec;
  if (encoder_ == nullptr || encoder_codec_ != codec || encoder_rate_ != rate) {
    encoder_ = Encoder::make(codec, rate);
    encoder_codec_ = codec;
    encoder_rate_ = rate;
  }
  std::array<std::uint8_t, kFrameBytesMax> bytes{};
  const std::size_t size = encoder_->encode(pcm, bytes);
  if (size > 0) send(sender_.frame(format(), std::span(bytes).first(size), now));
}

void Stream::say_silence(base::Instant now) {
  const Track& track = around_.sounds.silence(agreed_.payloads.front().codec);
  send(sender_.frame(format(), track.frame(silence_frame_), now));
  silence_frame_ = (silence_frame_ + 1) % track.ready();
}

void Stream::play(facts::PlaySounds play) {
  player_ = std::make_unique<Player>(std::move(play), call_);
  if (!agreed_.payloads.empty()) player_->use(agreed_.payloads.front().codec, around_.sounds);
}

void Stream::stop_playing(facts::SoundId sound) {
  if (player_ != nullptr && player_->id() == sound) player_.reset();
}

void Stream::take(SoundReply reply) {
  if (player_ != nullptr) player_->take(std::move(reply));
}

void Stream::send_digit(char digit, base::Duration length) {
  if (agreed_.digits.has_value()) {
    (void)digits_out_.add(digit, length);
    return;
  }
  if (in_band_.size() >= kInBandMax || !rtp::event_of(digit).has_value()) return;
  const std::int64_t ms = std::clamp(length.count(), kInBandShortestMs, kInBandLongestMs);
  in_band_.push_back({.digit = digit,
                      .frames = static_cast<int>((ms + kFrameMs - 1) / kFrameMs),
                      .pause = kInBandPause});
}

// True while a digit or the pause after it takes the place of sound.
bool Stream::speak_digits(base::Instant now) {
  if (digits_out_.busy()) {
    const auto out = digits_out_.tick(agreed_.digits_rate_hz);
    if (out.has_value() && agreed_.digits.has_value()) {
      const auto bytes = rtp::write_event(out->event);
      send(sender_.event({.payload_type = *agreed_.digits, .clock_hz = agreed_.digits_rate_hz},
                         bytes, out->first, now));
    }
    return true;
  }
  if (in_band_.empty()) return false;
  InBand& digit = in_band_.front();
  std::array<std::int16_t, kNarrowFrame> pcm{};
  if (digit.frames > 0) {
    --digit.frames;
    tone_maker_.fill(step_of(digit.digit, 0), pcm);
  } else {
    --digit.pause;
  }
  say(pcm, Rate::Narrow, now);
  if (digit.frames == 0 && digit.pause == 0) in_band_.pop_front();
  return true;
}

void Stream::speak_sounds(base::Instant now) {
  if (player_ != nullptr) {
    const Player::Next next = player_->next();
    spoke_ = true;
    switch (next.what) {
      case Player::What::Frame:
        if (may_send()) send(sender_.frame(format(), next.frame, now));
        return;
      case Player::What::Silence:
        if (may_send()) say_silence(now);
        return;
      case Player::What::Ended:
        break;
    }
    const facts::PlayEnded ended{
        .stream = id_, .sound = player_->id(), .failed = player_->failed()};
    player_.reset();
    around_.events(ended);
  }
  // Once it heard something, a gap is silence that comes: phones take none for a dead call.
  if (partner_ == nullptr && speaker_ == nullptr && spoke_ && may_send()) say_silence(now);
}

void Stream::speak(base::Now now) {
  if (!may_send() || !speak_digits(now.at)) {
    // Without an agreement there is no codec, and the sounds wait; on hold they go on unheard.
    if (!agreed_.payloads.empty()) speak_sounds(now.at);
  }
  if (is_set_ && now.at >= next_report_) {
    const bool first = next_report_ == base::Instant{};
    const std::uint64_t ms = kReportMs / 2 + base::below(around_.rng, kReportMs);
    next_report_ = now.at + base::Duration{static_cast<std::int64_t>(first ? ms / 2 : ms)};
    if (!first) report(now, false);
  }
}

void Stream::report(base::Now now, bool bye) {
  if (agreed_.remote.port == 0 || (sender_.packets() == 0 && !statistics_.begun())) return;
  std::optional<rtp::ReportBlock> heard;
  if (statistics_.begun()) heard = statistics_.report(now.at);
  // A source that was learnt behind NAT: its RTCP port is not known, the one above is the best
  // guess.
  base::Address to = agreed_.remote_rtcp;
  if (lock_.target() != agreed_.remote) {
    to = lock_.target();
    to.port = static_cast<std::uint16_t>(to.port + 1);
  }
  if (to.port == 0) return;
  const auto packet = sender_.report(heard, bye, around_.settings.cname, now);
  if (!packet.empty()) (void)around_.sockets.send(id_, Channel::Rtcp, to, packet);
}

void Stream::say_goodbye(base::Now now) {
  if (is_set_) report(now, true);
}

}  // namespace media
