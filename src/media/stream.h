#pragma once
// One leg's audio: what the peer sends, checked and understood, and what it hears. Knows nothing of
// sockets' descriptors, threads or files; the worker calls it with packets and, every 20 ms, with
// the time.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/rng.h"
#include "base/time.h"
#include "facts/media.h"
#include "media/codec.h"
#include "media/ear.h"
#include "media/player.h"
#include "media/recording_writer.h"
#include "media/rtp_sender.h"
#include "media/settings.h"
#include "media/sockets.h"
#include "media/sound_library.h"
#include "media/tone.h"
#include "media/tone_detector.h"
#include "rtp/packet.h"
#include "rtp/receive_statistics.h"
#include "rtp/source_lock.h"
#include "rtp/srtp.h"
#include "rtp/telephone_event.h"

namespace media {

// What all streams of a worker share; outlives them.
struct Surroundings {
  const Settings& settings;
  Sockets& sockets;
  SoundLibrary& sounds;
  base::Rng& rng;
  Events events;
  Notes notes;
  Figures figures{};
};

class Stream final {
 public:
  Stream(Surroundings& around, const facts::OpenStream& open, base::Now now);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void set(const facts::SetStream& set, base::Now now);
  // Both know each other or neither does: the worker calls it on both. Null parts.
  void hear(Stream* partner);
  // Hears what this one hears from its peer, beside whoever hears it already; null: nobody any
  // more.
  void listen_to(Stream* speaker);
  // It is closed: nobody hears it, and it hears nobody.
  void leave_all();
  void play(facts::PlaySounds play);
  void stop_playing(facts::SoundId sound);
  void take(SoundReply reply);
  void send_digit(char digit, base::Duration length);
  // Someone records this stream (counted).
  void listen_for_recording(bool on);
  // Who spoke on the port in the call before, and whom the next one has to beware of.
  void beware(const rtp::SourceLock::Formers& formers) { lock_.beware(formers); }
  [[nodiscard]] rtp::SourceLock::Formers farewell(base::Instant now) const {
    return lock_.farewell(now);
  }
  // Packets that should have come and did not.
  [[nodiscard]] std::uint64_t lost() const {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(statistics_.lost(), 0));
  }
  // RTCP BYE.
  void say_goodbye(base::Now now);

  // `bytes` are changed: decrypted in place.
  void receive_rtp(const base::Address& from, std::span<std::uint8_t> bytes, base::Now now);
  void receive_rtcp(const base::Address& from, std::span<std::uint8_t> bytes, base::Now now);

  // Every 20 ms: first listen() of what came, then speak().
  void listen(base::Now now);
  void speak(base::Now now);

  [[nodiscard]] facts::StreamId id() const { return id_; }
  [[nodiscard]] const std::string& call() const { return call_; }
  [[nodiscard]] const base::Address& local() const { return local_; }
  [[nodiscard]] Stream* partner() const { return partner_; }
  // The last 20 ms that were listened to, if something came then, and `seen` was another turn;
  // `seen` becomes this one. Whoever records keeps his own.
  [[nodiscard]] std::optional<std::span<const std::int16_t, kNarrowFrame>> heard_since(
      std::uint64_t& seen) const;

 private:
  // Receiving.
  [[nodiscard]] bool open_packet(const base::Address& from, std::span<std::uint8_t>& bytes,
                                 base::Instant now);
  [[nodiscard]] const facts::Payload* payload_of(std::uint8_t number) const;
  [[nodiscard]] bool is_digits(std::uint8_t number) const;
  void accepted(const rtp::Packet& packet, base::Instant now);
  void receive_digits(const rtp::Packet& packet, base::Instant now);
  void receive_audio(const rtp::Packet& packet, facts::Codec codec, base::Instant now);
  [[nodiscard]] bool passes_digit_packets() const;
  void heard_digit(char digit);
  void tend_ear(std::optional<Rate> transcoding);
  // Whoever hears this stream now: its partner and its listeners.
  template <class Each>
  void for_each_hearer(const Each& each);
  [[nodiscard]] const facts::Payload* payload_for(facts::Codec codec) const;
  // Sending.
  [[nodiscard]] bool may_send() const;
  [[nodiscard]] bool hears_others() const;
  [[nodiscard]] RtpSender::Format format() const;
  void send(std::span<const std::uint8_t> packet);
  void say(std::span<const std::int16_t> pcm, Rate rate, base::Instant now);
  void say_silence(base::Instant now);
  [[nodiscard]] bool speak_digits(base::Instant now);
  void speak_sounds(base::Instant now);
  void report(base::Now now, bool bye);
  void watch_for_silence(base::Instant now);

  // Given to us.
  Surroundings& around_;
  Stream* partner_ = nullptr;
  Stream* speaker_ = nullptr;       // whom it listens to
  std::vector<Stream*> listeners_;  // who listen to it
  // Owned.
  rtp::SourceLock lock_;
  RtpSender sender_;
  std::unique_ptr<rtp::SrtpReceiver> srtp_;
  std::unique_ptr<Ear> ear_;
  std::unique_ptr<ToneDetector> detector_;
  std::unique_ptr<Encoder> encoder_;  // of live sound: another codec, tones
  std::unique_ptr<Player> player_;
  rtp::DigitReceiver digits_in_;
  rtp::DigitSender digits_out_;
  rtp::ReceiveStatistics statistics_;
  // Plain state.
  facts::StreamId id_;
  std::string call_;
  base::Address local_;
  facts::SetStream agreed_;
  bool is_set_ = false;
  bool heard_before_ = false, silence_told_ = false, stranger_noted_ = false;
  base::Instant last_heard_{};
  base::Instant next_report_{};
  int recorders_ = 0;
  std::optional<Rate> transcoding_;  // somebody hears us in another codec
  facts::Codec heard_codec_{};       // of the last packet with sound
  bool fresh_ = false;               // something came in the last turn
  std::uint64_t turn_ = 0;
  bool spoke_ = false;  // it heard something: gaps are filled with silence
  std::size_t silence_frame_ = 0;
  facts::Codec encoder_codec_{};
  Rate encoder_rate_ = Rate::Narrow;
  struct InBand {
    char digit = '0';
    int frames = 0, pause = 0;
  };
  std::deque<InBand> in_band_;
  ToneMaker tone_maker_{8'000};
};

}  // namespace media
