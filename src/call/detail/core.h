#pragma once
// The inside of call::Engine: the parts that all calls share, and the way of a message from the
// bytes to its call. One turn: an input comes, what it changes is done, calls that were touched get
// their next wake-up, calls that are over go.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/rng.h"
#include "base/time.h"
#include "call/detail/call.h"
#include "call/detail/dialog_board.h"
#include "call/detail/dialog_info.h"
#include "call/detail/guard.h"
#include "call/detail/ids.h"
#include "call/detail/lamp_list.h"
#include "call/detail/last_calls.h"
#include "call/detail/mailboxes.h"
#include "call/detail/peer_names.h"
#include "call/detail/port_pool.h"
#include "call/detail/queue_desk.h"
#include "call/detail/side.h"
#include "call/detail/subscriptions.h"
#include "call/detail/texts.h"
#include "call/detail/transaction_layer.h"
#include "call/detail/trunk_agent.h"
#include "call/detail/wake_queue.h"
#include "call/engine.h"
#include "call/settings.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "facts/media.h"
#include "facts/text.h"
#include "hunt/memory.h"
#include "hunt/view.h"
#include "model/snapshot.h"
#include "model/state_change.h"
#include "registrar/registrar.h"
#include "sdp/audio.h"
#include "sip/digest.h"
#include "sip/header_values.h"
#include "sip/locate.h"
#include "sip/message.h"

namespace call {

// The Unsupported line of the 420 that this request must get; nothing if it requires only what we
// know (RFC 3261 8.2.2.3).
[[nodiscard]] std::optional<std::string> unsupported_line(const sip::Message& request);

class Core final {
 public:
  Core(Settings settings, base::Rng& rng, std::shared_ptr<const model::Snapshot> snapshot);
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;
  Core(Core&&) = delete;
  Core& operator=(Core&&) = delete;

  // ---- the engine's functions ----
  void listening(std::vector<base::Flow> listeners) { listeners_ = std::move(listeners); }
  void receive(const base::Flow& flow, std::string_view bytes);
  void receive_broken(const base::Flow& flow, std::string_view head);
  void time_reached();
  [[nodiscard]] std::optional<base::Instant> deadline() const;
  void transport_failed(const base::Flow& flow);
  void media_event(const facts::MediaEvent& event);
  void resolved(std::uint64_t token, const sip::Locations& places);
  void mailbox_opened(std::uint64_t token, std::optional<std::vector<facts::Message>> messages);
  void office_changed(std::uint64_t token, ChangeOutcome outcome);
  void mailboxes_counted(const std::map<std::string, facts::MailboxCounts>& counts);
  void reconfigure(std::shared_ptr<const model::Snapshot> snapshot);
  void restore(const facts::Binding& binding);  // guarding.cc
  void restore_text(facts::Text text) { texts_.restore(std::move(text)); }
  void restore_memory(const std::string& group_id, const std::string& memory);
  [[nodiscard]] bool hang_up(std::string_view call_id);
  [[nodiscard]] CallOrdered originate(const std::string& user_id, const std::string& number);
  [[nodiscard]] OrderOutcome pick_up(std::string_view call_id, const std::string& user_id);
  [[nodiscard]] OrderOutcome transfer(std::string_view call_id, const TransferOrder& order);
  [[nodiscard]] bool ask_to_answer(std::string_view call_id, const std::string& user_id);
  void drain();
  void end_all();
  void set_behind(bool behind) { behind_ = behind; }
  [[nodiscard]] bool lift_ban(const base::IpAddress& address, const std::string& who);
  [[nodiscard]] std::vector<LiveBan> bans() const;
  [[nodiscard]] std::vector<LiveCall> calls() const;
  [[nodiscard]] std::optional<LiveCall> call(std::string_view call_id) const;
  [[nodiscard]] std::vector<facts::Binding> bindings() const;
  [[nodiscard]] hunt::Presence presence() const;
  [[nodiscard]] Counters counters() const;
  [[nodiscard]] std::string describe() const;

  // A turn: `now` and `out` hold until the next one.
  void begin_turn(base::Now now, Actions& out) {
    now_ = now;
    out_ = &out;
  }
  void set_now(base::Now now) { now_ = now; }
  void end_turn();
  void forget_stale();

  [[nodiscard]] Call* parked_at(std::string_view place) const;
  // The side of ours that these names mean; null: there is none.
  [[nodiscard]] Side* side_named(const sip::Replaces& names) const;
  // Whether something rings for this pickup code, and he may not have it.
  [[nodiscard]] bool is_pickup_forbidden(const model::DialledCode& code,
                                         const model::User& user) const {
    return find_ringing(code, user).forbidden;
  }

  // ---- what calls and trunks ask for ----
  [[nodiscard]] const base::Now& now() const { return now_; }
  [[nodiscard]] Actions& out() { return *out_; }
  void media(facts::MediaCommand command) { out_->emplace_back(Media{std::move(command)}); }
  void tell(facts::Fact fact);
  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] base::Rng& rng() { return rng_; }
  [[nodiscard]] const Names& names() const { return names_; }
  [[nodiscard]] TransactionLayer& layer() { return layer_; }
  [[nodiscard]] const hunt::View& view() const { return view_; }
  [[nodiscard]] const std::shared_ptr<const model::Snapshot>& snapshot() const { return snapshot_; }
  [[nodiscard]] SlotTable<Side>& sides() { return sides_; }
  // Bindings of a user by phone, the most recently bound first (RFC 5626: one phone's are tried one
  // after another).
  [[nodiscard]] std::vector<std::vector<facts::Binding>> devices_of(
      const std::string& user_id) const;
  // True for the office's domain and for our own addresses.
  [[nodiscard]] bool is_ours(std::string_view host, const base::Flow& flow) const;
  [[nodiscard]] bool is_emergency(std::string_view number) const;

  // Sends bytes that belong to no transaction: ACK of a 2xx, stateless answers.
  void send(const base::Flow& flow, Bytes bytes);
  void send(const base::Flow& flow, std::string text) {
    send(flow, std::make_shared<const std::string>(std::move(text)));
  }
  // "SIP/2.0/UDP host:port;rport;branch=…"
  [[nodiscard]] std::string via(const base::Flow& flow, std::string_view branch) const;
  // "<sip:host:port>" as the peer of this flow reaches us; of a side whose dialog began with a SIPS
  // URI "<sips:…>" (12.1.1).
  [[nodiscard]] std::string contact(const base::Flow& flow, bool sips = false) const;
  [[nodiscard]] std::string contact(const Side& side) const;
  // The flow by which a new request to this URI leaves, or what must be looked up first; nothing:
  // there is no socket for that transport.
  struct Way {
    base::Flow flow;
    std::optional<sip::Wanted> look_up;
  };
  [[nodiscard]] std::optional<Way> way_to(std::string_view uri);
  // The host of a trunk: there is always room for its name.
  void expect_peer(std::string_view host) { peer_names_.add_trunk(host); }
  // The flows to the places that a look-up of this host found.
  [[nodiscard]] std::vector<base::Flow> ways_to(const sip::Locations& places,
                                                std::string_view host);
  // The same peer by TCP; nothing when we have no socket for that.
  [[nodiscard]] std::optional<base::Flow> tcp_instead_of(const base::Flow& flow) const;
  [[nodiscard]] std::string_view peer_name(base::PeerName name) const {
    return peer_names_.text_of(name);
  }
  // The same inside a dialog, with a peer that may be behind NAT.
  [[nodiscard]] base::Flow way_inside(const Side& side, std::string_view first_hop);
  // This machine's address as the peer of the flow reaches it.
  [[nodiscard]] base::IpAddress own_ip(const base::Flow& flow) const;
  // What our own end of an audio stream offers there.
  [[nodiscard]] sdp::Own own_audio(const base::Flow& flow) const;
  [[nodiscard]] PortPool& ports() { return ports_; }
  [[nodiscard]] QueueDesk& queues() { return queues_; }
  // What happened to the call outside its own events counts at the end of the turn.
  void touch(Call& call);
  [[nodiscard]] Call* find_call(const Id& id) const { return calls_.find(id); }
  // Streams and sounds are numbered once and for all, so that a late event cannot be mistaken.
  [[nodiscard]] facts::StreamId add_stream(const Side& side);
  void remove_stream(facts::StreamId stream) { streams_.erase(stream); }
  [[nodiscard]] facts::SoundId next_sound() { return facts::SoundId{++last_sound_}; }
  // Whose end comes back although the stream may be closed by then.
  [[nodiscard]] facts::SoundId add_recording(const Side& side);
  [[nodiscard]] Mailboxes& mailboxes() { return mailboxes_; }
  // Asks for the messages of a mailbox; the token of the answer.
  [[nodiscard]] std::uint64_t open_mailbox(const std::string& box, const Id& call);
  // Asks for a change of the configuration; the token of the answer.
  [[nodiscard]] std::uint64_t change_office(std::vector<model::StateChange> changes,
                                            std::string who, const Id& call);
  [[nodiscard]] const LastCalls& last_calls() const { return last_calls_; }
  // This user dialled that number; his phones ring for a call from there.
  void note_dialled(const std::string& user_id, const std::string& number);
  void note_called(const std::string& user_id, const std::string& number, bool hidden);
  [[nodiscard]] std::uint64_t look_up(const sip::Wanted& wanted, const Id& call);
  [[nodiscard]] std::uint64_t look_up_for_trunk(const sip::Wanted& wanted,
                                                const std::string& trunk_id);
  // ACK and BYE for a 2xx that nobody wants (sip.md 4.2), by what the response itself says.
  void end_success(const Incoming& response, StopReason reason, bool bye);

  // A user's answered or outgoing call began or ended (rule 12).
  void call_began(const std::string& user_id);
  void call_ended(const std::string& user_id, bool answered);
  void remember(const std::string& group_id, const hunt::MemoryChange& change);
  // 503 with Retry-After: this contact is not dialled for so long, at most a minute, unless it
  // registers meanwhile.
  void avoid(const std::string& user_id, const std::string& contact, base::Duration wait);
  [[nodiscard]] bool is_avoided(const std::string& user_id, const std::string& contact) const;
  [[nodiscard]] TrunkAgent* trunk(std::string_view trunk_id);
  [[nodiscard]] std::size_t calls_on(std::string_view trunk_id) const;
  // Why no further call to the telephone network may begin with this user's right (T5); empty: one
  // may, or it is nobody's.
  [[nodiscard]] std::string_view why_not_out(const std::string& user_id) const;
  void note_dialled_out(const std::string& user_id);
  // Something that cannot be by our own rules: the call goes on as well as it can, somebody is
  // told.
  void found_bug(const Call& call, std::string where);
  // A header line that marks a call that we sent on for this number, so that we know it again.
  [[nodiscard]] std::string loop_mark(std::string_view number) const;

 private:
  void tell_last_calls();
  struct UserState {
    std::uint32_t calls = 0;
    std::optional<base::WallTime> last_answered_ended;
  };
  class LiveView final : public hunt::View {
   public:
    explicit LiveView(const Core& core) : core_(core) {}
    [[nodiscard]] const model::Snapshot& current() const override { return *core_.snapshot_; }
    [[nodiscard]] hunt::UserPresence user(std::string_view user_id) const override;
    [[nodiscard]] hunt::Memory memory(std::string_view group_id) const override;

   private:
    const Core& core_;
  };
  struct LookUp {
    Id call;
    std::string trunk_id;  // when it is a trunk's own
  };

  // ---- ways.cc ----
  [[nodiscard]] const base::Flow* listener_for(base::Transport transport, bool is_v6) const;
  [[nodiscard]] std::optional<base::Flow> flow_to(const sip::Located& place, std::string_view host);

  // ---- configuring.cc ----
  void configure_trunks();
  void end_registrations(const model::Snapshot& old);

  // ---- core.cc ----
  // A call in its place, which nobody has begun yet.
  [[nodiscard]] std::pair<Id, Call*> add_call(Identity identity);
  // Null when there is none, or its record is out.
  [[nodiscard]] Call* live_call(std::string_view call_id) const;
  void on_client_event(const ClientEvent& event, const Incoming* response);

  // ---- dispatch.cc ----
  [[nodiscard]] bool kept_alive(const base::Flow& flow, std::string_view bytes);
  void on_response(const Incoming& in);
  void on_stray_response(const Incoming& in);
  void on_request(const Incoming& in);
  void on_new_request(const Incoming& in);
  void on_ack(const Incoming& in);
  void on_cancel(const Incoming& in);
  void on_inside(const Incoming& in);
  void on_options(const Incoming& in);
  [[nodiscard]] Side* side_of(const Incoming& in) const;
  [[nodiscard]] bool comes_from(const Side& side, const base::Flow& flow) const;
  [[nodiscard]] bool passes_checks(const Incoming& in);
  void refuse(const Incoming& in, std::uint16_t code, std::string_view why,
              std::string_view lines = {});
  void reject(const Incoming& in, sip::Reject why);

  // ---- admission.cc ----
  void on_invite(const Incoming& in);
  [[nodiscard]] std::optional<Identity> admit(const Incoming& in);
  [[nodiscard]] std::optional<Identity> admit_trunk(const Incoming& in);
  [[nodiscard]] std::optional<Identity> admit_trusted(const Incoming& in) const;
  [[nodiscard]] std::optional<Identity> admit_user(const Incoming& in);
  // The account that the credentials of this request prove, or nothing: then 401 has been sent.
  [[nodiscard]] std::optional<model::Account> authenticate(const Incoming& in);
  void challenge(const Incoming& in, bool stale);
  [[nodiscard]] bool is_loop(const Incoming& in) const;
  [[nodiscard]] bool is_merged(const Incoming& in) const;
  [[nodiscard]] std::uint64_t merge_key_of(const Incoming& in) const;

  // ---- guarding.cc ----
  // An address that is never banned: a trusted network, a trunk.
  [[nodiscard]] bool is_trusted(const base::Flow& flow) const;
  [[nodiscard]] bool is_banned(const base::Flow& flow, std::string_view bytes);
  [[nodiscard]] bool keeps_pace(const Incoming& in);
  [[nodiscard]] bool is_scanner(const Incoming& in);
  // Wrong, or not looked at: counted where the sender's address cannot be a forged one.
  void note_failure(const Incoming& in, const std::string& username, facts::AuthFailure reason);
  void tell_ban(const Ban& ban);
  void end_bans();
  void forget_changed_accounts(const model::Snapshot& old);
  // Limits of messages that were lowered hold for requests. Sends the refusal itself.
  [[nodiscard]] bool is_within_limits(const Incoming& in, std::size_t size);
  // Whether one more call may begin. Sends the refusal itself.
  [[nodiscard]] bool has_room(const Incoming& in, const Identity& identity,
                              const std::string& number);
  // We are behind with our work: nothing new that can wait. Sends the refusal itself.
  [[nodiscard]] bool is_put_off(const Incoming& in);
  void restore_out_today(const std::string& user_id, const std::string& text);
  [[nodiscard]] std::int64_t local_day() const;
  [[nodiscard]] std::string retry_after(std::uint32_t least, std::uint32_t most);
  // Who began the call in this slot; nobody: it is over.
  struct CallOrigin {
    base::IpAddress source{};
    std::string user_id;
    bool operator==(const CallOrigin&) const = default;
  };
  void note_origin(std::uint32_t slot, const CallOrigin& origin);

  // ---- pickup.cc ----
  struct Found {
    Call* call = nullptr;
    bool forbidden = false;  // one rings that he may not have
  };
  [[nodiscard]] std::optional<model::DialledCode> pickup_code(const std::string& number) const;
  [[nodiscard]] Found find_ringing(const model::DialledCode& code, const model::User& user) const;
  [[nodiscard]] bool pick_up_by_code(const Incoming& in, const Identity& identity,
                                     const std::string& number);
  void join_by_invite(const Incoming& in, const Identity& identity, Call& call, Side* old);
  void on_replaces(const Incoming& in, const Identity& identity);
  void decline(const Incoming& in, std::uint16_t code, std::string_view why,
               std::string_view lines = {});

  // ---- registration.cc ----
  void on_register(const Incoming& in);

  // ---- texts.cc ----
  void on_message(const Incoming& in);

  // ---- watching.cc: lamps of calls and switches ----
  [[nodiscard]] std::string resource_named(const std::string& number) const;
  [[nodiscard]] std::string resource_of_code(const model::DialledCode& code) const;
  [[nodiscard]] bool is_switched_on(std::string_view resource, const model::User& watcher) const;
  [[nodiscard]] DialogLines lines_of(std::string_view resource, const std::string& watcher) const;
  [[nodiscard]] std::string presence_for(const Subscription& subscription) const;
  [[nodiscard]] std::string document_for(Subscription& subscription);
  [[nodiscard]] bool is_watched() const;
  void begin_watching();
  void show(const Call& call);
  void tell_watchers();
  [[nodiscard]] bool comes_too_soon(Subscription& subscription);
  void told(Subscription& subscription);
  void notify_paced();
  void touch_switches();
  void look_at_flags();

  // ---- lamp_list.cc ----
  [[nodiscard]] bool wants_list(const sip::Message& message, const std::string& resource) const;
  [[nodiscard]] std::vector<ListItem> items_of(const std::string& resource) const;
  [[nodiscard]] std::optional<ListDocument> list_for(Subscription& subscription);
  void reconfigure_list(Subscription& subscription);

  // ---- lamps.cc ----
  void on_subscribe(const Incoming& in);
  [[nodiscard]] bool on_inside_subscription(const Incoming& in);
  [[nodiscard]] bool may_watch(const model::User& user, const std::string& wanted) const;
  [[nodiscard]] std::string mailbox_code() const;
  [[nodiscard]] std::optional<std::uint32_t> lasting(const Incoming& in);
  void renew(Subscription& subscription, const Incoming& in, const Id& server,
             std::uint32_t seconds);
  void answer_subscribe(const Subscription& subscription, const Incoming& in, const Id& server,
                        std::uint16_t code, std::string_view lines);
  [[nodiscard]] facts::MailboxCounts waiting_for(const std::string& user_id) const;
  [[nodiscard]] std::string summary_for(const std::string& user_id) const;
  void notify(Subscription& subscription);
  void end_subscription(Subscription& subscription, std::string_view reason);
  [[nodiscard]] bool send_notify(Subscription& subscription, std::string_view state,
                                 const Owner& owner);
  void on_notify_event(const ClientEvent& event, const sip::Message* response);
  void notify_phone(const facts::Binding& binding);
  void change_lamp(const std::string& user_id);
  void tell_lamps();
  void light_fresh_phones(const std::vector<facts::Binding>& fresh);
  void reconfigure_lamps(const model::Snapshot& old);

  // Given to us.
  base::Rng& rng_;
  std::shared_ptr<const model::Snapshot> snapshot_;

  // Owned.
  Settings settings_;
  Counters counters_;
  Names names_;
  TransactionLayer layer_;
  sip::DigestServer digest_;
  Guard guard_;
  registrar::Registrar registrar_;
  std::map<std::string, TrunkAgent, std::less<>> trunks_;
  std::vector<std::unique_ptr<Call>> owned_;  // by slot of calls_
  SlotTable<Call> calls_;
  std::vector<CallOrigin> origins_;  // by the same slot
  std::map<base::IpAddress, std::uint32_t> calls_of_source_;
  std::map<std::string, std::uint32_t, std::less<>> calls_of_user_;
  SlotTable<Side> sides_;
  WakeQueue wakes_;
  std::vector<Id> touched_;
  std::map<std::uint64_t, Id> merging_;  // INVITEs that wait for their final answer (8.2.2.2)
  std::map<std::string, UserState, std::less<>> users_;
  // Calls to the telephone network in a local day (since 1970), by user.
  struct DayCount {
    std::int64_t day = 0;
    std::uint32_t count = 0;
  };
  std::map<std::string, DayCount, std::less<>> out_today_;
  std::map<std::string, hunt::Memory, std::less<>> memory_;
  // By user id and contact.
  std::map<std::pair<std::string, std::string>, base::Instant> avoided_;
  std::map<std::uint64_t, LookUp> look_ups_;
  Mailboxes mailboxes_;
  Subscriptions subscriptions_;
  std::set<std::string> changed_lamps_;   // ids of users who are to be told
  DialogBoard board_;                     // kept while somebody watches
  std::map<std::string, bool> flags_;     // by id: on
  std::map<std::uint64_t, Id> opening_;   // mailboxes -> call
  std::map<std::uint64_t, Id> changing_;  // the configuration -> call
  LastCalls last_calls_;
  PortPool ports_;
  QueueDesk queues_{*this};
  Texts texts_{*this};
  std::map<facts::StreamId, Id> streams_;    // -> side
  std::map<facts::SoundId, Id> recordings_;  // -> side
  std::vector<std::string> freed_users_;
  std::vector<std::string> fresh_devices_;
  LiveView view_;

  // Plain state.
  std::vector<base::Flow> listeners_;
  PeerNames peer_names_;
  std::optional<base::Instant> flags_at_;  // when one may change by itself
  bool flags_known_ = false;
  std::optional<base::Instant> lamps_at_;  // when they are
  base::Now now_{};
  Actions* out_ = nullptr;
  std::optional<base::Instant> last_calls_at_;  // when they are told
  std::uint64_t next_look_up_ = 0, next_opening_ = 0, next_change_ = 0;
  std::uint64_t last_stream_ = 0, last_sound_ = 0;
  bool draining_ = false;
  bool behind_ = false;  // with the work
};

}  // namespace call
