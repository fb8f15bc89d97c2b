#pragma once
// Our own end of one side's audio, where it does not run end to end (sip.md 4.6): because a service
// speaks or listens, a key is asked for, or the setting says so.

#include <cstdint>
#include <memory>
#include <optional>

#include "base/time.h"
#include "facts/media.h"
#include "sdp/audio.h"
#include "service/confirm.h"
#include "service/service.h"
#include "service/waiting.h"

namespace call {

enum class KeyWay : std::uint8_t { Rtp, Info };

struct Anchor {
  facts::StreamId stream{};
  std::uint16_t port = 0;             // of the pool; 0: closed
  sdp::Own own;                       // what we offer and answer with
  std::optional<sdp::Agreed> agreed;  // what holds with the peer now
  // What speaks to this side; kept until it is done, also when the side is gone.
  std::unique_ptr<service::Service> service;
  // `service`, when it is one of these.
  service::Confirm* question = nullptr;
  service::Waiting* waiting = nullptr;
  std::uint32_t moves = 0;  // to another port, because one was taken
  bool moved = false;       // and the peer was not told yet
  char last_key = 0;
  KeyWay last_way = KeyWay::Rtp;
  base::Instant last_key_at{};
  facts::SoundId playing{};    // of the service
  facts::SoundId recording{};  // of the service
  facts::SoundId talk{};       // the recording of the call, at its caller's
  bool talk_paused = false;    // by `*5`
};

}  // namespace call
