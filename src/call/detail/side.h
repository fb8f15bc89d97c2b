#pragma once
// Our side of one dialog, with what is negotiated on it: the caller's leg has one, every callee leg
// has one (RFC 3261 section 12). Nothing of one side's identifiers is copied to another.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/time.h"
#include "call/detail/anchor.h"
#include "call/detail/ids.h"
#include "call/detail/reason.h"
#include "call/detail/session_timer.h"
#include "call/engine.h"
#include "sdp/session.h"
#include "sip/dialog.h"
#include "sip/message.h"
#include "sip/transaction.h"

namespace call {

class Call;
struct CalleeLeg;

// An INVITE that came on this side and what we do about it (RFC 3261 13.3).
struct InviteIn {
  enum class State : std::uint8_t { None, Open, Answered, Acked, Refused };
  State state = State::None;
  Id server;                                    // its transaction
  sip::OwnedMessage request;                    // until it has its final answer and the ACK
  std::unique_ptr<const sip::Message> message;  // the same, read
  std::uint32_t cseq = 0;
  bool has_offer = false;
  // The 200, repeated by us until its ACK, also over streams (13.3.1.4).
  Bytes ok;
  std::optional<sip::Retransmitter> repeat;

  void keep(std::string_view bytes) {
    request = sip::OwnedMessage(bytes);
    message = std::make_unique<const sip::Message>(request.view());
  }
  void forget_request() {
    message.reset();
    request = sip::OwnedMessage();
  }
};

// An INVITE that we sent on this side.
struct InviteOut {
  enum class State : std::uint8_t { None, Open, Answered, Acked, Failed };
  State state = State::None;
  Id client;      // its transaction
  Bytes request;  // for CANCEL and retries
  std::uint32_t cseq = 0;
  bool has_offer = false;
  // The ACK of its 2xx, for each repetition of it; null while it waits for the other side's answer.
  Bytes ack;
  std::optional<base::Instant> ack_until;  // no repetition comes later (64*T1)
};

struct Side {
  // Whose.
  Id id;
  Call* call = nullptr;
  CalleeLeg* leg = nullptr;  // null: the caller's side

  // The dialog; on a callee leg its tag and target come with the first provisional or 2xx.
  sip::Dialog dialog;
  std::string tag;  // ours, with its check
  base::Flow flow;  // the way the INVITE came or went
  base::Flow next;  // the way of requests inside the dialog
  bool established = false;
  bool began_by_peer = false;           // by his INVITE: the caller's side, and who picked up
  bool acknowledged = false;            // the ACK of our first 200 came
  std::optional<StopReason> bye_waits;  // for that ACK
  bool sips = false;                    // it began with a SIPS URI: our Contact is one, too
  bool over = false;                    // BYE sent or received, or never established

  // What the peer can.
  bool allows_update = false;
  bool supports_timer = false;

  InviteIn in;
  InviteOut out;

  // Negotiation: our o= line, the last description that we sent.
  sdp::OriginKeeper origin{0};
  std::string local_sdp;
  SessionTimer timer;
  bool refreshing = false;                // a refresh of ours is open
  Id own_client;                          // the transaction of a request of our own
  std::optional<base::Instant> probe_at;  // OPTIONS to a peer without session timers
  std::unique_ptr<Anchor> anchor;         // null: its audio runs end to end
  std::string talk_keys;                  // pressed during a talk: perhaps a feature code
  base::Instant talk_key_at{};            // the last one
};

}  // namespace call
