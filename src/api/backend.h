#pragma once
// What the API asks of the server, as values. app/ implements it; tests do it by hand. Every
// function may be called from several threads at once.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "model/edit.h"
#include "model/findings.h"
#include "model/snapshot.h"
#include "store/reader.h"
#include "store/things.h"

namespace api {

struct LiveLeg {
  std::string role, target, state, uri, sip_call_id;
};
struct LiveCall {
  facts::CallRecord record;  // so far, with the plan
  std::string state;
  std::vector<LiveLeg> legs;
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
  std::string who;  // the token's name, or "local"
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

struct ExplainQuestion {
  std::string number, from;
  std::optional<base::WallTime> at;  // absent: now
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
  [[nodiscard]] virtual base::Result<facts::PlanStory, Refused> explain(
      const ExplainQuestion& question) = 0;

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

  // Health.
  [[nodiscard]] virtual Ready ready() = 0;
  [[nodiscard]] virtual std::string metrics() = 0;
  [[nodiscard]] virtual base::WallTime now() = 0;
  [[nodiscard]] virtual std::string version() = 0;
};

}  // namespace api
