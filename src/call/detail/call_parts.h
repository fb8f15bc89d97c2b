#pragma once
// What a call consists of, beside its legs: who calls, his side, the hunts that ran for him, what
// he listens to, requests on their way from one side to the other.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "call/detail/audio_place.h"
#include "call/detail/ids.h"
#include "call/detail/reliable_provisional.h"
#include "call/detail/side.h"
#include "hunt/hunt.h"
#include "model/routing.h"
#include "service/mailbox_listen.h"
#include "service/queue_line.h"
#include "sip/message.h"

namespace call {

// Who calls, as admission found out. Identity comes from credentials or a trunk, never from text.
struct Identity {
  model::CallerKind kind = model::CallerKind::Stranger;
  std::string user_id;
  std::string trunk_id;
  std::string account;  // SIP username of a user's phone
  std::string number;   // extension of a user, number of a trunk's caller
  std::string name;     // what phones show
  bool anonymous = false;
};

// One hunt of the call.
struct HuntRun {
  std::unique_ptr<hunt::Hunt> hunt;  // null once its story was taken and nothing of it is open
  model::Step step;
  std::string offered_to;  // agent of a queue whom this rings; his end is told to the line
  bool picks_up = false;   // beside what rings, for who was told to take the call
  // Of such a one: how the hunt beside it ended meanwhile. The call goes on from there after it.
  std::optional<model::EndClass> waits_with;
  std::size_t first_attempt = 0;  // place of its attempt 0 in the record
  bool story_taken = false;
};

// What only the caller's side has.
struct CallerLeg {
  Side side;
  bool ended = false;  // final answer that is no 2xx, or BYE
  bool told_ringing = false;
  bool no_fork = false;     // Request-Disposition: no-fork (S4.16)
  bool late_offer = false;  // INVITE without a description
  std::uint32_t max_forwards = 70;
  // Of a trusted peer, verbatim: how the phones are to ring, or to answer by themselves.
  std::string alert_info, answer_mode;
  std::string loop_marks;       // of calls that this one is a leg of
  std::string offer;            // his description, until somebody answered
  AudioPlace audio;             // as that says
  std::string offer_after_ack;  // the winner's description, when an early one differs
  std::string early_sdp;        // shown to him in an 18x already: the 200 repeats it
  std::optional<base::Instant> repeat_18x_at;
  std::optional<base::Instant> expires_at;
  ReliableProvisional reliable;
  bool answer_waits = false;  // the 200 waits for the PRACK of an 18x with SDP
};

// What the caller listens to, while that is a mailbox. The machine is the caller's service.
struct Listening {
  service::MailboxListen* machine = nullptr;
  bool asks_pin = true;
  std::uint64_t token = 0;  // of the contents that are on their way
  // Once he was let in.
  std::string box, mailbox;  // key and name
  std::string owner;         // id of its user; empty: a general one
};

// One who talks sends the other side on.
struct Transfer {
  CalleeLeg* by = nullptr;  // he, while he is still there
  std::string user_id;      // his
  std::string event;        // Event of the NOTIFYs to him; empty: he wants none
  std::string counted;      // his id, as long as he counts as in a call
  bool attended = false;    // by keys: he talks with the target first,
  bool consulting = false;  // as he does now; the caller hears music meanwhile
  // He is called back: after which step nobody had answered, and how.
  std::optional<model::Step> recall_of;
  model::EndClass end = model::EndClass::NoAnswer;
};

// His place in the line of a queue.
struct QueuePlace {
  std::string queue_id;
  service::CallerId caller{};
};
// He talks with an agent of a queue.
struct QueueTalk {
  std::string queue_id, agent;
};

// Why an INVITE cannot become a leg of a call.
struct InviteRefusal {
  std::uint16_t code = 0;
  std::string lines;
};

// He waits with music until somebody fetches him.
struct Parked {
  std::string place;  // "701"
  std::string by;     // id of the user who parked him, and gets him back
  base::Instant until{};
};

// A request inside the dialogs that is passed from one side to the other.
struct Relay {
  Side* from = nullptr;
  Side* to = nullptr;
  Id server;                                // the transaction on `from`
  Id client;                                // the transaction on `to`
  sip::Method method = sip::Method::Other;  // on `from`
  sip::OwnedMessage request;
  bool as_invite = false;  // on `to`: a re-INVITE, or an UPDATE to a peer that does not take it
  bool has_offer = false;
  bool heard = false;  // a provisional response came: a CANCEL may go (9.1)
  bool cancel_wanted = false;
};

// A peer without session timers is asked in the dialog whether it is still there (sip.md 4.8).
inline constexpr base::Duration kProbeEvery{300'000};

// True if a Reason of this CANCEL or BYE says that the call was completed elsewhere (rule 7).
[[nodiscard]] bool reason_says_elsewhere(const sip::Message& message);

[[nodiscard]] StopReason frozen(hunt::StopReason why);
[[nodiscard]] TimerHeaders timer_headers(const sip::Message& message);
// True while a service of ours speaks to this side.
[[nodiscard]] bool is_served(const Side& side);
// What a BYE says with this Q.850 cause (rule 8: a caller who was answered already).
[[nodiscard]] StopReason reason_with(std::uint16_t q850);
// "mailbox 101", as the record names it.
[[nodiscard]] std::string service_name(const model::Serve& service);

}  // namespace call
