#pragma once
// What happened, as typed values. Pure rooms emit them; obs/ turns one fact into log line, metric
// and live event, store/ journals those that must survive (is_durable). No sentences for people in
// here.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "facts/mailbox.h"
#include "facts/text.h"

namespace facts {

// One contact of one AOR, as the registrar holds it and the store keeps it (RFC 3261 section 10).
struct Binding {
  std::string user_id;   // whose
  std::string username;  // the SIP account it registered with: user or device
  std::string contact;   // the URI as registered, with its parameters
  std::string instance;  // +sip.instance, empty if none
  std::uint32_t reg_id = 0;
  std::uint16_t q_milli = 1000;  // q times 1000
  std::string call_id;
  std::uint32_t cseq = 0;
  std::vector<std::string> path;  // Path values, topmost first (RFC 3327)
  std::string user_agent;
  base::Flow flow;            // where the phone is: the source that was seen
  base::WallTime expires_at;  // wall, so that it means something after a restart
  bool operator==(const Binding&) const = default;
};

struct CallArrived {
  CallRecord record;  // so far: id, started, from, dialled, sip_call_id
};
struct CallPlanned {
  std::string call;
  PlanStory plan;
};
struct AttemptDialled {
  std::string call;
  std::uint32_t index = 0;  // place in the record's attempts
  Attempt attempt;
  std::int64_t late_ms = 0;  // after the moment for which it stood in the plan
};
struct AttemptRinging {
  std::string call;
  std::uint32_t index = 0;
  Attempt attempt;
  std::string group{};  // the name of the first hunted group
};
struct AttemptEnded {
  std::string call;
  std::uint32_t index = 0;
  Attempt attempt;
};
struct CallAnswered {
  std::string call;
  base::WallTime at{};
  std::string answered_by;
  CallRecord record;  // so far
};
// Somebody sent the other side of his call on.
struct CallTransferred {
  std::string call;
  std::string by;  // his extension
  std::string to;  // "user 103", "group Sales", "call 0000…"
  base::WallTime at{};
};
struct CallEnded {
  CallRecord record;  // complete
};
struct RegistrationAdded {  // also a refresh
  Binding binding;
  bool fresh = true;  // false: the same contact again
};
struct RegistrationRemoved {
  Binding binding;
  bool expired = false;
};
enum class AuthFailure : std::uint8_t {
  UnknownUser,
  WrongPassword,
  DisabledUser,
  StaleNonce,
  ReplayedNonce,
  ForeignDomain,
  Malformed,
  TooManyTries  // not looked at
};
struct AuthFailed {
  base::Address source;
  std::string method, username;
  AuthFailure reason{};
};
// A message that got no answer, or an answer and no further thought. `reason` is a stable word.
struct MessageDropped {
  base::Address source;
  std::string reason;
};
struct RequestRefused {
  base::Address source;
  std::string method;
  std::uint16_t code = 0;
  std::string reason;
};
// Messages from there are thrown away unread until then.
struct BanAdded {
  std::string source;  // "192.0.2.7", "2001:db8::/64"
  std::string reason;  // a stable word
  base::WallTime until{};
};
struct BanLifted {
  std::string source;
  std::string who;  // "time", or who asked for it
  std::uint64_t dropped = 0;
};
// Requests from there came too fast: so many were refused or got no answer since it was told last.
struct SourceHeldBack {
  std::string source;
  std::uint64_t count = 0;
};
struct BugFound {
  std::string call;
  std::string where;
};
// Something of a running call cannot be done as configured: no port, no file, no stream.
struct CallTroubled {
  std::string call;
  std::string why;
};
// A caller left a message.
struct MessageLeft {
  std::string mailbox;  // extension of its user, or name of a general one
  Message message;
};
// What became of a message; what is unset stays. Of a message that is gone: nothing.
struct MessageChanged {
  std::string mailbox;  // as in MessageLeft
  std::string box, id;  // as in Message
  std::string who;      // extension of who listens, or the token's name
  std::optional<bool> heard, saved;
  std::optional<std::string> handled_by;
  bool deleted = false;
};
// From now on the mailbox greets with this recording; an empty `file`: with the default.
struct GreetingSet {
  std::string mailbox;  // as in MessageLeft
  std::string box;
  std::string file;  // relative to the media folder
};
// A caller asked to be called back and hung up (S3.16).
struct CallBackWanted {
  std::string call;
  std::string group;
  std::string number;
  base::WallTime at{};
};
// A text was accepted; it waits until a phone of its user took it.
struct TextKept {
  Text text;
};
// It waits no longer: "delivered", "refused", "expired" or "no_user".
struct TextGone {
  std::string id;
  std::string to;  // the id of the user
  std::string why;
};
struct TrunkChanged {
  std::string trunk;
  bool up = false;
  std::string why;
};
// What a strategy remembers of one group changed (rotation, counts, idle times), or whom a user
// called last and who called him; hunt/ and call/ encode it.
struct MemoryChanged {
  std::string group_id;  // "user/101" for a user
  std::string memory;    // opaque text
};
struct FlagChanged {
  std::string flag;
  bool on = false;
};
// What an edit of the configuration is about. Ids and labels may be people's names and numbers.
struct ConfigChange {
  std::string kind;   // "group", "user", … "chain", "office file"
  std::string id;     // of the thing; empty for the whole
  std::string label;  // its name for people
  std::string verb;   // "added", "changed", "removed", "applied", "imported"
  bool operator==(const ConfigChange&) const = default;
};
// "group Sales changed"
[[nodiscard]] std::string sentence(const ConfigChange& change);
struct ConfigChanged {
  std::int64_t revision = 0;
  std::string who;
  ConfigChange change;
};

using Fact =
    std::variant<CallArrived, CallPlanned, AttemptDialled, AttemptRinging, AttemptEnded,
                 CallAnswered, CallTransferred, CallEnded, RegistrationAdded, RegistrationRemoved,
                 AuthFailed, MessageDropped, RequestRefused, BanAdded, BanLifted, SourceHeldBack,
                 BugFound, CallTroubled, MessageLeft, MessageChanged, GreetingSet, CallBackWanted,
                 TrunkChanged, MemoryChanged, FlagChanged, ConfigChanged, TextKept, TextGone>;

// True for facts that must survive kill -9: the shell journals them before the next packet leaves.
[[nodiscard]] bool is_durable(const Fact& fact);
[[nodiscard]] const char* word(AuthFailure reason);

}  // namespace facts
