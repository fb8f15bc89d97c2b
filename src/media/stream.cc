#include "media/stream.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/address.h"
#include "base/time.h"
#include "facts/media.h"
#include "media/codec.h"
#include "media/ear.h"
#include "media/player.h"
#include "media/rtp_sender.h"
#include "media/settings.h"
#include "media/tone_detector.h"
#include "rtp/packet.h"
#include "rtp/rtcp.h"
#include "rtp/source_lock.h"
#include "rtp/srtp.h"
#include "rtp/telephone_event.h"

namespace media {
namespace {

constexpr base::Duration kPassedDigit{100};  // a partner's digit that cannot be passed as packets

}  // namespace

Stream::Stream(Surroundings& around, const facts::OpenStream& open, base::Now now)
    : around_(around),
      sender_(around.rng),
      id_(open.stream),
      call_(open.call),
      local_(open.local),
      last_heard_(now.at) {}

void Stream::set(const facts::SetStream& set, base::Now now) {
  if (!is_set_ || set.receive_key != agreed_.receive_key) {
    srtp_.reset();
    if (set.receive_key.has_value()) {
      std::array<std::uint8_t, rtp::kSrtpMasterBytes> master{};
      const std::string& key = set.receive_key->key_and_salt;
      std::copy_n(key.begin(), std::min(key.size(), master.size()), master.begin());
      srtp_ = std::make_unique<rtp::SrtpReceiver>(
          set.receive_key->suite == facts::SrtpSuite::AesCm128HmacSha1_80
              ? rtp::SrtpSuite::AesCm128HmacSha1_80
              : rtp::SrtpSuite::AesCm128HmacSha1_32,
          master);
    }
  }
  sender_.set_key(set.send_key, around_.rng);
  if (!is_set_ || set.digits_rate_hz != agreed_.digits_rate_hz) {
    digits_in_ = rtp::DigitReceiver(set.digits_rate_hz);
  }
  if (set.detect_tones != (detector_ != nullptr)) {
    detector_ = set.detect_tones ? std::make_unique<ToneDetector>() : nullptr;
  }
  agreed_ = set;
  is_set_ = true;
  lock_.agree(set.remote, set.signalled_from, now.at);
  last_heard_ = now.at;
  transcoding_.reset();
  if (player_ != nullptr && !agreed_.payloads.empty()) {
    player_->use(agreed_.payloads.front().codec, around_.sounds);
  }
}

void Stream::hear(Stream* partner) {
  partner_ = partner;
  transcoding_.reset();
  if (partner != nullptr) player_.reset();
}

void Stream::listen_to(Stream* speaker) {
  if (speaker_ != nullptr) {
    std::erase(speaker_->listeners_, this);
    speaker_->transcoding_.reset();
  }
  speaker_ = speaker;
  if (speaker == nullptr) return;
  speaker->listeners_.push_back(this);
  speaker->transcoding_.reset();
  player_.reset();
}

void Stream::leave_all() {
  listen_to(nullptr);
  for (Stream* const listener : listeners_) listener->speaker_ = nullptr;
  listeners_.clear();
}

template <class Each>
void Stream::for_each_hearer(const Each& each) {
  if (partner_ != nullptr && partner_->hears_others()) each(*partner_);
  for (Stream* const listener : listeners_) {
    if (listener->hears_others()) each(*listener);
  }
}

// The first number by which it gets this codec.
const facts::Payload* Stream::payload_for(facts::Codec codec) const {
  const auto at = std::find_if(agreed_.payloads.begin(), agreed_.payloads.end(),
                               [&](const facts::Payload& one) { return one.codec == codec; });
  return at == agreed_.payloads.end() ? nullptr : &*at;
}

const facts::Payload* Stream::payload_of(std::uint8_t number) const {
  const auto at = std::find_if(agreed_.payloads.begin(), agreed_.payloads.end(),
                               [&](const facts::Payload& one) { return one.number == number; });
  return at == agreed_.payloads.end() ? nullptr : &*at;
}

bool Stream::is_digits(std::uint8_t number) const {
  return agreed_.digits.has_value() && *agreed_.digits == number;
}

// Source, tag: whether the packet is to be looked at. Decrypts it.
bool Stream::open_packet(const base::Address& from, std::span<std::uint8_t>& bytes,
                         base::Instant now) {
  if (!is_set_ || !agreed_.receive) return false;
  if (lock_.judge(from, now) == rtp::SourceLock::Verdict::Refuse) {
    ++around_.figures.refused_source;
    if (!std::exchange(stranger_noted_, true)) {
      around_.notes({Level::Debug, "stream.stranger", call_, from.to_string()});
    }
    return false;
  }
  if (srtp_ == nullptr) return true;
  const auto length = srtp_->unprotect(bytes);
  if (!length) {
    ++around_.figures.refused_srtp;
    return false;
  }
  bytes = bytes.first(*length);
  return true;
}

void Stream::receive_rtp(const base::Address& from, std::span<std::uint8_t> bytes, base::Now now) {
  if (!open_packet(from, bytes, now.at)) return;
  const auto packet = rtp::Packet::parse(bytes);
  const facts::Payload* const payload =
      packet ? payload_of(packet->header().payload_type) : nullptr;
  const bool digits = packet && is_digits(packet->header().payload_type);
  if (payload == nullptr && !digits) {
    ++around_.figures.refused_packet;
    return;
  }
  if (!lock_.take(from, packet->header().ssrc, now.at)) return;
  ++around_.figures.packets_in;
  accepted(*packet, now.at);
  if (digits) {
    receive_digits(*packet, now.at);
  } else {
    receive_audio(*packet, payload->codec, now.at);
  }
}

void Stream::accepted(const rtp::Packet& packet, base::Instant now) {
  last_heard_ = now;
  const facts::Payload* const payload = payload_of(packet.header().payload_type);
  statistics_.add(packet.header(),
                  payload != nullptr ? clock_hz(payload->codec) : agreed_.digits_rate_hz, now);
  if (!heard_before_ || silence_told_) around_.events(facts::StreamHeard{id_});
  heard_before_ = true;
  silence_told_ = false;
}

// Whether the partner gets digits as the packets that came: it agreed on them, and on one clock for
// sound and digits on both sides.
bool Stream::passes_digit_packets() const {
  return !transcoding_.has_value() && partner_->agreed_.digits.has_value() &&
         partner_->agreed_.digits_rate_hz == agreed_.digits_rate_hz &&
         partner_->format().clock_hz == format().clock_hz;
}

// Tells a digit that came as packets, and makes it anew for a partner who does not get those.
void Stream::heard_digit(char digit) {
  around_.events(facts::DigitHeard{id_, digit});
  if (partner_ == nullptr || !partner_->may_send() || passes_digit_packets()) return;
  partner_->send_digit(digit, kPassedDigit);
}

void Stream::receive_digits(const rtp::Packet& packet, base::Instant now) {
  const auto digit = digits_in_.receive(packet.header(), packet.payload(), now);
  if (digit.has_value()) heard_digit(*digit);
  if (partner_ == nullptr || !partner_->hears_others() || !passes_digit_packets()) return;
  const RtpSender::Format as{.payload_type = partner_->agreed_.digits.value_or(0),
                             .clock_hz = agreed_.digits_rate_hz};
  partner_->send(partner_->sender_.relay(as, packet, now));
}

// Who agreed on this codec gets the packets as they came; for the others it is decoded, in a rate
// that all of them can hear.
void Stream::receive_audio(const rtp::Packet& packet, facts::Codec codec, base::Instant now) {
  heard_codec_ = codec;
  std::optional<Rate> transcoding;
  for_each_hearer([&](Stream& hearer) {
    const facts::Payload* const same = hearer.payload_for(codec);
    if (same != nullptr) {
      hearer.spoke_ = true;
      hearer.send(hearer.sender_.relay({.payload_type = same->number, .clock_hz = clock_hz(codec)},
                                       packet, now));
      return;
    }
    const Rate theirs = rate_of(hearer.agreed_.payloads.front().codec);
    transcoding = std::min({transcoding.value_or(theirs), theirs, rate_of(codec)});
  });
  transcoding_ = transcoding;
  tend_ear(transcoding_);
  if (ear_ != nullptr) ear_->put(packet, codec, now);
}

// An ear only where somebody listens: in the rate that the partner's codec wants, else at 8 kHz.
void Stream::tend_ear(std::optional<Rate> transcoding) {
  const bool wanted = recorders_ > 0 || detector_ != nullptr || transcoding.has_value();
  if (!wanted) {
    ear_.reset();
    return;
  }
  const Rate rate = transcoding.value_or(ear_ != nullptr ? ear_->rate() : Rate::Narrow);
  if (ear_ == nullptr || ear_->rate() != rate) ear_ = std::make_unique<Ear>(rate);
}

void Stream::listen_for_recording(bool on) {
  recorders_ += on ? 1 : -1;
}

std::optional<std::span<const std::int16_t, kNarrowFrame>> Stream::heard_since(
    std::uint64_t& seen) const {
  if (!fresh_ || ear_ == nullptr || seen == turn_) return std::nullopt;
  seen = turn_;
  return ear_->narrow();
}

void Stream::listen(base::Now now) {
  ++turn_;
  fresh_ = false;
  if (const auto digit = digits_in_.stopped(now.at); digit.has_value()) heard_digit(*digit);
  watch_for_silence(now.at);
  if (ear_ == nullptr) return;
  fresh_ = ear_->pull(now.at);
  if (!fresh_) return;
  if (detector_ != nullptr) {
    for (const char digit : detector_->listen(ear_->narrow())) {
      around_.events(facts::DigitHeard{id_, digit});
    }
  }
  if (!transcoding_.has_value()) return;
  for_each_hearer([&](Stream& hearer) {
    if (hearer.payload_for(heard_codec_) != nullptr) return;
    hearer.spoke_ = true;
    hearer.say(ear_->frame(), ear_->rate(), now.at);
  });
}

void Stream::watch_for_silence(base::Instant now) {
  const base::Duration dead_after = around_.settings.dead_after;
  if (!is_set_ || !agreed_.receive || agreed_.remote.port == 0 || silence_told_) return;
  if (dead_after.count() <= 0 || now - last_heard_ < dead_after) return;
  silence_told_ = true;
  around_.events(facts::StreamSilent{id_});
}

void Stream::receive_rtcp(const base::Address& from, std::span<std::uint8_t> bytes, base::Now now) {
  if (!is_set_ || (from != agreed_.remote_rtcp && from.ip != lock_.target().ip)) return;
  if (srtp_ != nullptr) {
    const auto length = srtp_->unprotect_control(bytes);
    if (!length) {
      ++around_.figures.refused_srtp;
      return;
    }
    bytes = bytes.first(*length);
  }
  const auto control = rtp::parse_control(bytes, sender_.ssrc());
  if (!control) {
    ++around_.figures.refused_packet;
    return;
  }
  const std::optional<rtp::SenderTimes>& sent = control->sent;
  if (sent.has_value()) statistics_.reported(sent->ntp, now.at);
}

}  // namespace media
