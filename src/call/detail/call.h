#pragma once
// One call: the caller's leg, the hunts that run for it one after another, their legs, and at most
// one callee who is joined. One id from INVITE to BYE, over every finally and forward (rule 15).
//
// Everything happens inside a turn of the engine: Core hands an event in, the call acts, and when
// the turn is over Core asks for its deadline and whether it is over.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "call/detail/anchor.h"
#include "call/detail/call_parts.h"
#include "call/detail/callee_leg.h"
#include "call/detail/code_work.h"
#include "call/detail/dialog_board.h"
#include "call/detail/dialog_info.h"
#include "call/detail/ids.h"
#include "call/detail/orders.h"
#include "call/detail/reason.h"
#include "call/detail/reliable_provisional.h"
#include "call/detail/side.h"
#include "call/detail/transaction_layer.h"
#include "call/engine.h"
#include "facts/call_record.h"
#include "facts/mailbox.h"
#include "facts/media.h"
#include "hunt/hunt.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "sdp/audio.h"
#include "service/mailbox_listen.h"
#include "service/prompt_record.h"
#include "service/prompts.h"
#include "service/queue_line.h"
#include "service/service.h"
#include "service/waiting.h"
#include "sip/message.h"
#include "sip/writer.h"

namespace call {

class Core;

class Call final {
 public:
  Call(Core& core, std::shared_ptr<const model::Snapshot> snapshot, Identity identity);
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  // ---- events; see Core for who calls when ----
  void arrive(const Incoming& invite, const Id& id, const Id& server, std::uint64_t merge_key);
  // The CANCEL of an INVITE that came on this side: stops what it started. Its 200 goes out next,
  // then finish_cancel sends the 487 (9.2).
  void on_cancel(Side& side, const Incoming& cancel);
  void finish_cancel(Side& side);
  // True if that is of interest here. REQUIRES: a connection, not None.
  [[nodiscard]] bool on_connection_lost(base::ConnectionId connection);
  void on_ack(Side& side, const Incoming& ack);
  // A request inside a dialog, with its new server transaction.
  void on_request(Side& side, const Incoming& in, const Id& server);
  void on_client_event(Side& side, const ClientEvent& event, const sip::Message* response,
                       const base::Flow* flow);
  // A 2xx to our INVITE whose transaction is gone, or a repetition of one.
  void on_repeated_success(Side& side, const Incoming& in);
  void on_media(Side& side, const facts::MediaEvent& event);
  void on_mailbox_opened(std::uint64_t token, std::optional<std::vector<facts::Message>> messages);
  void on_office_changed(std::uint64_t token, ChangeOutcome outcome);
  void on_time();
  void on_resolved(std::uint64_t token, const sip::Locations& places);
  void on_reconfigured();
  void on_user_free(const std::string& user_id);
  void on_device_registered(const std::string& user_id);
  // The administrator, or the end of the process.
  void end_by_server();
  // End of the turn: frees what is no longer needed.
  void settle();

  // ---- questions ----
  [[nodiscard]] std::optional<base::Instant> deadline() const;
  [[nodiscard]] bool is_over() const;
  // Its record is out: what is left of it only waits for late messages.
  [[nodiscard]] bool is_told() const { return record_told_; }
  [[nodiscard]] bool is_hunting() const { return state_ == State::Hunting; }
  [[nodiscard]] LiveCall live() const;
  [[nodiscard]] const Id& id() const { return id_; }
  [[nodiscard]] const std::string& name() const { return record_.id; }
  [[nodiscard]] std::uint64_t merge_key() const { return merge_key_; }
  // ---- pickup (pickup.cc) ----
  [[nodiscard]] bool rings() const;  // somebody could still take it
  // At this user, group or queue ("user/101").
  [[nodiscard]] bool rings_at(std::string_view resource) const;
  // In a group or queue of his, or at somebody with whom he shares a group (`*8`).
  [[nodiscard]] bool rings_near(const model::User& user) const;
  [[nodiscard]] bool may_be_picked_up_by(const model::User& user) const;
  [[nodiscard]] std::optional<InviteRefusal> refuses_to_join(const sip::Message& invite) const;
  // REQUIRES: it rings, and refuses_to_join() said nothing.
  void pick_up(const Incoming& invite, const Id& server, const Identity& picker);
  [[nodiscard]] base::Instant arrived() const { return arrived_; }
  // True if this is the answered dialog of that user, and another phone of his may take it.
  [[nodiscard]] bool may_be_taken_over(const Side& side, const std::string& user_id);
  // REQUIRES: may_be_taken_over(), and refuses_to_join() said nothing.
  void take_over(Side& side, const Incoming& invite, const Id& server, const Identity& who);
  [[nodiscard]] bool is_parked_at(std::string_view place) const;
  // What lamps show of it now.
  [[nodiscard]] std::vector<ShownDialog> shown() const;
  [[nodiscard]] bool uses_trunk(std::string_view trunk_id) const;
  [[nodiscard]] std::size_t dialled_out_by(std::string_view user_id) const;
  // Id of the trunk at the other end of this side; empty for phones.
  [[nodiscard]] const std::string& trunk_of(const Side& side) const;
  void describe(std::string& out) const;

  // ---- for QueueDesk ----
  [[nodiscard]] const std::optional<QueuePlace>& queue_place() const { return queue_place_; }
  [[nodiscard]] const std::string& caller_user() const { return identity_.user_id; }
  void stands_in(const std::string& queue_id, service::CallerId caller);
  void offer(const std::string& agent);
  void withdraw(const std::string& agent, service::WithdrawReason why);
  void moved_in_line(const service::Waiting::Place& place);
  void sent_away(service::SentAwayReason why);
  [[nodiscard]] bool ask_to_answer(const std::string& user_id);  // his phones that ring
  std::optional<base::Instant> armed;  // Core's: the earliest wake that was ordered

 private:
  friend class Orders;  // what the office orders
  friend class Paging;  // one speaks, many listen
  using Machine = std::unique_ptr<service::Service>;
  enum class State : std::uint8_t { Arrived, Hunting, Serving, Talking, Ending };

  // ---- call.cc ----
  [[nodiscard]] bool read_invite(const Incoming& invite);
  void on_service_time(Side& side);
  void give_up_joining();

  // ---- call_route.cc ----
  void route();
  void take(model::Route route);
  void continue_after(const model::Step& step, model::EndClass end);
  void go_to(const model::Destination& destination);
  void not_served(const model::Serve& service);
  void refuse(const model::Refuse& refusal);
  [[nodiscard]] facts::Outcome outcome_of_end() const;
  static facts::Outcome outcome_of_refusal(const model::Refuse& refusal);
  void note_first_group(const model::Step& step);
  void note_final_destination(const model::Step& step);
  [[nodiscard]] std::string destination_name(const model::Step& step) const;
  [[nodiscard]] const std::string& called() const;
  [[nodiscard]] const model::Group* group_of(const HuntRun& run) const;
  [[nodiscard]] std::string extension_of(const std::string& user_id) const;

  // ---- call_hunt.cc ----
  void start_hunt(const model::Step& step, const std::string& offered_to = {});
  [[nodiscard]] std::unique_ptr<HuntRun> run_for(const model::Step& step) const;
  void begin(HuntRun& run);
  void tell_plan(const HuntRun& run);
  void feed(HuntRun& run, hunt::Event event);
  void feed_all(const hunt::Event& event);
  void drain_events();
  void carry_out(HuntRun& run, hunt::Actions& actions);
  [[nodiscard]] LiveAttempt* attempt_of(const HuntRun& run, hunt::AttemptId id) const;
  [[nodiscard]] facts::Attempt* entry_of(const HuntRun& run, hunt::AttemptId id);
  void note_attempt(HuntRun& run, const hunt::Note& note);
  void hunt_ended(HuntRun& run, const hunt::End& end);
  void take_story(HuntRun& run);
  void forget_ack(Side& side);
  void prune(HuntRun& run);

  // ---- call_dial.cc ----
  void dial(HuntRun& run, hunt::Dial dial);
  void add_devices(LiveAttempt& attempt);
  // One list a device: the first is dialled, the others stand behind it (RFC 5626).
  using Devices = std::vector<std::vector<Candidate>>;
  [[nodiscard]] Devices phones_of(const std::string& user_id);
  [[nodiscard]] std::vector<Candidate> trunks_of(const std::string& number,
                                                 const std::vector<std::string>& trunk_ids,
                                                 const std::string& by);
  [[nodiscard]] std::vector<Candidate> uri_of(const std::string& uri);
  void fork(LiveAttempt& attempt, Devices devices);
  void start_leg(LiveAttempt& attempt, Candidate candidate, std::vector<Candidate> alternates);
  void follow_redirect(CalleeLeg& leg, const sip::Message& response);
  [[nodiscard]] std::vector<Candidate> redirect_targets(const CalleeLeg& leg,
                                                        const sip::Message& response);
  void next_candidate(LiveAttempt& attempt);
  void close_attempt(LiveAttempt& attempt, std::uint16_t code);
  void stop_attempt(LiveAttempt& attempt, StopReason reason);

  // ---- callee_leg.cc ----
  void send_invite(CalleeLeg& leg);
  [[nodiscard]] std::string invite_text(CalleeLeg& leg, const std::string& via);
  void on_invite_response(CalleeLeg& leg, const Incoming& in);
  void on_provisional(CalleeLeg& leg, const Incoming& in);
  void on_success(CalleeLeg& leg, const Incoming& in);
  void on_failure(CalleeLeg& leg, const Incoming& in);
  [[nodiscard]] bool try_again(CalleeLeg& leg, const Incoming& in);
  void on_no_response(CalleeLeg& leg, ClientEvent::What what);
  void stop_leg(CalleeLeg& leg, StopReason reason);
  void send_cancel(CalleeLeg& leg);
  void leg_failed(CalleeLeg& leg, std::uint16_t status);
  void leg_over(CalleeLeg& leg, std::uint16_t status);
  void hang_up_leg(CalleeLeg& leg, StopReason reason);
  void reject_offer_and_acknowledge(CalleeLeg& leg);
  void note_status(CalleeLeg& leg, std::uint16_t status, bool ended);
  void heard(CalleeLeg& leg);
  [[nodiscard]] static std::string description_of(CalleeLeg& leg, const sip::Message& success);
  [[nodiscard]] EarlyDialog* early_of(CalleeLeg& leg, std::string_view tag);
  void prack(CalleeLeg& leg, EarlyDialog& early, const Incoming& in);
  void on_leg_time(CalleeLeg& leg);
  void start_timer_c(CalleeLeg& leg);
  [[nodiscard]] std::optional<base::Instant> leg_deadline(const CalleeLeg& leg) const;

  // ---- callee_headers.cc ----
  [[nodiscard]] std::string from_of(const CalleeLeg& leg) const;
  [[nodiscard]] std::string to_of(const CalleeLeg& leg) const;
  void add_member_headers(const CalleeLeg& leg, sip::Writer& writer) const;
  void add_trunk_headers(const CalleeLeg& leg, sip::Writer& writer) const;
  void add_diversion(const CalleeLeg& leg, sip::Writer& writer) const;
  [[nodiscard]] std::string name_addr(std::string_view name, std::string_view user) const;
  [[nodiscard]] std::string trunk_number(const CalleeLeg& leg) const;

  // ---- caller_leg.cc ----
  void tell_caller_ringing();
  void tell_caller_again();
  void pass_early_media(CalleeLeg& leg, const sip::Message& response);
  void send_provisional(std::uint16_t code, const std::string& sdp);
  void open_early_media();
  void end_with_code(std::uint16_t code, std::uint16_t q850);
  void send_final(std::uint16_t code, std::string_view lines);
  void caller_gone(bool elsewhere, facts::EndedBy who, std::uint16_t code);
  void on_prack(const Incoming& in, const Id& server);
  void on_caller_time();
  void give_up_unacknowledged();

  // ---- caller_answer.cc ----
  void connect(HuntRun& run, hunt::AttemptId id);
  [[nodiscard]] std::optional<std::string> answer_sdp();
  [[nodiscard]] std::optional<std::string> own_answer_to_caller();
  [[nodiscard]] bool send_ok(const std::string& sdp);
  void answer_for_service();
  void connect_declined(CalleeLeg& leg);
  void join(CalleeLeg& leg);
  void answer_caller();
  void tell_answered();
  void note_unheard(facts::AttemptResult result);
  void repeat_ok(Side& side);

  // ---- session.cc: inside the dialogs ----
  void side_is_lost(Side& side, StopReason reason, std::uint16_t q850);
  [[nodiscard]] Side* other(const Side& side);
  [[nodiscard]] bool passes_checks(const Incoming& in, const Id& server);
  void on_bye(Side& side, const Incoming& in, const Id& server);
  void on_reinvite(Side& side, const Incoming& in, const Id& server);
  void on_update(Side& side, const Incoming& in, const Id& server);
  void relay(Side& from, Side& to, const Incoming& in, const Id& server);
  void on_relay_event(std::size_t index, const ClientEvent& event, const sip::Message* response);
  [[nodiscard]] bool is_negotiating(const Side& side) const;
  void relay_success(Relay& done, const sip::Message& response);
  void relay_failure(const Relay& done, std::uint16_t code, const sip::Message* response);
  void on_own_event(Side& side, const ClientEvent& event, const sip::Message* response);
  void end_talk(facts::EndedBy who, StopReason reason, std::uint16_t q850);
  void end_served(facts::EndedBy who, StopReason reason, std::uint16_t q850);
  void end_session(Side& side, StopReason reason);
  // His first INVITE has no final response yet; one inside the dialog is another matter.
  [[nodiscard]] bool caller_waits() const;
  void drop_unheard_winner();
  void on_bye_of_no_winner(CalleeLeg& leg, const Incoming& in);
  void acknowledge_without_answer(Side& side);
  void refuse_open(Side& side, std::uint16_t code);
  void say_bye(Side& side, StopReason reason);
  void refresh(Side& side);
  void offer_again(Side& side, const std::string& sdp);
  void cancel_relay(Side& from);
  void own_request(Side& side, sip::Method method, std::string_view sdp);
  void on_session_time(Side& side);
  void start_session(Side& side);
  void reply(const Id& server, const Incoming& in, std::uint16_t code, std::string_view lines = {});
  [[nodiscard]] std::string sdp_for(Side& side, std::string_view description);
  void send_ack(Side& side, std::string_view answer);

  // ---- anchor.cc: audio that ends here ----
  [[nodiscard]] bool can_anchor() const;
  [[nodiscard]] bool wants_anchor(const CalleeLeg& leg) const;
  [[nodiscard]] bool open_anchor(Side& side);
  void order_codecs(sdp::Own& own) const;
  void close_anchor(Side& side);
  [[nodiscard]] std::string own_offer(Side& side);
  [[nodiscard]] std::string own_answer(Side& side, std::string_view offer);
  [[nodiscard]] bool take_answer(Side& side, std::string_view answer);
  void tell_media(const Side& side);
  void join_anchors();
  void play_music(const Anchor& anchor);
  void on_silence(Side& side);
  [[nodiscard]] static bool is_on_hold(const Side& side);
  void move_anchor(Side& side, const std::string& why);
  void tell_moved(Side& side);
  void on_digit(Side& side, char digit, KeyWay way);

  // ---- inside.cc: requests of a side whose audio ends here ----
  void answer_reinvite(Side& side, const Incoming& in, const Id& server);
  void answer_update(Side& side, const Incoming& in, const Id& server);
  [[nodiscard]] Bytes ok_inside(Side& side, const Incoming& in, const std::string& sdp);
  void sound_changed(const Side& side);
  void on_info(Side& side, const Incoming& in, const Id& server);
  [[nodiscard]] bool wants_recording() const;
  void start_recording();
  void anchor_winner();

  // ---- serve.cc ----
  void carry_out(Side& side, service::Actions& actions);
  void speak(Side& side, Machine machine);
  void drop_service(Side& side);
  void play(Side& side, service::Play play);
  void record(Side& side, service::Record record);
  void tell_message(service::MessageLeft left);
  [[nodiscard]] std::string new_file(std::string_view folder) const;
  void leave_machine();
  void leave_service(const model::Destination& to);
  void end_by_service(Side& side, service::Cause cause);
  void start_service(const model::Serve& wanted);
  [[nodiscard]] Machine service_for(const model::Serve& wanted);
  [[nodiscard]] Machine mailbox_for(const std::string& name, const service::Voice& voice) const;
  [[nodiscard]] Machine menu_for(const std::string& name, const service::Voice& voice) const;
  [[nodiscard]] facts::Outcome outcome_of_service(const model::Serve& wanted) const;
  [[nodiscard]] facts::Sound sound_named(const std::string& name) const;
  [[nodiscard]] service::Sounds hold_of(const std::string& sound) const;
  void start_waiting(const model::Step& step);
  [[nodiscard]] bool wait_by_rule(const model::RunRule& run,
                                  service::Waiting::Settings& settings) const;
  [[nodiscard]] CalleeLeg* answered_leg(const HuntRun& run, hunt::AttemptId id);
  void ask(HuntRun& run, const hunt::AskConfirmation& question);
  void on_confirmed(const Side& side, service::Confirmation result);
  void tell_too_late(HuntRun& run, const hunt::TellTooLate& late);
  void answered_leg_is_gone(CalleeLeg& leg);

  // ---- queueing.cc ----
  void start_queue(const model::Serve& wanted);
  void offer_ended(HuntRun& run, model::EndClass end);
  void go_on_from_line();
  void leave_queue();
  void taken_from_line(const std::string& agent);
  void queue_talk_over();
  [[nodiscard]] const model::Queue* queue_of_place() const;

  // ---- listen.cc: a mailbox by phone ----
  [[nodiscard]] Machine listen_for(const std::string& code, const service::Voice& voice);
  void open_mailbox(const service::OpenMailbox& wanted);
  void change_message(const service::ChangeMessage& change);
  void set_greeting(const service::SetGreeting& set);
  void call_back(const std::string& number);

  // ---- small_services.cc ----
  [[nodiscard]] Machine small_service(const std::string& code, const service::Voice& voice);
  [[nodiscard]] Machine prompt_record_for(const service::Voice& voice);
  void check_pin(const service::CheckPin& keyed);
  void keep_prompt(service::KeepPrompt keep);

  // ---- transfer.cc ----
  [[nodiscard]] const std::string& user_at(const Side& side) const;
  void on_refer(Side& side, const Incoming& in, const Id& server);
  [[nodiscard]] bool may_refer(const Side& side);
  [[nodiscard]] bool is_busy_for_refer(const Side& side);
  void accept_refer(Side& side, const Incoming& in, const Id& server);
  void begin_transfer(Side& side, std::string event);
  void change_places();
  [[nodiscard]] Identity identity_of(const CalleeLeg& leg) const;
  void send_on_to(const std::string& number, const model::User& by);
  void park_there(const model::DialledCode& code, const model::User& by);
  void send_on(model::Route route);
  [[nodiscard]] bool hold_for_transfer();
  void tell_transferor(std::uint16_t code, bool last);
  void transfer_done();
  void let_transferor_go();
  void transferor_gone();
  [[nodiscard]] bool is_transferor(const Side& side) const;
  void give_back(std::uint16_t code);
  void transfer_ended(const model::Step& step, model::EndClass end);

  // ---- parking.cc ----
  [[nodiscard]] bool park(const std::string& place);
  void on_park_time();
  [[nodiscard]] int judge_keys(std::string_view keys, std::string_view& name,
                               std::string& argument) const;
  void on_key_in_talk(Side& side, char key);
  [[nodiscard]] bool completes_a_code(const Side& side, char key) const;
  [[nodiscard]] std::string park_code() const;

  // ---- attended.cc ----
  void refer_to_call(Side& side, const Incoming& in, const Id& server, const std::string& replaces);
  [[nodiscard]] bool can_be_joined_talking(const Side& side);
  [[nodiscard]] bool can_be_joined_ringing(const Side& side) const;
  void join_with(Call& second, Side& consultation);
  [[nodiscard]] std::unique_ptr<CalleeLeg> give_winner();
  void move_into(Call& second);
  void replace_caller(Side& side, const Identity& identity);
  void play_while_waiting(Side& side, service::Sounds sounds);
  void wait_for_consultation();
  void begin_consultation();
  [[nodiscard]] bool is_consulting() const;
  void join_consultation();
  void end_consultation();
  void drop_consulted();

  // ---- pickup.cc ----
  void begin_side(Side& side, const Incoming& invite, const Id& server);
  [[nodiscard]] bool accept_side(Side& side, const Incoming& invite);
  void note_picked_up(const Identity& picker);

  // ---- watching.cc: what lamps show ----
  void show_remote(DialogLine& line) const;
  void show_caller(std::vector<ShownDialog>& out) const;
  void show_leg(const CalleeLeg& leg, std::vector<ShownDialog>& out) const;

  // ---- codes.cc: feature codes ----
  [[nodiscard]] Machine code_for(const model::Serve& wanted, const service::Voice& voice);
  [[nodiscard]] Machine entry_for(bool hot_desk, const std::string& dialled,
                                  const service::Voice& voice);
  [[nodiscard]] CodeWork leave_desk(const service::Voice& voice) const;
  [[nodiscard]] CodeWork sit_down(const std::string& number, const std::string& pin,
                                  const service::Voice& voice);
  [[nodiscard]] CodeWork nobody_remembered(const std::string& code,
                                           const service::Voice& voice) const;
  [[nodiscard]] CodeWork nothing_to_pick_up(const model::DialledCode& code, const model::User& user,
                                            const service::Voice& voice) const;
  void change_office(const CodeWork& work);
  void on_keyed(const service::Keyed& keyed);

  // ---- call_record.cc ----
  [[nodiscard]] const char* state_word() const;
  [[nodiscard]] facts::CallRecord record_so_far() const;
  // A person took it once: that stays, also when it is transferred to nobody.
  void note_outcome(facts::Outcome outcome);
  void end_record(facts::EndedBy who, std::uint16_t code, std::uint16_t q850);
  void set_ending();

  // Given to us.
  Core& core_;
  std::shared_ptr<const model::Snapshot> snapshot_;

  // Owned.
  Identity identity_;
  CallerLeg caller_;
  std::vector<std::unique_ptr<HuntRun>> runs_;
  std::vector<std::unique_ptr<LiveAttempt>> attempts_;
  std::vector<std::unique_ptr<CalleeLeg>> legs_;
  std::vector<Relay> relays_;
  std::vector<std::pair<HuntRun*, hunt::Event>> events_;  // for the hunts, first come first
  facts::CallRecord record_;
  model::Query query_;
  std::optional<QueuePlace> queue_place_;     // while he stands in a line
  std::optional<model::EndClass> sent_away_;  // from the line, this turn
  std::optional<QueueTalk> queue_talk_;       // while he talks with an agent of one
  std::optional<model::Step> queue_step_;     // that led to the line: what comes after it
  std::optional<Parked> parked_;
  std::optional<Transfer> transfer_;  // while somebody sends the other side on
  std::optional<Originated> originated_;
  std::string called_;  // the number that it is for by now; empty: as dialled

  // Plain state.
  Id id_;
  State state_ = State::Arrived;
  CalleeLeg* winner_ = nullptr;  // the single cell that everything that can win sets once
  base::Instant arrived_{};
  std::optional<base::Instant> answered_at_;
  std::optional<model::EndClass> end_class_;
  Listening listening_;
  service::PromptRecord* prompting_ = nullptr;  // the caller's service, while he records a prompt
  CodeTalk code_;
  std::uint64_t seed_ = 0;
  std::uint64_t merge_key_ = 0;
  std::size_t steps_ = 0, branches_ = 0, services_left_ = 0;
  bool feeding_ = false;
  bool pages_ = false;        // somebody answered the page that the caller speaks to
  bool cannot_join_ = false;  // somebody answered, and the caller cannot be given a 200
  bool redirected_ = false;
  bool record_told_ = false;
  bool places_changed_ = false;     // the caller's side is whom he called
  bool counts_as_in_call_ = false;  // the caller's own user
  std::string callee_in_call_;      // id of the user who answered, while he talks
};

}  // namespace call
