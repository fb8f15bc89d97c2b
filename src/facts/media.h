#pragma once
// The words between what decides (call/, service/) and what carries sound (media/): commands go
// one way, events come back. Values only; app/ carries them over the queue between the threads, the
// simulator answers them in virtual time.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/time.h"

namespace facts {

// One RTP address of ours: the audio of one leg. Made by the engine, never used twice.
enum class StreamId : std::uint64_t { None = 0 };
// One playing or recording; made by the engine, so that a late event can be told from a new one.
enum class SoundId : std::uint64_t { None = 0 };

enum class Codec : std::uint8_t { Pcmu, Pcma, G722, Opus };
struct Payload {
  std::uint8_t number = 0;  // RTP payload type, 0-127, as agreed for this stream
  Codec codec = Codec::Pcmu;
  bool operator==(const Payload&) const = default;
};
// SDES (RFC 4568): 16 bytes of key and 14 of salt.
// NOLINTNEXTLINE(readability-identifier-naming): the suites' own names
enum class SrtpSuite : std::uint8_t { AesCm128HmacSha1_80, AesCm128HmacSha1_32 };
struct SrtpKey {
  SrtpSuite suite = SrtpSuite::AesCm128HmacSha1_80;
  std::string key_and_salt;  // 30 bytes, raw
  bool operator==(const SrtpKey&) const = default;
};

// ---- commands --------------------------------------------------------------------------------
// Binds RTP to `local` (an even port from the pool) and RTCP to the port above it.
struct OpenStream {
  StreamId stream{};
  std::string call;  // for log lines and for the anchor's bookkeeping
  base::Address local;
};
// What offer and answer agreed; may come again at any time (re-INVITE, UPDATE, hold).
struct SetStream {
  StreamId stream{};
  base::Address remote;  // RTP as the peer's SDP says; port 0: nothing is sent
  base::Address remote_rtcp;
  base::IpAddress signalled_from;       // where the peer's SIP comes from: may be latched to (T14)
  std::vector<Payload> payloads;        // what is sent is the first; what may be received is any
  std::optional<std::uint8_t> digits;   // payload type of telephone-event (RFC 4733), if agreed
  std::uint32_t digits_rate_hz = 8000;  // its clock, as in "telephone-event/8000"
  bool detect_tones = false;  // in-band digits: only where neither RFC 4733 nor INFO can come
  bool send = true, receive = true;  // direction as we see it (hold)
  std::optional<SrtpKey> send_key, receive_key;
};
// Two streams hear each other; whatever was playing to either ends without a gap.
struct JoinStreams {
  StreamId a{}, b{};
};
// Neither hears the other any more: silence until something is played.
struct PartStreams {
  StreamId a{}, b{};
};
// From now on `listener` hears the peer of `speaker`, who does not hear it: a page. A stream hears
// one speaker, a speaker has any number of listeners. Ends when either is closed or the listener is
// joined. Who is both hears himself: an echo.
struct HearStream {
  StreamId listener{}, speaker{};
};

enum class Tone : std::uint8_t { Ringback, Busy, Congestion, Beep };
struct Sound {
  std::string name;  // of a prompt ("en/vm-goodbye"), an uploaded sound, or music ("music/default")
  std::optional<Tone> tone;   // instead of a name
  base::Duration silence{0};  // instead of either: a pause of that length
};
// Plays `sounds` one after another to the stream; replaces what it heard. Its partner, if it is
// joined, is heard again when the playing ended or was stopped.
struct PlaySounds {
  StreamId stream{};
  SoundId sound{};
  std::vector<Sound> sounds;
  bool loop = false;  // from the start again until something replaces it
};
struct StopPlaying {
  StreamId stream{};
  SoundId sound{};
};
// Writes what the stream sends (and, for a call, what its partner sends) to a new file.
struct StartRecording {
  SoundId recording{};
  StreamId stream{};
  std::optional<StreamId> partner;  // a call's recording: stereo, `stream` left, `partner` right
  std::string file;                 // relative to the media folder of the data directory
  base::Duration longest{0};        // 0: no limit
  base::Duration silence{0};        // ends after that much silence; 0: never
};
struct PauseRecording {
  SoundId recording{};
  bool paused = false;
};
struct StopRecording {
  SoundId recording{};
};
// RFC 4733 towards the peer, in-band where not agreed.
struct SendDigit {
  StreamId stream{};
  char digit = '0';
  base::Duration length{100};
};
// A file that nobody wants, relative to the media folder.
struct RemoveFile {
  std::string file;
};
// A recording that is whole gets another name, in place of what has that name. Both are relative to
// the media folder.
struct MoveFile {
  std::string from, to;
};
struct CloseStream {
  StreamId stream{};
};
using MediaCommand = std::variant<OpenStream, SetStream, JoinStreams, PartStreams, HearStream,
                                  PlaySounds, StopPlaying, StartRecording, PauseRecording,
                                  StopRecording, SendDigit, RemoveFile, MoveFile, CloseStream>;

// ---- events ----------------------------------------------------------------------------------
// One digit, once, however often its packets came.
struct DigitHeard {
  StreamId stream{};
  char digit = '0';  // 0-9 * # A-D
};
// The playing came to its end by itself; one that was stopped or replaced ends without a word.
struct PlayEnded {
  StreamId stream{};
  SoundId sound{};
  bool failed = false;  // a file was missing or broken: what could be played was
};
// Comes once for each StartRecording, when the file is whole on disk.
enum class RecordingEnd : std::uint8_t { Stopped, Longest, Silence, Closed, Failed };
struct RecordingEnded {
  SoundId recording{};
  base::Duration length{0};
  RecordingEnd why{};
};
// The first packet that was taken from the peer: after OpenStream, and after each StreamSilent.
struct StreamHeard {
  StreamId stream{};
};
// Nothing came from the peer for media.dead_after though it may send; once until it is heard again.
struct StreamSilent {
  StreamId stream{};
};
// It carries nothing: its address could not be bound, or there are too many. To be closed as any.
struct StreamFailed {
  StreamId stream{};
  std::string why;
};
using MediaEvent =
    std::variant<DigitHeard, PlayEnded, RecordingEnded, StreamHeard, StreamSilent, StreamFailed>;

}  // namespace facts
