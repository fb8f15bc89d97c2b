#pragma once
// One INVITE towards a callee: a contact of a user, a number through a trunk, or a SIP URI
// (docs/hunting.md rule 13, sip.md 4.1 and 4.2). An attempt of the hunt has one leg or several.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "call/detail/reason.h"
#include "call/detail/side.h"
#include "hunt/hunt.h"
#include "model/phone_kinds.h"
#include "sip/locate.h"

namespace call {

struct HuntRun;
struct LiveAttempt;

enum class LegState : std::uint8_t { Trying, Proceeding, Ringing, Answered, Cancelling, Ended };

// Where an INVITE could go.
struct Candidate {
  enum class Kind : std::uint8_t { Contact, Trunk, Uri };
  Kind kind = Kind::Contact;
  std::string uri;                  // the Request-URI
  std::vector<std::string> routes;  // Path, outermost first
  base::Flow flow;                  // where to send, when nothing must be looked up first
  std::optional<sip::Wanted> look_up;
  std::vector<base::Flow> further;  // tried one after another when `flow` is dead (RFC 3263 4.3)
  bool stays_udp = false;           // TCP was tried for its length
  std::string instance;             // +sip.instance
  std::string binding;              // the contact as registered: to know the device again
  std::string trunk_id;
  std::string user_id;  // whose phone it is; empty for trunks and URIs
  model::PhoneKind phone = model::PhoneKind::Other;
  std::string dialled_by;   // id of the user with whose right a trunk is used; empty: the office's
  std::string diverted_by;  // number of who sent the call on (302, forward), or empty
  bool operator==(const Candidate&) const = default;
  // A 302 of a phone led to the telephone network.
  [[nodiscard]] bool is_outside() const { return kind != Kind::Contact && !diverted_by.empty(); }
};

// Header lines that make a phone of this kind answer by itself (sip.md 4.11).
[[nodiscard]] std::string auto_answer_lines(model::PhoneKind kind, const std::string& tenant);

struct CalleeLeg;
// What the candidate of this leg has further ways for becomes its next alternates.
void spread_ways(CalleeLeg& leg);

// What to add or change when an INVITE is sent once more after a failure (sip.md 4.4).
struct InviteChanges {
  std::uint32_t min_se = 0;
  std::string authorization;  // whole line with CRLF
  bool without_timer = false;
  bool without_100rel = false;
};

struct EarlyDialog {
  std::string tag;
  std::uint32_t rseq = 0;  // the last reliable provisional response
  std::uint32_t cseq = 0;  // of our requests inside it
  bool ringing = false;
  std::string description;  // his answer, when it came in a reliable 18x
};

// Of a leg that is no attempt of a hunt: who picked the call up.
inline constexpr std::size_t kNoPlace = std::numeric_limits<std::size_t>::max();

struct CalleeLeg {
  CalleeLeg() = default;
  explicit CalleeLeg(LiveAttempt& of) : attempt(&of) {}

  Side side;
  LiveAttempt* attempt = nullptr;  // null after the attempt has ended, and where there was none
  Candidate to;
  std::string target_name;  // as the record names it
  LegState state = LegState::Trying;
  bool heard = false;  // any response came
  bool told_heard = false;
  std::size_t place = 0;          // of its attempt in the record
  std::size_t contact_index = 0;  // in the record's contacts
  std::vector<EarlyDialog> early;
  std::string bye_tag;                    // of who said BYE before any 2xx of his came
  std::vector<std::string> refused_tags;  // other forks' 2xx that got ACK and BYE
  // Candidates of the same device: tried when this flow is dead (RFC 5626).
  std::vector<Candidate> alternates;

  std::optional<StopReason> stop;  // frozen when the leg was told to stop
  bool cancel_sent = false;
  bool listens = false;                    // to a page
  std::optional<base::Instant> closes_at;  // no final response after CANCEL: 64*T1
  // Without a new 18x: ends a ring that the plan gives no end (reliability.md A15).
  std::optional<base::Instant> timer_c;
  std::optional<base::Instant> dead_at;   // no response at all: the device's next flow
  std::optional<base::Instant> retry_at;  // 491 or 500 with a small Retry-After
  std::uint64_t resolving = 0;            // token of a look-up, 0 = none
  InviteChanges changes;
  std::uint8_t auth_tries = 0;
  bool retried = false;     // 422, 420, 491, 500: once each leg
  std::string description;  // of its 2xx or the reliable 18x before it, until the caller has it
};

// One attempt of a hunt while it is carried out.
struct LiveAttempt {
  HuntRun* run = nullptr;
  hunt::AttemptId id{};
  hunt::Dial dial;
  std::size_t legs_open = 0;
  std::vector<Candidate> later;         // trunks and redirects, one after another
  std::vector<std::uint16_t> statuses;  // of the legs that failed
  std::vector<std::string> devices;     // that were forked to (instance, or contact user and host)
  std::size_t redirects = 0;
  std::optional<StopReason> stop;
  const CalleeLeg* asked = nullptr;  // who answered and is asked by rule 9
  bool ringing = false;
  bool answered = false;
  bool closed = false;  // the hunt has been told how it ended
};

}  // namespace call
