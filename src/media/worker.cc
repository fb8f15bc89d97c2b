#include "media/worker.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "facts/media.h"
#include "media/recording_writer.h"
#include "media/settings.h"
#include "media/sockets.h"
#include "media/sound_library.h"
#include "media/stream.h"

namespace media {
namespace {

constexpr std::int64_t kPeriodMs = 20;
constexpr std::int64_t kCatchUpMs = 100;
// The mean of a frame's samples below which nobody speaks: about -46 dBm0.
constexpr std::int32_t kQuiet = 100;

bool is_quiet(std::span<const std::int16_t> pcm) {
  std::int32_t sum = 0;
  for (const std::int16_t sample : pcm) sum += std::abs(std::int32_t{sample});
  return sum < kQuiet * static_cast<std::int32_t>(pcm.size());
}

std::uint32_t blocks_of(base::Duration duration) {
  return static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(duration.count() / kPeriodMs, 0, UINT32_MAX));
}

}  // namespace

struct Worker::Recording {
  facts::StartRecording start;
  RecordingHandle handle;
  std::uint32_t position = 0;                // the next block
  std::uint32_t quiet_blocks = 0;            // in a row
  std::uint64_t seen = 0, partner_seen = 0;  // turns of the streams that are in the file
  bool paused = false;
};

Worker::Worker(const Settings& settings, Wiring wiring)
    : around_{.settings = settings,
              .sockets = wiring.sockets,
              .sounds = wiring.sounds,
              .rng = wiring.rng,
              .events = std::move(wiring.events),
              .notes = std::move(wiring.notes)},
      writer_(wiring.recordings) {}
Worker::~Worker() = default;

void Worker::apply(const facts::MediaCommand& command, base::Now now) {
  std::visit([&](const auto& one) { carry_out(one, now); }, command);
}

Stream* Worker::find(facts::StreamId stream) {
  const auto at = streams_.find(stream);
  return at == streams_.end() ? nullptr : at->second.get();
}

void Worker::carry_out(const facts::OpenStream& open, base::Now now) {
  if (streams_.contains(open.stream)) return;
  const auto fail = [&](std::string why) {
    around_.notes({Level::Error, "stream.failed", open.call, open.local.to_string() + ": " + why});
    around_.events(facts::StreamFailed{.stream = open.stream, .why = std::move(why)});
  };
  if (streams_.size() >= around_.settings.streams_max) return fail("too many streams");
  if (const auto opened = around_.sockets.open(open.stream, open.local); !opened) {
    return fail(opened.error());
  }
  if (streams_.empty()) ticking_ = false;  // nobody ticks an empty worker
  auto stream = std::make_unique<Stream>(around_, open, now);
  if (const auto formers = formers_.extract(open.local); !formers.empty()) {
    stream->beware(formers.mapped());
  }
  slot_of(*stream).push_back(stream.get());
  streams_.emplace(open.stream, std::move(stream));
}

void Worker::carry_out(const facts::SetStream& set, base::Now now) {
  if (Stream* const stream = find(set.stream)) stream->set(set, now);
}

void Worker::part(Stream& stream) {
  if (stream.partner() == nullptr) return;
  stream.partner()->hear(nullptr);
  stream.hear(nullptr);
}

void Worker::carry_out(const facts::JoinStreams& join, base::Now /*now*/) {
  Stream* const a = find(join.a);
  Stream* const b = find(join.b);
  if (a == nullptr || b == nullptr || a == b) return;
  if (a->partner() != b) {
    part(*a);
    part(*b);
  }
  a->listen_to(nullptr);
  b->listen_to(nullptr);
  a->hear(b);
  b->hear(a);
}

void Worker::carry_out(const facts::PartStreams& part_of, base::Now /*now*/) {
  Stream* const a = find(part_of.a);
  if (a != nullptr && a->partner() != nullptr && a->partner()->id() == part_of.b) part(*a);
}

void Worker::carry_out(const facts::HearStream& hear, base::Now /*now*/) {
  Stream* const listener = find(hear.listener);
  Stream* const speaker = find(hear.speaker);
  if (listener == nullptr || speaker == nullptr) return;
  part(*listener);
  listener->listen_to(speaker);
}

void Worker::carry_out(const facts::PlaySounds& play, base::Now /*now*/) {
  if (Stream* const stream = find(play.stream)) stream->play(play);
}

void Worker::carry_out(const facts::StopPlaying& stop, base::Now /*now*/) {
  if (Stream* const stream = find(stop.stream)) stream->stop_playing(stop.sound);
}

void Worker::carry_out(const facts::SendDigit& digit, base::Now /*now*/) {
  if (Stream* const stream = find(digit.stream)) stream->send_digit(digit.digit, digit.length);
}

void Worker::carry_out(const facts::StartRecording& start, base::Now /*now*/) {
  Stream* const stream = find(start.stream);
  if (stream == nullptr) {
    around_.events(facts::RecordingEnded{
        .recording = start.recording, .length = {}, .why = facts::RecordingEnd::Failed});
    return;
  }
  auto recording = std::make_unique<Recording>();
  recording->start = start;
  recording->handle = writer_.start({.recording = start.recording,
                                     .file = start.file,
                                     .call = stream->call(),
                                     .stereo = start.partner.has_value()});
  stream->listen_for_recording(true);
  if (start.partner.has_value()) {
    if (Stream* const partner = find(*start.partner)) partner->listen_for_recording(true);
  }
  recordings_[start.stream].push_back(std::move(recording));
}

Worker::Recording* Worker::find(facts::SoundId id) {
  for (const auto& [stream, recordings] : recordings_) {
    for (const auto& recording : recordings) {
      if (recording->start.recording == id) return recording.get();
    }
  }
  return nullptr;
}

void Worker::carry_out(const facts::PauseRecording& pause, base::Now /*now*/) {
  if (Recording* const recording = find(pause.recording)) recording->paused = pause.paused;
}

// The file is closed by the writer, which also tells the end.
void Worker::finish(Recording& recording, facts::RecordingEnd why) {
  writer_.finish(recording.handle, recording.position, why);
  if (Stream* const stream = find(recording.start.stream)) stream->listen_for_recording(false);
  if (!recording.start.partner.has_value()) return;
  if (Stream* const partner = find(*recording.start.partner)) {
    partner->listen_for_recording(false);
  }
}

void Worker::carry_out(const facts::StopRecording& stop, base::Now /*now*/) {
  Recording* const recording = find(stop.recording);
  if (recording == nullptr) return;
  finish(*recording, facts::RecordingEnd::Stopped);
  const auto at = recordings_.find(recording->start.stream);
  std::erase_if(at->second, [&](const auto& one) { return one.get() == recording; });
  if (at->second.empty()) recordings_.erase(at);
}

void Worker::close(Stream& stream, base::Now now) {
  if (const auto own = recordings_.extract(stream.id()); !own.empty()) {
    for (const auto& recording : own.mapped()) finish(*recording, facts::RecordingEnd::Closed);
  }
  // Where it was the partner, that side is silent from here on.
  for (const auto& [other, recordings] : recordings_) {
    for (const auto& recording : recordings) {
      if (recording->start.partner == stream.id()) {
        recording->start.partner = facts::StreamId::None;
      }
    }
  }
  around_.figures.packets_lost += stream.lost();
  part(stream);
  stream.leave_all();
  stream.say_goodbye(now);
  around_.sockets.close(stream.id());
  std::erase(slot_of(stream), &stream);
  const auto formers = stream.farewell(now.at);
  if (!formers.empty()) formers_[stream.local()] = formers;
}

void Worker::carry_out(const facts::RemoveFile& remove, base::Now /*now*/) {
  writer_.remove(remove.file);
}

void Worker::carry_out(const facts::MoveFile& move, base::Now /*now*/) {
  writer_.move(move.from, move.to);
}

void Worker::carry_out(const facts::CloseStream& close_one, base::Now now) {
  Stream* const stream = find(close_one.stream);
  if (stream == nullptr) return;
  close(*stream, now);
  streams_.erase(close_one.stream);
}

void Worker::close_all(base::Now now) {
  while (!streams_.empty()) {
    const facts::StreamId stream = streams_.begin()->first;
    carry_out(facts::CloseStream{stream}, now);
  }
}

void Worker::receive(facts::StreamId id, Channel channel, const base::Address& from,
                     std::span<std::uint8_t> bytes, base::Now now) {
  Stream* const stream = find(id);
  if (stream == nullptr) return;
  if (channel == Channel::Rtp) {
    stream->receive_rtp(from, bytes, now);
  } else {
    stream->receive_rtcp(from, bytes, now);
  }
}

void Worker::take(SoundReply reply) {
  if (Stream* const stream = find(reply.stream)) stream->take(std::move(reply));
}

void Worker::turn(Stream& stream, base::Now now) {
  stream.listen(now);
  record(stream);
  stream.speak(now);
}

void Worker::tick(base::Now now) {
  if (!ticking_) ticked_ = now.at - base::Duration{1};
  ticking_ = true;
  const base::Duration behind = now.at - ticked_;
  if (behind.count() > kPeriodMs) {
    around_.figures.late_ms += static_cast<std::uint64_t>(behind.count() - 1);
  }
  if (behind.count() > kCatchUpMs) ticked_ = now.at - base::Duration{kPeriodMs};
  while (ticked_ < now.at) {
    ticked_ += base::Duration{1};
    const base::Now then{.at = ticked_, .wall = now.wall};
    const auto slot = static_cast<std::size_t>(ticked_.time_since_epoch().count() % kPeriodMs);
    for (Stream* const stream : slots_[slot]) turn(*stream, then);
  }
}

void Worker::record(Stream& stream) {
  const auto at = recordings_.find(stream.id());
  if (at == recordings_.end()) return;
  std::erase_if(at->second,
                [&](const auto& recording) { return !record_block(*recording, stream); });
  if (at->second.empty()) recordings_.erase(at);
}

// False: it is over.
bool Worker::record_block(Recording& recording, Stream& stream) {
  if (recording.handle->failed.load()) {
    finish(recording, facts::RecordingEnd::Failed);
    return false;
  }
  if (recording.paused) return true;
  RecordedBlock block{};
  if (const auto heard = stream.heard_since(recording.seen)) {
    std::copy(heard->begin(), heard->end(), block[0].begin());
  }
  const std::optional<facts::StreamId>& partner = recording.start.partner;
  if (Stream* const other = partner.has_value() ? find(*partner) : nullptr) {
    if (const auto heard = other->heard_since(recording.partner_seen)) {
      std::copy(heard->begin(), heard->end(), block[1].begin());
    }
  }
  if (!writer_.add(recording.handle, recording.position, block)) ++around_.figures.blocks_lost;
  ++recording.position;
  const bool quiet = is_quiet(block[0]) && is_quiet(block[1]);
  recording.quiet_blocks = quiet ? recording.quiet_blocks + 1 : 0;
  const std::uint32_t longest = blocks_of(recording.start.longest);
  const std::uint32_t silence = blocks_of(recording.start.silence);
  if (longest > 0 && recording.position >= longest) {
    finish(recording, facts::RecordingEnd::Longest);
    return false;
  }
  if (silence > 0 && recording.quiet_blocks >= silence) {
    finish(recording, facts::RecordingEnd::Silence);
    return false;
  }
  return true;
}

Figures Worker::figures() const {
  Figures figures = around_.figures;
  figures.streams = streams_.size();
  figures.recordings = 0;
  for (const auto& [stream, recordings] : recordings_) figures.recordings += recordings.size();
  return figures;
}

}  // namespace media
