#pragma once
// A worker with a virtual network and clock: phones talk, the worker ticks, files are written, all
// in one thread and in milliseconds that the test counts.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "base/rng.h"
#include "base/time.h"
#include "facts/media.h"
#include "media/recording_writer.h"
#include "media/settings.h"
#include "media/sockets.h"
#include "media/sound_library.h"
#include "media/testing/phone.h"
#include "media/testing/signal.h"
#include "media/worker.h"

namespace media::testing {

class Rig final : public Sockets {
 public:
  explicit Rig(const std::function<void(Settings&)>& change = {}) {
    settings.media_folder = folder.path() + "/media";
    settings.sounds = {{"", folder.path() + "/sounds"},
                       {"music/default", folder.path() + "/music"}};
    if (change) change(settings);
    sounds = std::make_unique<SoundLibrary>(settings, notes_to());
    writer = std::make_unique<RecordingWriter>(settings, events_to(), notes_to());
    worker = std::make_unique<Worker>(settings, Worker::Wiring{.sockets = *this,
                                                               .sounds = *sounds,
                                                               .recordings = *writer,
                                                               .rng = rng,
                                                               .events = events_to(),
                                                               .notes = notes_to()});
  }

  // ---- the network ----
  base::Status<std::string> open(facts::StreamId stream, const base::Address& local) override {
    if (ports.contains(local)) return base::Unexpected{std::string("in use")};
    ports[local] = stream;
    locals[stream] = local;
    return base::Ok{};
  }
  void close(facts::StreamId stream) override {
    ports.erase(locals[stream]);
    locals.erase(stream);
  }
  bool send(facts::StreamId stream, Channel channel, const base::Address& to,
            std::span<const std::uint8_t> bytes) override {
    if (channel == Channel::Rtcp) {
      reports.emplace_back(to, std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
      return true;
    }
    ++sent_to[to];
    for (Phone* const phone : phones) {
      if (phone->at == to) phone->receive(bytes, now.at);
    }
    (void)stream;
    return true;
  }
  // A datagram from anywhere to a port of ours.
  void deliver(const base::Address& from, const base::Address& to, std::vector<std::uint8_t> bytes,
               Channel channel = Channel::Rtp) {
    const auto at = ports.find(to);
    if (at == ports.end()) return;
    worker->receive(at->second, channel, from, bytes, now);
  }

  // ---- calls ----
  static base::Address local(std::uint16_t port) {
    base::Address address = base::Address::parse("127.0.0.1:0").value_or(base::Address{});
    address.port = port;
    return address;
  }
  facts::StreamId open_stream(std::uint16_t port) {
    const auto stream = static_cast<facts::StreamId>(++last_stream);
    apply(facts::OpenStream{stream, "call-1", local(port)});
    return stream;
  }
  static facts::SetStream agreement(facts::StreamId stream, const Phone& phone) {
    facts::SetStream set;
    set.stream = stream;
    set.remote = phone.at;
    set.remote_rtcp = phone.at;
    set.remote_rtcp.port = static_cast<std::uint16_t>(phone.at.port + 1);
    set.signalled_from = phone.at.ip;
    set.payloads = phone.payloads;
    set.digits = phone.digits;
    set.send_key = phone.receive_key;
    set.receive_key = phone.send_key;
    return set;
  }
  // A stream that is agreed with `phone`, which begins to talk to it.
  facts::StreamId connect(Phone& phone, std::uint16_t port) {
    const facts::StreamId stream = open_stream(port);
    apply(agreement(stream, phone));
    phones.push_back(&phone);
    talks_to[&phone] = local(port);
    return stream;
  }
  void hang_up(Phone& phone, facts::StreamId stream) {
    apply(facts::CloseStream{stream});
    std::erase(phones, &phone);
    talks_to.erase(&phone);
  }
  void apply(const facts::MediaCommand& command) { worker->apply(command, now); }
  facts::SoundId play(facts::StreamId stream, std::vector<facts::Sound> what, bool loop = false) {
    const auto sound = static_cast<facts::SoundId>(++last_sound);
    apply(facts::PlaySounds{stream, sound, std::move(what), loop});
    return sound;
  }
  facts::SoundId record(facts::StartRecording start) {
    start.recording = static_cast<facts::SoundId>(++last_sound);
    apply(start);
    return start.recording;
  }

  // ---- time ----
  void run(std::int64_t ms) {
    for (std::int64_t i = 0; i < ms; ++i) {
      now.at += base::Duration{1};
      now.wall.unix_ms += 1;
      for (std::size_t p = 0; p < phones.size(); ++p) {
        Phone& phone = *phones[p];
        if (phone.talks &&
            (now.at.time_since_epoch().count() + static_cast<int>(3 * p)) % 20 == 0) {
          deliver(phone.at, talks_to[&phone], phone.talk());
        }
      }
      while (sounds->work()) {
      }
      for (SoundReply& reply : sounds->take_replies()) worker->take(std::move(reply));
      worker->tick(now);
      if (write_files) (void)writer->work();
    }
  }

  // ---- what was told ----
  template <class T>
  [[nodiscard]] std::vector<T> told() const {
    std::vector<T> found;
    for (const facts::MediaEvent& event : events) {
      if (const T* const one = std::get_if<T>(&event)) found.push_back(*one);
    }
    return found;
  }
  [[nodiscard]] std::string digits_of(facts::StreamId stream) const {
    std::string digits;
    for (const facts::DigitHeard& one : told<facts::DigitHeard>()) {
      if (one.stream == stream) digits += one.digit;
    }
    return digits;
  }
  [[nodiscard]] bool noted(const std::string& event) const {
    for (const Note& note : notes) {
      if (note.event == event) return true;
    }
    return false;
  }

  TemporaryFolder folder;
  Settings settings;
  base::SplitMix rng{1};
  base::Now now{.at = base::Instant{base::Duration{1'000'000}}, .wall = {1'700'000'000'000}};
  std::unique_ptr<SoundLibrary> sounds;
  std::unique_ptr<RecordingWriter> writer;
  std::unique_ptr<Worker> worker;
  std::map<base::Address, facts::StreamId> ports;
  std::map<facts::StreamId, base::Address> locals;
  std::map<base::Address, int> sent_to;
  std::vector<std::pair<base::Address, std::vector<std::uint8_t>>> reports;
  std::vector<Phone*> phones;
  std::map<Phone*, base::Address> talks_to;
  std::vector<facts::MediaEvent> events;
  std::vector<Note> notes;
  std::uint64_t last_stream = 0, last_sound = 0;
  bool write_files = true;

 private:
  Events events_to() {
    return [this](facts::MediaEvent event) { events.push_back(std::move(event)); };
  }
  Notes notes_to() {
    return [this](const Note& note) { notes.push_back(note); };
  }
};

}  // namespace media::testing
