// Requests inside a dialog whose audio ends here: they are answered here and change nothing on the
// other side (sip.md 4.6), and recordings of the talk.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "call/detail/anchor.h"
#include "call/detail/call.h"
#include "call/detail/callee_leg.h"
#include "call/detail/core.h"
#include "call/detail/ids.h"
#include "call/detail/session_timer.h"
#include "call/detail/side.h"
#include "call/detail/transaction_layer.h"
#include "call/detail/wire_names.h"
#include "facts/media.h"
#include "model/office.h"
#include "model/recording.h"
#include "model/snapshot.h"
#include "sip/dialog.h"
#include "sip/header_values.h"
#include "sip/message.h"
#include "sip/text.h"
#include "sip/transaction.h"
#include "sip/writer.h"

namespace call {
namespace {

constexpr std::string_view kKeys = "0123456789*#ABCD";

// The key of an INFO: "Signal=5" (application/dtmf-relay) or "5" (application/dtmf). 0: none.
char key_of_info(const sip::Message& info) {
  std::string_view body = info.body();
  const std::string_view type = info.value(sip::Header::ContentType);
  if (sip::same_word(type, "application/dtmf-relay")) {
    constexpr std::string_view kSignal = "Signal=";
    const std::size_t at = body.find(kSignal);
    if (at == std::string_view::npos) return 0;
    body.remove_prefix(at + kSignal.size());
  } else if (!sip::same_word(type, "application/dtmf")) {
    return 0;
  }
  while (body.starts_with(' ')) body.remove_prefix(1);
  return !body.empty() && kKeys.find(body.front()) != std::string_view::npos ? body.front() : '\0';
}

}  // namespace

// ---- descriptions ----

void Call::answer_reinvite(Side& side, const Incoming& in, const Id& server) {
  if (side.in.state == InviteIn::State::Open) {
    reply(server, in, 500, "Retry-After: 3\r\n");
    return;
  }
  if (side.in.state == InviteIn::State::Answered || is_negotiating(side)) {
    reply(server, in, 491);
    return;
  }
  const TimerHeaders timer = timer_headers(in.message);
  if (SessionTimer::too_small(timer)) {
    reply(server, in, 422, "Min-SE: 90\r\n");
    return;
  }
  const std::string_view offer = sip::body_of_type(in.message, kSdpType);
  const std::string sdp = offer.empty() ? own_offer(side) : own_answer(side, offer);
  if (sdp.empty()) {
    reply(server, in, 488);
    return;
  }
  side.dialog.refresh_target(in.message);
  side.next = core_.way_inside(side, side.dialog.next_hop().first);
  side.in = InviteIn{};
  side.in.state = InviteIn::State::Open;
  side.in.server = server;
  side.in.cseq = in.message.cseq();
  side.in.has_offer = !offer.empty();
  core_.layer().own(server, {Owner::Kind::Side, side.id});
  const Bytes ok = ok_inside(side, in, sdp);
  if (ok == nullptr) return;
  side.in.ok = ok;
  side.in.state = InviteIn::State::Answered;
  side.in.repeat.emplace(core_.settings().timers.t1, core_.settings().timers.t2, core_.now().at);
  core_.layer().respond(server, 200, ok, core_.now(), core_.out());
  if (!offer.empty()) sound_changed(side);
}

void Call::answer_update(Side& side, const Incoming& in, const Id& server) {
  if (is_negotiating(side) || side.in.state == InviteIn::State::Answered) {
    reply(server, in, 491);
    return;
  }
  const std::string sdp = own_answer(side, sip::body_of_type(in.message, kSdpType));
  if (sdp.empty()) {
    reply(server, in, 488);
    return;
  }
  side.dialog.refresh_target(in.message);
  const Bytes ok = ok_inside(side, in, sdp);
  if (ok == nullptr) return;
  core_.layer().respond(server, 200, ok, core_.now(), core_.out());
  sound_changed(side);
}

Bytes Call::ok_inside(Side& side, const Incoming& in, const std::string& sdp) {
  sip::Writer writer = sip::response_to(in.message, in.flow.peer, 200, {});
  writer.copy(in.message, sip::Header::RecordRoute)
      .header(sip::Header::Contact, core_.contact(side))
      .lines(kAllowLine)
      .lines(kSupportedLine);
  const TimerHeaders asked = timer_headers(in.message);
  if (asked.supports_timer) writer.lines(side.timer.answer(asked, core_.now().at));
  writer.body(kSdpType, sdp);
  if (!writer.ok()) {
    core_.found_bug(*this, "200 not writable");
    return nullptr;
  }
  return std::make_shared<const std::string>(writer.take());
}

// Hold and its end: the other hears music, or the two hear each other. Who is alone with a service
// hears it on.
void Call::sound_changed(const Side& side) {
  if (winner_ != nullptr && other(side) != nullptr) join_anchors();
}

// ---- keys ----

void Call::on_info(Side& side, const Incoming& in, const Id& server) {
  Side* peer = other(side);
  const char key = key_of_info(in.message);
  if (side.anchor != nullptr && key != 0) {
    reply(server, in, 200);
    const bool heard = side.anchor->service != nullptr;
    if (!heard && peer != nullptr && peer->anchor != nullptr && peer->anchor->port != 0) {
      core_.media(facts::SendDigit{peer->anchor->stream, key});
    }
    on_digit(side, key, KeyWay::Info);
    return;
  }
  if (peer == nullptr || !peer->established || peer->over) {
    reply(server, in, 200);
    return;
  }
  if (completes_a_code(side, key)) {
    // The last key of a code is for us: what it begins changes who is there to hear it.
    reply(server, in, 200);
    on_key_in_talk(side, key);
    return;
  }
  if (key != 0) on_key_in_talk(side, key);
  relay(side, *peer, in, server);
}

// ---- recording ----

// The word of the group that hunts last.
bool Call::wants_recording() const {
  std::optional<model::RecordPolicy> of_group;
  for (const auto& run : runs_) {
    if (const model::Group* hunted = group_of(*run); hunted != nullptr) of_group = hunted->record;
  }
  return model::is_recorded(snapshot_->office().record, of_group);
}

// From the answer on, both voices in one file.
void Call::start_recording() {
  if (winner_ == nullptr || !wants_recording() || !record_.recording.empty()) return;
  if (caller_.side.anchor == nullptr || winner_->side.anchor == nullptr) return;
  record_.recording = "recordings/" + record_.id + ".wav";
  caller_.side.anchor->talk = core_.add_recording(caller_.side);
  core_.media(facts::StartRecording{caller_.side.anchor->talk,
                                    caller_.side.anchor->stream,
                                    winner_->side.anchor->stream,
                                    record_.recording,
                                    {},
                                    {}});
}

// The caller hears us, but who answered was dialled without an end of his own here (a late 200 of
// an earlier hunt): he gets one in the ACK that his offer waits for, else by a re-INVITE.
void Call::anchor_winner() {
  Side& side = winner_->side;
  if (side.anchor != nullptr || !open_anchor(side)) return;
  if (side.out.state == InviteOut::State::Answered) {
    const std::string answer = own_answer(side, winner_->description);
    if (!answer.empty()) {
      send_ack(side, answer);
      return;
    }
    reject_offer_and_acknowledge(*winner_);
  }
  offer_again(side, own_offer(side));
}

}  // namespace call
