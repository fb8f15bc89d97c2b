#pragma once
// What the API asks of the server, as values. app/ implements it; tests do it by hand. Every
// function may be called from several threads at once.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "foresight/health.h"
#include "model/edit.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "obs/log_ring.h"
#include "obs/sip_ring.h"
#include "store/deliveries.h"
#include "store/reader.h"
#include "store/store.h"
#include "store/things.h"

namespace api {

struct LiveLeg {
  std::string role, target, state, uri, sip_call_id;
};
struct LiveCall {
  facts::CallRecord record;  // so far, with the plan
  std::string state;
  std::vector<LiveLeg> legs;
  std::string queue{};  // id of the queue in whose line it stands
};

// An address of which nothing is read.
struct BannedSource {
  std::string id;      // "192.0.2.7", "2001:db8::"
  std::string source;  // "192.0.2.7", "2001:db8::/64"
  std::string reason;
  base::WallTime since{}, until{};
  std::uint64_t dropped = 0;
};

// Why something was not done; becomes a problem document (RFC 9457).
struct Refused {
  std::uint16_t status = 500;
  std::string detail;
  model::Findings findings;
};

struct Edited {
  std::int64_t revision = 0;  // of the whole office; the new ETag of the thing
  model::Findings warnings;
  std::vector<model::Change> changes;
};

struct EditOrder {
  model::Edit edit;
  std::string who;     // the account, the token's name, or "local"
  std::string source;  // the address it came from; empty: this machine
  facts::ConfigChange what;
  // The revision it was made from: of the thing that it puts or removes (0: must be new), or of the
  // whole office that it replaces. Unset: whatever is there. Compared while no other edit runs.
  std::optional<std::int64_t> expected;
  bool dry_run = false;
};

struct Ready {
  bool serving = false;  // false: starting or draining, 503
  std::string why;
  std::vector<std::string> degraded;
};

// What the office orders of calls. Users and calls by id.
struct CallFrom {  // click to call: rings the user's phones, then the number
  std::string user, number;
};
struct PickUp {  // rings the user's phones for a call that rings elsewhere
  std::string call, user;
};
struct SendOn {  // a transfer
  std::string call, number;
  bool callee = false;  // whom: who was called, else who called
};
using CallOrder = std::variant<CallFrom, PickUp, SendOn>;

struct ExplainQuestion {
  enum class Phones : std::uint8_t { Now, All, These };

  std::string number, from;
  std::optional<base::WallTime> at;  // absent: now
  Phones phones = Phones::Now;       // which are on
  std::vector<std::string> users;    // of These, by any of their names
  std::uint64_t seed = 1;
  std::optional<model::Group> group;  // as it is being written: in place of the saved one
};

// What was heard of a trunk last.
struct TrunkState {
  bool up = false;
  std::string why;  // a reason code
  base::WallTime since{};
};
struct TrunkProbe {
  std::uint16_t sip_status = 0;  // 0: no answer
  std::int64_t ms = 0;           // until the answer
  std::string text;              // for people
};

// Health in figures.
struct ShardState {
  bool answers = true;
  std::int64_t lag_ms = 0;
  std::uint64_t calls = 0, registrations = 0, transactions = 0;
};
struct SystemState {
  base::WallTime started{};
  std::string phase;  // "starting", "serving", "draining"
  store::StoreFigures store;
  std::vector<ShardState> shards;
  std::vector<std::string> listeners;  // "udp://127.0.0.1:5060"
  std::uint64_t disk_free_bytes = 0, disk_size_bytes = 0;
  std::uint64_t event_streams = 0, events_dropped = 0;
  bool self_signed = false;
  std::string certificate_subject;  // empty: there is none
  std::optional<base::WallTime> certificate_expires;
};

class Backend {
 public:
  Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;
  virtual ~Backend() = default;

  // Live state: asked of the signalling thread. Nothing when it does not answer in time (503).
  [[nodiscard]] virtual std::optional<std::vector<LiveCall>> calls() = 0;
  // One live call by its id; nothing also when there is none.
  [[nodiscard]] virtual std::optional<LiveCall> call(std::string_view id) = 0;
  [[nodiscard]] virtual std::optional<std::vector<facts::Binding>> registrations() = 0;
  [[nodiscard]] virtual base::Result<bool, Refused> hang_up(std::string_view call) = 0;
  // The SIP messages that are left of the call whose caller's leg has this Call-ID, the oldest
  // first; what nobody may read in them is taken out.
  [[nodiscard]] virtual std::vector<obs::SipCopy> messages_of(const std::string& sip_call_id) = 0;
  [[nodiscard]] virtual std::optional<std::vector<BannedSource>> bans() = 0;
  // False: it is not banned.
  [[nodiscard]] virtual base::Result<bool, Refused> lift_ban(const base::IpAddress& address,
                                                             const std::string& who) = 0;
  // The id of the call.
  [[nodiscard]] virtual base::Result<std::string, Refused> order(const CallOrder& order) = 0;
  // His phones that ring for that call are asked to answer; false: none rings.
  [[nodiscard]] virtual base::Result<bool, Refused> ask_to_answer(std::string_view call,
                                                                  const std::string& user_id) = 0;
  [[nodiscard]] virtual base::Result<facts::PlanStory, Refused> explain(
      const ExplainQuestion& question) = 0;
  // Who is registered and who talks, by the ids of users.
  [[nodiscard]] virtual std::optional<foresight::People> people() = 0;
  // Nothing: nothing was heard of it since the start.
  [[nodiscard]] virtual std::optional<TrunkState> trunk_state(const std::string& trunk_id) = 0;
  // Asks it for a sign of life; waits some seconds.
  [[nodiscard]] virtual TrunkProbe test_trunk(const model::Trunk& trunk) = 0;

  // Configuration.
  [[nodiscard]] virtual std::shared_ptr<const model::Snapshot> snapshot() = 0;
  [[nodiscard]] virtual base::Result<Edited, Refused> edit(const EditOrder& order) = 0;
  // Opens an `!encrypted` secret of this server; nothing if it is not ours.
  [[nodiscard]] virtual std::optional<std::string> open_secret(std::string_view sealed) = 0;
  [[nodiscard]] virtual std::string seal_secret(std::string_view plain) = 0;

  // Records, tokens. What the database does not answer is a refusal (503), never "there is none".
  [[nodiscard]] virtual base::Result<store::RecordPage, Refused> records(
      const store::RecordFilter& filter) = 0;
  [[nodiscard]] virtual base::Result<std::optional<facts::CallRecord>, Refused> record(
      const std::string& id) = 0;
  [[nodiscard]] virtual base::Result<std::optional<store::ApiToken>, Refused> token(
      std::string_view secret) = 0;
  [[nodiscard]] virtual base::Result<std::vector<store::ApiToken>, Refused> tokens() = 0;
  [[nodiscard]] virtual base::Result<std::vector<store::GroupFigures>, Refused> figures(
      base::WallTime from, base::WallTime until) = 0;
  // The WAV file of a call that was recorded, and of a sound; nothing when it is not there.
  [[nodiscard]] virtual std::optional<std::string> recording(const std::string& name) = 0;
  [[nodiscard]] virtual std::optional<std::string> sound(const std::string& file) = 0;
  // Stores what somebody uploaded as the sound with this id: the name of its file. 422 for what is
  // no sound.
  [[nodiscard]] virtual base::Result<std::string, Refused> keep_sound(const std::string& id,
                                                                      std::string_view bytes) = 0;
  // A WAV file of the text, spoken by the machine. `language`: en, pl or es. Waits some seconds.
  [[nodiscard]] virtual base::Result<std::string, Refused> speak(std::string_view text,
                                                                 std::string_view language) = 0;
  // The calendar file with this name; nothing when it is not there. And as a sound: keeps one.
  [[nodiscard]] virtual std::optional<std::string> calendar(const std::string& file) = 0;
  [[nodiscard]] virtual base::Result<std::string, Refused> keep_calendar(
      const std::string& id, std::string_view bytes) = 0;
  // What an administrator wrote in place of our pattern for phones of that kind.
  [[nodiscard]] virtual std::optional<std::string> phone_pattern(const std::string& phone) = 0;
  // The history of the configuration.
  [[nodiscard]] virtual base::Result<std::vector<store::Revision>, Refused> revisions(
      const store::RevisionFilter& filter) = 0;
  [[nodiscard]] virtual base::Result<std::vector<store::AuditEntry>, Refused> revision(
      std::int64_t revision) = 0;
  [[nodiscard]] virtual base::Result<std::vector<store::Thing>, Refused> things_at(
      std::int64_t revision) = 0;
  // Messages of the mailbox with this key (model::MailboxRef).
  [[nodiscard]] virtual base::Result<store::MessagePage, Refused> messages(
      const store::MessageFilter& filter) = 0;
  [[nodiscard]] virtual base::Result<std::optional<facts::Message>, Refused> message(
      const std::string& box, const std::string& id) = 0;
  // The WAV file of a message that was read; nothing when it is gone.
  [[nodiscard]] virtual base::Result<std::optional<std::string>, Refused> audio(
      const facts::Message& message) = 0;
  // True once it is stored; the file of a deleted message is removed then.
  [[nodiscard]] virtual base::Result<bool, Refused> change_message(
      const facts::MessageChanged& change) = 0;
  // The secret of a new token: shown once. Empty when it could not be stored.
  [[nodiscard]] virtual std::string create_token(const std::string& name,
                                                 const std::string& scopes) = 0;
  // False: there is none with that id.
  [[nodiscard]] virtual base::Result<bool, Refused> remove_token(const std::string& id) = 0;

  // Webhooks and action URLs.
  [[nodiscard]] virtual base::Result<std::vector<store::Delivery>, Refused> deliveries(
      const store::DeliveryFilter& filter) = 0;
  // Sends it once more, now; as it is then. Nothing: there is none with that id.
  [[nodiscard]] virtual base::Result<std::optional<store::Delivery>, Refused> resend(
      std::int64_t id) = 0;
  // Sends it an event of the type "test".
  virtual void test_webhook(const model::Webhook& webhook) = 0;

  // Health.
  [[nodiscard]] virtual Ready ready() = 0;
  [[nodiscard]] virtual SystemState system() = 0;
  [[nodiscard]] virtual std::string metrics() = 0;
  // "http://127.0.0.1:8080": where a browser on this machine finds us.
  [[nodiscard]] virtual std::string web_address() = 0;
  // The last lines of the log, the newest first.
  [[nodiscard]] virtual std::vector<obs::KeptLine> log_lines(const obs::LogQuestion& question) = 0;
  // A line of the log about who logs in.
  virtual void note(std::string_view event, const std::string& login,
                    const std::string& source) = 0;
  [[nodiscard]] virtual base::WallTime now() = 0;
  [[nodiscard]] virtual std::string version() = 0;
};

}  // namespace api
