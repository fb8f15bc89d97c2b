#include "sim/sound_room.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "base/time.h"
#include "facts/media.h"
#include "sim/network.h"

namespace sim {
namespace {

constexpr base::Duration kSoundLasts{1'000};

std::string name_of(const facts::Sound& sound) {
  if (sound.tone.has_value()) {
    static constexpr const char* kTones[] = {"ringback", "busy", "congestion", "beep"};
    return kTones[static_cast<std::size_t>(*sound.tone)];
  }
  return sound.name.empty() ? "pause" : sound.name;
}

base::Duration length_of(const std::vector<facts::Sound>& sounds) {
  base::Duration length{0};
  for (const facts::Sound& sound : sounds) {
    const bool pause = !sound.tone.has_value() && sound.name.empty();
    length = length + (pause ? sound.silence : kSoundLasts);
  }
  return length;
}

std::string names_of(const std::vector<facts::Sound>& sounds) {
  std::string out;
  for (const facts::Sound& sound : sounds) {
    if (!out.empty()) out += ' ';
    out += name_of(sound);
  }
  return out;
}

}  // namespace

void SoundRoom::carry_out(const facts::MediaCommand& command) {
  std::visit(base::Overloaded{[&](const facts::OpenStream& c) { open(c); },
                              [&](const facts::SetStream& c) {
                                (void)find(c.stream, "set");
                                if (c.payloads.empty())
                                  problems.emplace_back("a stream without a codec");
                              },
                              [&](const facts::JoinStreams& c) { join(c); },
                              [&](const facts::PartStreams& c) {
                                if (Stream* a = find(c.a, "part")) a->partner.reset();
                                if (Stream* b = find(c.b, "part")) b->partner.reset();
                              },
                              [&](const facts::HearStream& c) { hear(c); },
                              [&](const facts::PlaySounds& c) { play(c); },
                              [&](const facts::StopPlaying& c) {
                                Stream* stream = find(c.stream, "stop");
                                if (stream == nullptr || !stream->playing.has_value()) return;
                                if (stream->playing->sound == c.sound) stream->playing.reset();
                              },
                              [&](const facts::StartRecording& c) { record(c); },
                              [&](const facts::PauseRecording& c) { pause(c); },
                              [&](const facts::StopRecording& c) {
                                end_recording(c.recording, facts::RecordingEnd::Stopped);
                              },
                              [&](const facts::SendDigit& c) { (void)find(c.stream, "digit"); },
                              [&](const facts::RemoveFile& c) {
                                if (files_.erase(c.file) == 0)
                                  problems.push_back("removes what is not: " + c.file);
                              },
                              [&](const facts::MoveFile& c) {
                                const auto found = files_.find(c.from);
                                if (found == files_.end()) {
                                  problems.push_back("moves what is not: " + c.from);
                                  return;
                                }
                                files_[c.to] = found->second;
                                files_.erase(c.from);
                              },
                              [&](const facts::CloseStream& c) { close(c); }},
             command);
}

SoundRoom::Stream* SoundRoom::find(facts::StreamId id, const char* what) {
  const auto found = streams_.find(id);
  if (found != streams_.end()) return &found->second;
  problems.push_back(std::string(what) + " of a stream that is not open");
  return nullptr;
}

void SoundRoom::open(const facts::OpenStream& command) {
  for (const auto& [id, stream] : streams_) {
    if (stream.port == command.local.port) {
      problems.push_back("port " + std::to_string(stream.port) + " is opened twice");
    }
  }
  if (!streams_.try_emplace(command.stream, Stream{command.call, command.local.port, {}, {}, {}})
           .second) {
    problems.emplace_back("a stream is opened twice");
  }
  played_[command.local.port].clear();
}

void SoundRoom::join(const facts::JoinStreams& command) {
  Stream* a = find(command.a, "join");
  Stream* b = find(command.b, "join");
  if (a == nullptr || b == nullptr) return;
  if (a->call != b->call && !calls_may_join) problems.emplace_back("two calls hear each other");
  a->partner = command.b;
  b->partner = command.a;
  a->speaker.reset();
  b->speaker.reset();
  a->playing.reset();
  b->playing.reset();
}

void SoundRoom::hear(const facts::HearStream& command) {
  Stream* listener = find(command.listener, "hear");
  const Stream* speaker = find(command.speaker, "be heard");
  if (listener == nullptr || speaker == nullptr) return;
  if (listener->call != speaker->call) problems.emplace_back("one call hears another");
  if (listener->partner.has_value()) problems.emplace_back("who talks listens to a page");
  listener->speaker = command.speaker;
  listener->playing.reset();
}

void SoundRoom::play(const facts::PlaySounds& command) {
  Stream* stream = find(command.stream, "play");
  if (stream == nullptr) return;
  if (command.sounds.empty()) problems.emplace_back("plays nothing");
  stream->playing = command;
  played_[stream->port].push_back(names_of(command.sounds));
  if (command.loop) return;
  scheduler_.after(length_of(command.sounds), [this, id = command.stream, sound = command.sound] {
    const auto found = streams_.find(id);
    if (found == streams_.end() || !found->second.playing.has_value()) return;
    if (found->second.playing->sound != sound) return;
    found->second.playing.reset();
    tell_(facts::PlayEnded{id, sound});
  });
}

void SoundRoom::record(const facts::StartRecording& command) {
  if (find(command.stream, "record") == nullptr) return;
  recordings_[command.recording] = {command.stream, command.file, scheduler_.now(), {}};
  if (command.longest == base::Duration{0}) return;
  scheduler_.after(command.longest, [this, id = command.recording] {
    end_recording(id, facts::RecordingEnd::Longest);
  });
}

// What passes meanwhile is not in the file.
void SoundRoom::pause(const facts::PauseRecording& command) {
  const auto found = recordings_.find(command.recording);
  if (found == recordings_.end()) {
    problems.emplace_back("pauses what does not run");
    return;
  }
  Recording& recording = found->second;
  if (!command.paused) {
    if (recording.paused_at.has_value()) recording.begun += scheduler_.now() - *recording.paused_at;
    recording.paused_at.reset();
  } else if (!recording.paused_at.has_value()) {
    recording.paused_at = scheduler_.now();
  }
}

void SoundRoom::end_recording(facts::SoundId id, facts::RecordingEnd why) {
  const auto found = recordings_.find(id);
  if (found == recordings_.end()) return;
  const Recording ended = found->second;
  recordings_.erase(found);
  const base::Duration length = ended.paused_at.value_or(scheduler_.now()) - ended.begun;
  files_[ended.file] = length;
  scheduler_.after(base::Duration{5},
                   [this, id, length, why] { tell_(facts::RecordingEnded{id, length, why}); });
}

void SoundRoom::close(const facts::CloseStream& command) {
  Stream* stream = find(command.stream, "close");
  if (stream == nullptr) return;
  std::vector<facts::SoundId> open;
  for (const auto& [id, recording] : recordings_) {
    if (recording.stream == command.stream) open.push_back(id);
  }
  for (const facts::SoundId id : open) end_recording(id, facts::RecordingEnd::Closed);
  if (stream->partner.has_value()) {
    const auto partner = streams_.find(*stream->partner);
    if (partner != streams_.end()) partner->second.partner.reset();
  }
  for (auto& [id, other] : streams_) {
    if (other.speaker == command.stream) other.speaker.reset();
  }
  streams_.erase(command.stream);
}

const SoundRoom::Stream* SoundRoom::at(std::uint16_t port) const {
  for (const auto& [id, stream] : streams_) {
    if (stream.port == port) return &stream;
  }
  return nullptr;
}

bool SoundRoom::press(std::uint16_t port, char key) {
  for (const auto& [id, stream] : streams_) {
    if (stream.port != port) continue;
    tell_(facts::DigitHeard{id, key});
    return true;
  }
  return false;
}

bool SoundRoom::fall_silent(std::uint16_t port) {
  for (const auto& [id, stream] : streams_) {
    if (stream.port != port) continue;
    tell_(facts::StreamSilent{id});
    return true;
  }
  return false;
}

bool SoundRoom::fail(std::uint16_t port) {
  for (const auto& [id, stream] : streams_) {
    if (stream.port != port) continue;
    tell_(facts::StreamFailed{id, "in use"});
    return true;
  }
  return false;
}

std::string SoundRoom::hears(std::uint16_t port) const {
  const Stream* stream = at(port);
  if (stream == nullptr) return {};
  if (stream->playing.has_value()) return names_of(stream->playing->sounds);
  const auto heard = stream->partner.has_value() ? stream->partner : stream->speaker;
  if (!heard.has_value()) return {};
  const auto other = streams_.find(*heard);
  return other == streams_.end() ? "" : "port " + std::to_string(other->second.port);
}

std::vector<std::string> SoundRoom::played(std::uint16_t port) const {
  const auto found = played_.find(port);
  return found == played_.end() ? std::vector<std::string>{} : found->second;
}

}  // namespace sim
