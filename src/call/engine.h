#pragma once
// The whole of Harrier's signalling as one pure machine: packets, time and changes go in, actions
// come out. The server, the simulator, the property tests and the fuzzers all drive this class.
//
// The caller's one rule: after every function that takes `out`, carry out the actions in their
// order before the next call. A durable fact (facts::is_durable) that stands before a Send must be
// in the journal before that packet leaves.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/rng.h"
#include "base/time.h"
#include "call/settings.h"
#include "call/traffic.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "facts/media.h"
#include "hunt/view.h"
#include "model/snapshot.h"
#include "model/state_change.h"
#include "sip/locate.h"

namespace call {

// Retransmissions share one copy of the bytes.
using Bytes = std::shared_ptr<const std::string>;

// ---- actions -------------------------------------------------------------------------------
// Sends one message. A stream transport with ConnectionId::None means: use the open connection to
// this peer, else open one; if that fails, transport_failed(flow) comes back.
struct Send {
  base::Flow flow;
  Bytes bytes;
};
struct Tell {
  facts::Fact fact;
};
// Asks DNS where the requests for a URI go (RFC 3263, sip/locate.h); resolved(token, …) comes back,
// empty if there is no answer.
struct Resolve {
  std::uint64_t token = 0;
  sip::Wanted wanted;
};
struct CloseConnection {
  base::ConnectionId connection{};
};
// For the media side, in order; what comes of it comes back by media_event().
struct Media {
  facts::MediaCommand command;
};
// Somebody listens by phone; mailbox_opened(token, …) comes back.
struct OpenMailbox {
  std::uint64_t token = 0;
  std::string box;  // model::MailboxRef::key()
};
// Somebody changes the configuration from his phone; office_changed(token, …) comes back, after
// reconfigure() when it was done.
struct ChangeOffice {
  std::uint64_t token = 0;
  std::vector<model::StateChange> changes;  // all or none
  std::string who;                          // for the audit: "phone 101"
};
// The leg with this Call-ID belongs to the call whose caller's leg has that one.
struct LegBegan {
  std::string leg, caller;
};
using Action =
    std::variant<Send, Tell, Resolve, CloseConnection, Media, OpenMailbox, ChangeOffice, LegBegan>;
using Actions = std::vector<Action>;

// What came of a ChangeOffice: it is stored and holds, the configuration cannot be so, or it could
// not be stored.
enum class ChangeOutcome : std::uint8_t { Done, Refused, Failed };

// ---- what the engine shows of itself -------------------------------------------------------
struct LiveLeg {
  std::string role;    // "caller" or "callee"
  std::string target;  // whom; empty for the caller
  std::string state;   // "trying", "ringing", "answered", "ended"
  std::string uri;     // the remote target
  std::string sip_call_id;
};
struct LiveCall {
  facts::CallRecord record;  // so far, with the plan
  std::string state;         // "arrived", "hunting", "serving", "talking", "ending"
  std::string queue;         // id of the queue in whose line it stands
  std::vector<LiveLeg> legs;
};

// A banned address; until its time is over nothing of it is read.
struct LiveBan {
  std::string source;  // "192.0.2.7", "2001:db8::/64"
  std::string reason;
  base::WallTime since{}, until{};
  std::uint64_t dropped = 0;
};

// Totals since the start; the shell reads them when it is scraped.
struct Counters {
  Traffic traffic{};
  std::uint64_t retransmissions_in = 0, retransmissions_out = 0, parse_errors = 0;
  std::uint64_t calls = 0, bugs = 0;
  // Now. A call is kept for late messages some time after it ended; then it is not active any more.
  std::uint64_t transactions = 0, calls_active = 0, calls_kept = 0, bindings = 0;
  // Messages thrown away, requests refused for their pace or because we were behind.
  std::uint64_t banned = 0, held_back = 0, put_off = 0;
  std::uint64_t bans = 0;   // now
  std::uint64_t ports = 0;  // pairs for RTP that are taken now
};

// ---- orders of the office: what no phone asks for ------------------------------------------
enum class OrderOutcome : std::uint8_t {
  Done,
  NoSuchCall,    // or it is over
  NoSuchUser,    // or he is disabled
  NoSuchNumber,  // it leads nowhere
  NotPermitted,  // he may not dial that, or it is his own call
  NoPhone,       // none of his is registered
  RingsThere,    // his phone rings for this call already
  DoesNotRing,   // nobody is waited for: somebody has the caller
  NobodyTalks,   // nobody has answered yet
  Busy,          // something is being agreed on; a moment later it can be
  NoMedia,       // audio cannot end here
  TooMany        // calls; or no new ones are taken
};
struct CallOrdered {
  OrderOutcome outcome = OrderOutcome::Done;
  std::string call_id;  // when it is done
};
struct TransferOrder {
  enum class Who : std::uint8_t { Caller, Callee };
  std::string number;     // where to, as if it were dialled
  Who who = Who::Caller;  // is sent on; the other one leaves when somebody else is there
};

class Engine final {
 public:
  // `rng` outlives the engine and must be unpredictable in a server: tags, branches and nonces come
  // from it.
  Engine(Settings settings, base::Rng& rng, std::shared_ptr<const model::Snapshot> snapshot);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // The listening sockets, in the order of sip.listen, once their ports are known.
  void listening(std::vector<base::Flow> listeners);

  // ---- inputs ----
  // One datagram or one framed message of a stream.
  void receive(const base::Flow& flow, std::string_view bytes, base::Now now, Actions& out);
  // A stream broke at this message, of which the header fields are shown (or nothing): it is
  // refused where it can be, never served. The shell closes the connection.
  void receive_broken(const base::Flow& flow, std::string_view head, base::Now now, Actions& out);
  void time_reached(base::Now now, Actions& out);
  // The earliest moment at which time_reached has something to do.
  [[nodiscard]] std::optional<base::Instant> deadline() const;
  // Nothing can be sent there: ICMP, refused or broken connection.
  void transport_failed(const base::Flow& flow, base::Now now, Actions& out);
  // What the media side heard, finished or could not do. Of a stream that was closed meanwhile: no
  // harm.
  void media_event(const facts::MediaEvent& event, base::Now now, Actions& out);
  // The first place is to be tried first.
  void resolved(std::uint64_t token, const sip::Locations& places, base::Now now, Actions& out);
  // What is in a mailbox, with all that was told before it was asked for; nothing when it cannot be
  // read now.
  void mailbox_opened(std::uint64_t token, std::optional<std::vector<facts::Message>> messages,
                      base::Now now, Actions& out);
  void office_changed(std::uint64_t token, ChangeOutcome outcome, base::Now now, Actions& out);
  // How many messages wait in mailboxes where that may have changed, by model::MailboxRef::key().
  void mailboxes_counted(const std::map<std::string, facts::MailboxCounts>& counts, base::Now now,
                         Actions& out);
  // A new configuration. Running calls keep theirs, but members who left stop ringing (rule 10).
  void reconfigure(std::shared_ptr<const model::Snapshot> snapshot, base::Now now, Actions& out);
  // At the start, before the first packet.
  void restore(const facts::Binding& binding, base::Now now);
  // What facts::MemoryChanged told last under this key.
  void restore_memory(const std::string& group_id, const std::string& memory);
  void restore_greeting(const std::string& box, const std::string& file);
  // What facts::TextKept told, and no facts::TextGone: in the order in which they were told.
  void restore_text(facts::Text text);
  // Ends a call as the administrator. False if there is no such call.
  [[nodiscard]] bool hang_up(std::string_view call_id, base::Now now, Actions& out);
  // Ends the ban of this address, and forgets what led to it. False if there is none.
  [[nodiscard]] bool lift_ban(const base::IpAddress& address, const std::string& who, base::Now now,
                              Actions& out);
  // The shell cannot keep up: until it says otherwise new calls, subscriptions and first
  // registrations get 503 with Retry-After; what runs is served.
  void set_behind(bool behind);
  // Click to call: rings the user's phones, then dials `number` with his rights for who lifted one.
  [[nodiscard]] CallOrdered originate(const std::string& user_id, const std::string& number,
                                      base::Now now, Actions& out);
  // Rings the user's phones for a call that still rings elsewhere; the first answer has it.
  [[nodiscard]] OrderOutcome pick_up(std::string_view call_id, const std::string& user_id,
                                     base::Now now, Actions& out);
  // Sends one of two who talk on; when nobody answers there, they talk again.
  [[nodiscard]] OrderOutcome transfer(std::string_view call_id, const TransferOrder& order,
                                      base::Now now, Actions& out);
  // Asks the phones of this user that ring for the call to lift themselves (NOTIFY, Event: talk).
  // False: none does.
  [[nodiscard]] bool ask_to_answer(std::string_view call_id, const std::string& user_id,
                                   base::Now now, Actions& out);
  // No new calls (503 with Retry-After) from now on.
  void drain(base::Now now, Actions& out);
  // Ends all that is left, politely.
  void end_all(base::Now now, Actions& out);

  // ---- questions ----
  [[nodiscard]] std::vector<LiveCall> calls(base::Now now) const;
  [[nodiscard]] std::optional<LiveCall> call(std::string_view call_id, base::Now now) const;
  [[nodiscard]] std::vector<facts::Binding> bindings() const;
  [[nodiscard]] std::vector<LiveBan> bans() const;
  // What explain needs to know of the world at this moment, as a value.
  [[nodiscard]] hunt::Presence presence(base::Now now) const;
  [[nodiscard]] Counters counters() const;
  // The name or address that a TLS peer must prove; "" for None. Numbers of flows that this engine
  // made.
  [[nodiscard]] std::string_view peer_name(base::PeerName name) const;
  // One line a transaction, leg and call: for the debug page and for tests.
  [[nodiscard]] std::string describe(base::Now now) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace call
