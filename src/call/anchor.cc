// Audio that ends here: our offers and answers, what the media side is told of them, holds (sip.md
// 4.6, reliability.md D8 and D13).

#include "call/detail/anchor.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/base64.h"
#include "base/overloaded.h"
#include "call/detail/audio_place.h"
#include "call/detail/call.h"
#include "call/detail/callee_leg.h"
#include "call/detail/core.h"
#include "call/detail/paging.h"
#include "call/detail/reason.h"
#include "call/detail/side.h"
#include "call/settings.h"
#include "facts/call_record.h"
#include "facts/media.h"
#include "sdp/audio.h"
#include "sdp/session.h"

namespace call {
namespace {

// What we can, the most wanted first. Opus costs much where it must be decoded or encoded: it is
// only offered to a callee when the caller can it too.
constexpr std::string_view kCodecs[] = {"opus", "G722", "PCMA", "PCMU"};
constexpr std::string_view kCheapCodecs[] = {"PCMA", "PCMU", "G722"};

constexpr std::uint32_t kMovesMax = 5;
constexpr base::Duration kSameKeyWithin{500};

std::optional<facts::Codec> codec_of(std::string_view name) {
  if (name == "PCMU") return facts::Codec::Pcmu;
  if (name == "PCMA") return facts::Codec::Pcma;
  if (name == "G722") return facts::Codec::G722;
  if (name == "opus") return facts::Codec::Opus;
  return std::nullopt;
}

std::optional<facts::SrtpKey> key_of(const std::optional<sdp::Crypto>& crypto) {
  if (!crypto.has_value()) return std::nullopt;
  facts::SrtpKey key;
  key.suite = crypto->suite == "AES_CM_128_HMAC_SHA1_32" ? facts::SrtpSuite::AesCm128HmacSha1_32
                                                         : facts::SrtpSuite::AesCm128HmacSha1_80;
  key.key_and_salt = base::from_base64(crypto->inline_).value_or("");
  return key;
}

std::string fresh_key(base::Rng& rng) {
  std::string bytes;
  while (bytes.size() < 30) {
    std::uint64_t drawn = rng.next();
    for (std::size_t i = 0; i < 6; ++i) {
      bytes += static_cast<char>(drawn & 255U);
      drawn >>= 8U;
    }
  }
  return base::base64(bytes);
}

// Every audio line has port 0.
bool is_silenced(const sdp::Session& session) {
  return std::all_of(session.media.begin(), session.media.end(), [](const sdp::Media& media) {
    return media.kind != "audio" || media.port == 0;
  });
}

bool peer_may_send(const sdp::Agreed& agreed) {
  return agreed.direction == sdp::Direction::SendRecv ||
         agreed.direction == sdp::Direction::RecvOnly;
}
bool peer_listens(const sdp::Agreed& agreed) {
  return agreed.direction == sdp::Direction::SendRecv ||
         agreed.direction == sdp::Direction::SendOnly;
}

}  // namespace

// True unless the caller's offer has nothing that we can.
bool Call::can_anchor() const {
  if (!core_.settings().media.available) return false;
  if (caller_.side.anchor != nullptr || caller_.late_offer) return true;
  const auto offer = sdp::Session::parse(caller_.offer);
  return offer.has_value() && sdp::answer_to(*offer, core_.own_audio(caller_.side.flow));
}

// A key is to be asked for, the caller hears us already, NAT stands between the two, or the setting
// or a recording wants it.
bool Call::wants_anchor(const CalleeLeg& leg) const {
  if (caller_.side.anchor != nullptr) return true;
  if (originated_.has_value() && originated_->rings_him) return can_anchor();
  const bool asks =
      leg.attempt != nullptr &&
      (leg.attempt->dial.confirm || (leg.to.is_outside() && leg.attempt->dial.confirm_outside));
  if (leg.attempt != nullptr && leg.attempt->dial.auto_answer) return can_anchor();
  const bool always = core_.settings().media.anchor == MediaSettings::When::Always;
  const bool wanted = asks || always || wants_recording() || meet_only_here(caller_.audio, leg.to);
  return wanted && can_anchor();
}

bool Call::open_anchor(Side& side) {
  if (side.anchor != nullptr) return side.anchor->port != 0;
  const auto port = core_.ports().take(core_.now().at, core_.rng());
  if (!port.has_value()) {
    core_.tell(facts::CallTroubled{record_.id, "no_rtp_port"});
    return false;
  }
  side.anchor = std::make_unique<Anchor>();
  Anchor& anchor = *side.anchor;
  anchor.port = *port;
  anchor.stream = core_.add_stream(side);
  anchor.own = core_.own_audio(side.flow);
  anchor.own.port = *port;
  anchor.own.key = fresh_key(core_.rng());
  if (side.leg != nullptr) order_codecs(anchor.own);
  // Nobody hears who listens to a page: his phone is told so.
  if (side.leg != nullptr && side.leg->attempt != nullptr && side.leg->attempt->dial.auto_answer) {
    anchor.own.direction = sdp::Direction::SendOnly;
  }
  core_.media(facts::OpenStream{anchor.stream, record_.id, {side.flow.local.ip, *port}});
  return true;
}

// What the caller can comes first: then nothing has to be decoded.
void Call::order_codecs(sdp::Own& own) const {
  std::vector<std::string> codecs;
  const auto add = [&codecs](std::string_view name) {
    if (std::find(codecs.begin(), codecs.end(), name) == codecs.end()) codecs.emplace_back(name);
  };
  if (caller_.side.anchor != nullptr && caller_.side.anchor->agreed.has_value()) {
    for (const auto& format : caller_.side.anchor->agreed->formats) add(format.name);
  } else if (const auto offer = sdp::Session::parse(caller_.offer); offer.has_value()) {
    const auto answered = sdp::answer_to(*offer, own);
    if (answered.has_value()) {
      for (const auto& format : answered->agreed.formats) add(format.name);
    }
  }
  for (const std::string_view name : kCheapCodecs) add(name);
  own.codecs = std::move(codecs);
}

sdp::Own Core::own_audio(const base::Flow& flow) const {
  sdp::Own own;
  own.address = settings_.media.address;
  // An address of the other family would lead the peer nowhere.
  const auto told = base::IpAddress::parse(own.address);
  if (own.address.empty() || (told.has_value() && told->is_v6 != flow.peer.ip.is_v6))
    own.address = own_ip(flow).to_string();
  own.port = 1;
  own.codecs.assign(std::begin(kCodecs), std::end(kCodecs));
  return own;
}

void Call::close_anchor(Side& side) {
  if (side.anchor == nullptr || side.anchor->port == 0) return;
  Anchor& anchor = *side.anchor;
  core_.media(facts::CloseStream{anchor.stream});
  core_.remove_stream(anchor.stream);
  core_.ports().give_back(std::exchange(anchor.port, std::uint16_t{0}), core_.now().at);
  if (anchor.service == nullptr) return;
  service::Actions actions;
  anchor.service->hung_up(core_.now(), actions);
  carry_out(side, actions);
}

// ---- offers and answers ----

std::string Call::own_offer(Side& side) {
  side.local_sdp = side.origin.rewrite(sdp::offer_of(side.anchor->own, false));
  return side.local_sdp;
}

// Empty: the offer has nothing that we can.
std::string Call::own_answer(Side& side, std::string_view offer) {
  const auto session = sdp::Session::parse(offer);
  if (!session.has_value()) return {};
  auto answered = sdp::answer_to(*session, side.anchor->own);
  if (!answered.has_value() && side.anchor->agreed.has_value() && is_silenced(*session)) {
    // Hold by port 0 (D8): the session stands, nothing is sent or heard.
    side.anchor->agreed->direction = sdp::Direction::Inactive;
    tell_media(side);
    const auto refused = sdp::reject_all(offer);
    side.local_sdp = refused ? side.origin.rewrite(*refused) : std::string();
    return side.local_sdp;
  }
  if (!answered.has_value()) return {};
  side.anchor->agreed = std::move(answered->agreed);
  tell_media(side);
  side.local_sdp = side.origin.rewrite(answered->text);
  return side.local_sdp;
}

bool Call::take_answer(Side& side, std::string_view answer) {
  const auto session = sdp::Session::parse(answer);
  if (!session.has_value()) return false;
  auto agreed = sdp::agreed_by(*session, side.anchor->own);
  if (!agreed.has_value()) return false;
  side.anchor->agreed = std::move(*agreed);
  tell_media(side);
  return true;
}

void Call::tell_media(const Side& side) {
  const Anchor& anchor = *side.anchor;
  if (anchor.port == 0) return;  // closed: an answer that comes too late
  const sdp::Agreed& agreed = *anchor.agreed;
  facts::SetStream set;
  set.stream = anchor.stream;
  if (const auto ip = base::IpAddress::parse(agreed.address); ip.has_value()) {
    set.remote = {*ip, agreed.port};
    set.remote_rtcp = {*ip, agreed.rtcp_port};
  }
  set.signalled_from = side.flow.peer.ip;
  for (const auto& format : agreed.formats) {
    if (const auto codec = codec_of(format.name); codec.has_value()) {
      set.payloads.push_back({format.number, *codec});
    }
  }
  set.digits = agreed.digits;
  set.detect_tones = !agreed.digits.has_value();
  set.send = peer_listens(agreed);
  set.receive = peer_may_send(agreed);
  set.send_key = key_of(agreed.ours);
  set.receive_key = key_of(agreed.theirs);
  core_.media(std::move(set));
}

// ---- who hears whom ----

// Both have their own end here: they hear each other, or the one that is left alone hears music.
void Call::join_anchors() {
  if (is_consulting()) return join_consultation();
  if (winner_ == nullptr || caller_.side.anchor == nullptr || winner_->side.anchor == nullptr)
    return;
  const Anchor& caller = *caller_.side.anchor;
  const Anchor& callee = *winner_->side.anchor;
  if (caller.port == 0 || callee.port == 0) return;
  core_.media(facts::JoinStreams{caller.stream, callee.stream});
  const auto holds = [](const Anchor& anchor) {
    return anchor.agreed.has_value() && !peer_listens(*anchor.agreed);
  };
  if (holds(caller) == holds(callee)) return;
  play_music(holds(caller) ? callee : caller);
}

void Call::play_music(const Anchor& anchor) {
  core_.media(facts::PlaySounds{
      anchor.stream, core_.next_sound(), {{"music/" + snapshot_->office().music, {}, {}}}, true});
}

// ---- events ----

void Call::on_media(Side& side, const facts::MediaEvent& event) {
  if (side.anchor == nullptr) return;
  std::visit(base::Overloaded{
                 [&](const facts::DigitHeard& heard) { on_digit(side, heard.digit, KeyWay::Rtp); },
                 [&](const facts::PlayEnded& ended) {
                   if (ended.sound != side.anchor->playing) return;
                   side.anchor->playing = facts::SoundId::None;
                   if (side.anchor->service == nullptr) return;
                   service::Actions actions;
                   side.anchor->service->played(core_.now(), actions);
                   carry_out(side, actions);
                 },
                 [&](const facts::RecordingEnded& ended) {
                   if (ended.recording != side.anchor->recording) return;
                   side.anchor->recording = facts::SoundId::None;
                   if (side.anchor->service == nullptr) return;
                   service::Actions actions;
                   side.anchor->service->recorded({ended.length, ended.why}, core_.now(), actions);
                   carry_out(side, actions);
                 },
                 [](const facts::StreamHeard&) {},
                 [&](const facts::StreamSilent&) { on_silence(side); },
                 [&](const facts::StreamFailed& failed) { move_anchor(side, failed.why); },
             },
             event);
}

// Nothing comes from this side any more although it may send: who is gone is hung up (D13), never
// in a hold (D8). One that is only being rung or asked fails by its own clock.
void Call::on_silence(Side& side) {
  if (side.leg != nullptr && side.leg != winner_) {
    if (side.leg->state == LegState::Answered) {
      hang_up_leg(*side.leg, StopReason::NoMedia);
      answered_leg_is_gone(*side.leg);
    }
    return;
  }
  const Side* peer = other(side);
  if (caller_waits() || is_on_hold(side) || (peer != nullptr && is_on_hold(*peer))) return;
  end_talk(facts::EndedBy::Server, StopReason::NoMedia, 41);
}

bool Call::is_on_hold(const Side& side) {
  return side.anchor != nullptr && side.anchor->agreed.has_value() &&
         side.anchor->agreed->direction != sdp::Direction::SendRecv;
}

// Its port is somebody else's: another one, told to the peer as soon as he can be told.
void Call::move_anchor(Side& side, const std::string& why) {
  core_.tell(facts::CallTroubled{record_.id, why});
  Anchor& anchor = *side.anchor;
  const auto port =
      anchor.moves < kMovesMax ? core_.ports().take(core_.now().at, core_.rng()) : std::nullopt;
  if (!port.has_value()) {
    on_silence(side);
    return;
  }
  core_.media(facts::CloseStream{anchor.stream});
  core_.remove_stream(anchor.stream);
  core_.ports().give_back(std::exchange(anchor.port, *port), core_.now().at);
  anchor.own.port = *port;
  anchor.stream = core_.add_stream(side);
  ++anchor.moves;
  anchor.moved = true;
  core_.media(facts::OpenStream{anchor.stream, record_.id, {side.flow.local.ip, *port}});
  if (anchor.agreed.has_value()) tell_media(side);
  join_anchors();
  Paging::hear_again(*this);
  tell_moved(side);
}

// A peer who was told the old port gets an offer with the new one, once his dialog stands.
void Call::tell_moved(Side& side) {
  const bool stands =
      side.established && !side.over &&
      (side.leg == nullptr ? side.acknowledged : side.leg->state == LegState::Answered);
  if (side.anchor == nullptr || !side.anchor->moved || !stands) return;
  side.anchor->moved = false;
  offer_again(side, own_offer(side));
}

// A key, by RTP or INFO, for who asked for keys; one that a phone sends both ways counts once.
void Call::on_digit(Side& side, char digit, KeyWay way) {
  Anchor& anchor = *side.anchor;
  const bool again = anchor.last_key == digit && anchor.last_way != way &&
                     core_.now().at < anchor.last_key_at + kSameKeyWithin;
  anchor.last_key = again ? '\0' : digit;
  anchor.last_way = way;
  anchor.last_key_at = core_.now().at;
  if (again) return;
  if (anchor.service == nullptr) return on_key_in_talk(side, digit);
  service::Actions actions;
  side.anchor->service->digit(digit, core_.now(), actions);
  carry_out(side, actions);
}

}  // namespace call
