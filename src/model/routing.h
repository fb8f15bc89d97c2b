#pragma once
// Where a call goes: the dialled string, who calls and the moment in, one typed step out, with a
// line for every decision on the way (for `explain` and the record).
//
// Covers "A direct call to a user" of docs/hunting.md (forwards, do-not-disturb, chain, rules,
// devices), flags and schedules, groups, chains with the T suffix, numbers, trunks with
// permissions. Pure: the same question gives the same answer.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "model/office.h"
#include "model/snapshot.h"

namespace model {

// The same fields as facts::Decision.
struct Decision {
  std::string what, because, setting;
  bool operator==(const Decision&) const = default;
};

// Who calls. Trunk and Trusted may dial what is inside: also extensions and service numbers, which
// a carrier may deliver (rows S2.7 and S4.16); only a user with the permission may dial out; a
// Stranger may dial nothing (403).
enum class CallerKind : std::uint8_t { User, Trunk, Trusted, Stranger };

struct Query {
  std::string dialled;  // the user part of the Request-URI, as it came, unescaped
  CallerKind caller = CallerKind::Stranger;
  std::string user_id;  // of the caller, when User
  std::string number;   // the caller's number or extension, for `callers` patterns
  base::WallTime at{};
  bool no_fork = false;  // Request-Disposition: no-fork from an own phone (S4.16)
  // The number is one of harrier.yaml's `emergency`: an own user needs no right to dial out.
  bool emergency = false;
  // Whom this user called last, and who called him last; empty: nobody, or it is not known here.
  std::string last_dialled, last_caller;
  // States of flags that differ from the snapshot, by name.
  std::map<std::string, bool, std::less<>> flags;
  // Where this call has been already ("group:<id>", "user:<id>"): coming there again by a
  // destination is a loop (482). Put Route::visited of the last step here.
  std::vector<std::string> visited;
};

// The class of an end without an answer (rule 8).
enum class EndClass : std::uint8_t { NoAnswer, Busy, Declined, Unreachable };

struct RingGroup {
  std::string group_id;
  bool operator==(const RingGroup&) const = default;
};
struct RingChain {
  std::string row_id;          // begin here
  std::string user_id;         // whose own number was dialled; empty by a service number
  std::string service_number;  // as dialled, or empty
  bool operator==(const RingChain&) const = default;
};
struct RingUser {  // all devices of a user
  std::string user_id;
  base::Duration ring_for{30'000};
  bool alone = false;  // the T suffix: no forward and no mailbox afterwards
  bool operator==(const RingUser&) const = default;
};
struct RunRule {  // a user's hunting rule
  std::string user_id;
  std::size_t rule = 0;  // index into User::rules
  bool operator==(const RunRule&) const = default;
};
struct DialOut {  // through the first of these trunks that takes it
  std::string number;
  std::vector<std::string> trunk_ids;
  std::string on_behalf_of;  // user id whose right it is; empty: the office's
  bool operator==(const DialOut&) const = default;
};
struct DialUri {
  std::string uri;
  bool operator==(const DialUri&) const = default;
};
struct Serve {  // a service answers: mailbox, menu, queue, announcement, feature code
  DestinationKind kind = DestinationKind::None;  // None: a feature code
  std::string name;
  std::string argument{};  // what was dialled behind a feature code
  bool operator==(const Serve&) const = default;
};
// False: the caller gets 480, and the record names the service.
[[nodiscard]] bool is_built(const Serve& service);
struct Refuse {
  std::uint16_t sip_code = 404;
  std::uint16_t q850 = 1;
  std::string why;  // a reason code: "unknown_number", "loop", "not_permitted", …
  bool operator==(const Refuse&) const = default;
};
using Step = std::variant<Refuse, RingGroup, RingChain, RingUser, RunRule, DialOut, DialUri, Serve>;

struct Route {
  Step step;
  std::vector<Decision> decisions;
  bool redirected = false;    // a flag, schedule or forward sent it away before anybody was dialled
  bool hides_number = false;  // the caller is anonymous in this call (`*67`)
  std::string dialled;        // the number that the caller's wish means; empty for a feature code
  std::vector<std::string> visited;
  bool operator==(const Route&) const = default;
};

// Routes a new call. Unknown number: Refuse 404 with Q.850 1.
[[nodiscard]] Route route(const Snapshot& snapshot, const Query& query);

// Where a destination of the configuration leads (`finally`, a flag, a number, a forward).
// `owner`: the user with whose rights an external number is dialled; null: the office's own.
[[nodiscard]] Route route_to(const Snapshot& snapshot, const Query& query,
                             const Destination& destination, const User* owner);

// After the hunt of a step ended without an answer: the next step, or Refuse with the code of rule
// 8 for the class. Steps that have nothing after them (DialOut, DialUri) give the code. A `finally`
// {busy: true} is 486 with 17, {hangup: true} 480 with 19… the class's own Q.850 value.
[[nodiscard]] Route after(const Snapshot& snapshot, const Query& query, const Step& step,
                          EndClass end);

// Rule 8: no_answer 480 with 19, busy 486 with 17, declined 486 with 21, unreachable 480 with 20.
[[nodiscard]] Refuse code_of(EndClass end);
[[nodiscard]] const char* word(EndClass end);

// The entry of `finally` for a class: `any`, the class's own, else no_answer's; kind None when the
// class's code is to be sent.
[[nodiscard]] Destination chosen(const Finally& finally, EndClass end);

// True when flag `name` is on: Query::flags, else switched on by hand, else its schedule is open.
[[nodiscard]] bool flag_is_on(const Snapshot& snapshot, const Query& query, std::string_view name);

// `callers` patterns: exact, `*` (any letters), `?` (one), and the words internal and external.
[[nodiscard]] bool caller_matches(const Snapshot& snapshot, const Query& query,
                                  std::string_view pattern);

}  // namespace model
