#pragma once
// A phone's audio in a test: sends a sine of its own, keeps what it hears.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "facts/media.h"
#include "media/codec.h"
#include "media/testing/signal.h"
#include "rtp/packet.h"
#include "rtp/sequence.h"
#include "rtp/srtp.h"
#include "rtp/telephone_event.h"

namespace media::testing {

class Phone {
 public:
  Phone(const std::string& address, facts::Codec speaks, double frequency_hz)
      : at(base::Address::parse(address).value_or(base::Address{})),
        codec(speaks),
        hz(frequency_hz) {
    ssrc = static_cast<std::uint32_t>(at.port) * 7'919U + at.ip.bytes[3];
    payloads = {{number_of(speaks), speaks}};
  }
  static std::uint8_t number_of(facts::Codec codec) {
    constexpr std::array<std::uint8_t, 4> kNumbers{0, 8, 9, 111};
    return kNumbers[static_cast<std::size_t>(codec)];
  }

  // ---- what it is ----
  base::Address at;
  facts::Codec codec;
  double hz;
  std::vector<facts::Payload> payloads;
  std::optional<std::uint8_t> digits = 101;
  std::optional<facts::SrtpKey> send_key, receive_key;  // as the phone sees it
  std::uint32_t ssrc;
  std::uint16_t sequence = 65'500;
  std::uint32_t time = 4'294'960'000U;
  bool talks = true;

  // ---- what it heard ----
  std::vector<std::int16_t> heard;  // 8 kHz
  std::string digits_heard;
  std::set<std::uint32_t> ssrcs;
  std::vector<std::uint8_t> payload_types;
  int packets = 0, breaks = 0, bad = 0;
  std::int64_t first_ms = -1;

  // The last `ms` of what it heard.
  [[nodiscard]] std::span<const std::int16_t> last(int ms) const {
    const std::size_t samples = std::min(heard.size(), static_cast<std::size_t>(ms) * 8);
    return std::span(heard).last(samples);
  }
  [[nodiscard]] bool hears(double tone_hz, int ms = 400) const {
    return last(ms).size() == static_cast<std::size_t>(ms) * 8 && is_tone(last(ms), tone_hz);
  }

  std::vector<std::uint8_t> packet(std::uint8_t type, std::span<const std::uint8_t> payload,
                                   std::uint32_t timestamp, bool marker = false) {
    std::vector<std::uint8_t> bytes(rtp::kHeaderBytes + payload.size() + rtp::kSrtpOverhead);
    rtp::write_header({.payload_type = type,
                       .marker = marker,
                       .sequence = sequence,
                       .timestamp = timestamp,
                       .ssrc = ssrc},
                      bytes);
    sequence = rtp::next(sequence);
    std::copy(payload.begin(), payload.end(), bytes.begin() + rtp::kHeaderBytes);
    std::size_t length = rtp::kHeaderBytes + payload.size();
    if (send_key.has_value()) {
      if (srtp_out_ == nullptr)
        srtp_out_ = std::make_unique<rtp::SrtpSender>(suite(), key(*send_key));
      length = *srtp_out_->protect(bytes, length);
    }
    bytes.resize(length);
    return bytes;
  }
  // The next 20 ms of its sine.
  std::vector<std::uint8_t> talk() {
    const Rate rate = rate_of(codec);
    if (encoder_ == nullptr || encodes_ != codec) encoder_ = Encoder::make(codec, rate);
    encodes_ = codec;
    const int rate_hz = rate == Rate::Wide ? 16'000 : 8'000;
    const auto pcm = sine(hz, rate_hz, 20, 8'000, spoken_);
    spoken_ += pcm.size();
    std::array<std::uint8_t, kFrameBytesMax> bytes{};
    const std::size_t size = encoder_->encode(pcm, bytes);
    time += clock_hz(codec) / 50;
    return packet(number_of(codec), std::span(bytes).first(size), time);
  }

  void receive(std::span<const std::uint8_t> datagram, base::Instant now) {
    std::vector<std::uint8_t> bytes(datagram.begin(), datagram.end());
    if (receive_key.has_value()) {
      if (srtp_in_ == nullptr)
        srtp_in_ = std::make_unique<rtp::SrtpReceiver>(suite(), key(*receive_key));
      const auto length = srtp_in_->unprotect(bytes);
      if (!length) {
        ++bad;
        return;
      }
      bytes.resize(*length);
    }
    const auto parsed = rtp::Packet::parse(bytes);
    if (!parsed) {
      ++bad;
      return;
    }
    ++packets;
    if (first_ms < 0) first_ms = now.time_since_epoch().count();
    const rtp::Header& header = parsed->header();
    ssrcs.insert(header.ssrc);
    if (payload_types.empty() || payload_types.back() != header.payload_type) {
      payload_types.push_back(header.payload_type);
    }
    if (last_.has_value() && rtp::next(last_->sequence) != header.sequence) ++breaks;
    if (last_.has_value() && rtp::time_distance(last_->timestamp, header.timestamp) < 0) ++breaks;
    last_ = header;
    if (digits.has_value() && header.payload_type == *digits) {
      if (const auto digit = digits_in_.receive(header, parsed->payload(), now)) {
        digits_heard += *digit;
      }
      return;
    }
    decode(header.payload_type, parsed->payload());
  }

 private:
  [[nodiscard]] rtp::SrtpSuite suite() const {
    const auto& one = send_key.has_value() ? send_key : receive_key;
    return one.value_or(facts::SrtpKey{}).suite == facts::SrtpSuite::AesCm128HmacSha1_80
               ? rtp::SrtpSuite::AesCm128HmacSha1_80
               : rtp::SrtpSuite::AesCm128HmacSha1_32;
  }
  static std::array<std::uint8_t, rtp::kSrtpMasterBytes> key(const facts::SrtpKey& from) {
    std::array<std::uint8_t, rtp::kSrtpMasterBytes> bytes{};
    std::copy(from.key_and_salt.begin(), from.key_and_salt.end(), bytes.begin());
    return bytes;
  }
  void decode(std::uint8_t number, std::span<const std::uint8_t> payload) {
    for (const facts::Payload& one : payloads) {
      if (one.number != number) continue;
      if (decoder_ == nullptr || decodes_ != one.codec) {
        decoder_ = Decoder::make(one.codec, Rate::Narrow);
      }
      decodes_ = one.codec;
      std::array<std::int16_t, kDecodedMax> pcm{};
      const std::size_t count = decoder_->decode(payload, pcm);
      heard.insert(heard.end(), pcm.begin(), pcm.begin() + static_cast<std::ptrdiff_t>(count));
      return;
    }
    ++bad;
  }

  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<Decoder> decoder_;
  facts::Codec encodes_{}, decodes_{};
  std::unique_ptr<rtp::SrtpSender> srtp_out_;
  std::unique_ptr<rtp::SrtpReceiver> srtp_in_;
  rtp::DigitReceiver digits_in_;
  std::optional<rtp::Header> last_;
  std::size_t spoken_ = 0;
};

}  // namespace media::testing
