#pragma once
// All running transactions of the engine (RFC 3261 section 17, RFC 6026): the tables of
// sip/transaction_tables.h with bytes, flows, matching and timers around them.
//
// Client transactions are found by the slot in their branch, server transactions by a keyed hash of
// what strangers chose (17.2.3; RFC 2543 peers without the magic cookie too). What happened to a
// client transaction comes back as a value that names its owner; the layer calls nobody.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/hash_table.h"
#include "base/rng.h"
#include "base/time.h"
#include "call/detail/ids.h"
#include "call/detail/wake_queue.h"
#include "call/engine.h"
#include "call/settings.h"
#include "sip/message.h"
#include "sip/transaction.h"

namespace call {

// A message that came, with the way it came by.
struct Incoming {
  const sip::Message& message;
  const base::Flow& flow;
};

struct Owner {
  enum class Kind : std::uint8_t { Nobody, Side, Trunk, Subscription, Text };
  Kind kind = Kind::Nobody;
  Id id;
};

struct ClientEvent {
  enum class What : std::uint8_t { Response, Timeout, Transport };
  Owner owner;
  Id client;
  What what = What::Response;
};

class TransactionLayer final {
 public:
  TransactionLayer(const Settings& settings, const Names& names, base::Rng& rng,
                   Counters& counters);

  // ---- client ----
  // A name for a transaction that is to begin; its branch goes into the request.
  [[nodiscard]] Id reserve();
  [[nodiscard]] std::string branch_of(const Id& id) const;
  struct Request {
    base::Flow flow;
    Bytes bytes;
    bool invite = false;
    Owner owner;
    // INVITE: how long it may ring by the plan; it is not given up before.
    base::Instant rings_until{};
  };
  // Sends the request. REQUIRES: `id` is from reserve().
  void begin(const Id& id, Request request, base::Now now, Actions& out);
  // Sends a CANCEL of that INVITE, with its branch and by its way (9.1).
  void begin_cancel(const Id& invite, Bytes bytes, base::Now now, Actions& out);
  // Gives a reserved name back unused.
  void release(const Id& id);
  // Nobody is told about it any more.
  void disown(const Id& id);
  // Ends it without waiting: what comes later is a stray.
  void abandon(const Id& id);
  // True while a response to this client INVITE can still tell its owner something; the repetitions
  // of a failure are answered here.
  [[nodiscard]] bool hears_more(const Id& id) const;
  // When time will next change this client transaction; nothing if only a response can.
  [[nodiscard]] std::optional<base::Instant> deadline_of(const Id& id) const;

  // A response. Nothing: absorbed, or no such transaction (then `stray` is set).
  [[nodiscard]] std::optional<ClientEvent> on_response(const Incoming& in, base::Now now,
                                                       bool& stray, Actions& out);

  // ---- server ----
  // A request that belongs to a running server transaction: absorbed, the last response repeated.
  // For the ACK of a failure too. False: it is new.
  [[nodiscard]] bool absorb(const Incoming& in, base::Now now, Actions& out);
  // A new server transaction, or nothing when there are too many.
  [[nodiscard]] std::optional<Id> accept(const Incoming& in, base::Now now);
  // The INVITE transaction that a CANCEL means: same branch, sent-by and source (9.2, T8).
  [[nodiscard]] std::optional<Id> cancelled_by(const Incoming& cancel) const;
  // Sends a response; nothing happens if the transaction is gone or has its final answer. A 2xx to
  // an INVITE is repeated by the caller through send_again.
  void respond(const Id& id, std::uint16_t code, Bytes bytes, base::Now now, Actions& out);
  void send_again(const Id& id, const Bytes& bytes, Actions& out);
  // Whose it is: found again by a CANCEL.
  void own(const Id& id, const Owner& owner);
  [[nodiscard]] Owner owner_of(const Id& id) const;

  // ---- time and transport ----
  [[nodiscard]] std::optional<base::Instant> deadline() const { return wakes_.next(); }
  // Fires what is due; call again until it returns nothing.
  [[nodiscard]] std::optional<ClientEvent> time_reached(base::Now now, Actions& out);
  // Client transactions that wait for an answer from there, oldest slot first.
  [[nodiscard]] std::vector<ClientEvent> transport_failed(const base::Flow& flow, base::Now now);
  // Takes moments off the front that nothing waits for any more: nobody is woken for them.
  void forget_stale();

  [[nodiscard]] std::size_t size() const { return live_; }
  void describe(base::Instant now, std::string& out) const;

 private:
  struct Running {
    Running(sip::Kind kind, bool reliable, const sip::TimerValues& values, base::Instant now)
        : machine(kind, reliable, values, now) {}
    sip::Transaction machine;
    Id id;
    base::Flow flow;
    Bytes last;  // client: the request; server: the last response
    Bytes ack;   // client: the ACK of a failure
    Id cancel;   // INVITE client: the transaction of its CANCEL; has the same branch
    bool cancelled = false;
    Owner owner;
    std::string key;  // server; eight bytes
    std::optional<base::Instant> armed;
    // INVITE client that heard a provisional and nothing more: whoever asked has long cancelled it
    // (its time or timer C), or asked inside a dialog and would wait for ever.
    std::optional<base::Instant> given_up_at;
    base::Instant rings_until{};
  };
  // Entries of clients and servers share the slots.
  [[nodiscard]] Running* find(const Id& id) const;
  Running& place(const Id& id, std::unique_ptr<Running> running);
  void act(Running& running, std::uint16_t acts, Actions& out);
  void settle(Running& running);
  void remove(Running& running);
  [[nodiscard]] std::string key_of(const sip::Message& message, bool as_invite) const;
  [[nodiscard]] Running* server_of(std::string_view key) const;
  [[nodiscard]] static std::optional<base::Instant> due(const Running& running);

  // Given to us.
  const Names& names_;
  base::Rng& rng_;
  Counters& counters_;

  // Owned.
  std::size_t most_;
  base::HashTable<Id> servers_;
  sip::TimerValues values_;
  base::Duration patience_;  // timer C, a CANCEL without an answer, and a little
  std::vector<std::unique_ptr<Running>> slots_;
  std::vector<std::uint64_t> randoms_;  // of reserved and running slots
  std::vector<std::uint32_t> free_;
  WakeQueue wakes_;
  std::size_t live_ = 0;
};

}  // namespace call
