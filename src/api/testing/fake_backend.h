#pragma once
// A backend of plain values for the tests of the API: an office that edits change, records in a
// list, two tokens.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "api/backend.h"
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
#include "model/thing.h"
#include "model/validate.h"
#include "obs/log_ring.h"
#include "obs/sip_ring.h"
#include "store/reader.h"
#include "store/things.h"

namespace api::testing {

class FakeBackend final : public Backend {
 public:
  explicit FakeBackend(model::Office office) : office_(std::move(office)) {
    model::give_ids(office_);
    for (model::Thing& thing : model::things_of(office_)) {
      model::set_identity(thing, model::id_of(thing), latest);
      office_ = model::apply(std::move(office_), model::PutThing{std::move(thing)});
    }
  }

  // ---- what a test sets and sees ----
  std::int64_t latest = 41;
  std::optional<std::vector<LiveCall>> live = std::vector<LiveCall>{};
  std::vector<facts::CallRecord> ended;
  std::optional<Refused> refuse_edits;
  std::optional<Refused> refuse_reads;  // of the database
  std::vector<EditOrder> orders;        // what edit() was asked
  std::vector<CallOrder> call_orders;   // what order() was asked
  std::optional<Refused> refuse_orders;
  store::RecordFilter asked{};       // the last question for records
  std::vector<facts::Message> left;  // by callers
  store::MessageFilter asked_messages{};
  std::vector<facts::MessageChanged> message_changes;
  std::string kept_of;  // Call-ID of the call of which messages are left
  std::vector<obs::SipCopy> kept;
  std::vector<BannedSource> banned;
  obs::LogRing log;
  std::string lifted_by;
  int token_questions = 0;
  int lists_of_calls = 0;
  ExplainQuestion question;  // the last one
  base::WallTime time{1'772'366'400'000};
  Ready readiness{true, "", {}};
  std::vector<store::Revision> history;
  std::vector<store::AuditEntry> audit;
  std::vector<std::string> notes;
  std::vector<std::string> asked_to_answer;
  std::vector<std::string> tested;  // webhooks

  // ---- Backend ----
  std::optional<std::vector<LiveCall>> calls() override {
    ++lists_of_calls;
    return live;
  }
  std::optional<LiveCall> call(std::string_view id) override {
    if (!live.has_value()) return {};
    const auto found =
        std::ranges::find_if(*live, [&](const auto& l) { return l.record.id == id; });
    return found == live->end() ? std::optional<LiveCall>{} : *found;
  }
  std::optional<std::vector<facts::Binding>> registrations() override {
    if (!live.has_value()) return {};
    return std::vector<facts::Binding>{};
  }
  base::Result<bool, Refused> ask_to_answer(std::string_view call,
                                            const std::string& user_id) override {
    asked_to_answer.push_back(std::string{call} + " " + user_id);
    return true;
  }
  base::Result<bool, Refused> hang_up(std::string_view call) override {
    if (!live.has_value()) return base::Unexpected{Refused{503, "slow", {}}};
    return std::ranges::any_of(*live, [&](const LiveCall& l) { return l.record.id == call; });
  }
  std::vector<obs::SipCopy> messages_of(const std::string& sip_call_id) override {
    return sip_call_id == kept_of ? kept : std::vector<obs::SipCopy>{};
  }
  std::vector<obs::KeptLine> log_lines(const obs::LogQuestion& wanted) override {
    return log.find(wanted);
  }
  std::optional<std::vector<BannedSource>> bans() override {
    if (!live.has_value()) return {};
    return banned;
  }
  base::Result<bool, Refused> lift_ban(const base::IpAddress& address,
                                       const std::string& who) override {
    if (!live.has_value()) return base::Unexpected{Refused{503, "slow", {}}};
    lifted_by = who;
    return std::erase_if(
               banned, [&](const BannedSource& ban) { return ban.id == address.to_string(); }) > 0;
  }
  base::Result<std::string, Refused> order(const CallOrder& wanted) override {
    call_orders.push_back(wanted);
    if (refuse_orders.has_value()) return base::Unexpected{*refuse_orders};
    return std::string{"ordered"};
  }
  base::Result<facts::PlanStory, Refused> explain(const ExplainQuestion& q) override {
    question = q;
    facts::PlanStory story;
    story.number = q.number;
    story.from = q.from;
    return story;
  }
  std::shared_ptr<const model::Snapshot> snapshot() override {
    model::BuildOptions options;
    options.revision = latest;
    return model::Snapshot::build(office_, std::move(options));
  }
  base::Result<Edited, Refused> edit(const EditOrder& order) override {
    orders.push_back(order);
    if (refuse_edits.has_value()) return base::Unexpected{*refuse_edits};
    model::Office after = model::apply(office_, order.edit);
    model::Findings findings = model::validate(after);
    if (const auto* put = std::get_if<model::PutThing>(&order.edit))
      model::relate_to(findings, after, model::kind_of(put->thing), model::id_of(put->thing));
    if (model::has_errors(findings))
      return base::Unexpected{Refused{422, "it cannot work", std::move(findings)}};
    Edited edited;
    edited.changes = model::changes_between(office_, after);
    edited.warnings = std::move(findings);
    edited.revision = latest;
    if (order.dry_run) return edited;
    edited.revision = ++latest;
    if (const auto* put = std::get_if<model::PutThing>(&order.edit)) {
      model::Thing fresh = put->thing;
      model::set_identity(fresh, model::id_of(fresh), latest);
      after = model::apply(std::move(after), model::PutThing{std::move(fresh)});
    }
    office_ = std::move(after);
    return edited;
  }
  std::optional<std::string> open_secret(std::string_view sealed) override {
    if (!sealed.starts_with("sealed:")) return {};
    return std::string{sealed.substr(7)};
  }
  std::string seal_secret(std::string_view plain) override {
    return "sealed:" + std::string{plain};
  }
  base::Result<store::RecordPage, Refused> records(const store::RecordFilter& filter) override {
    asked = filter;
    if (refuse_reads.has_value()) return base::Unexpected{*refuse_reads};
    if (filter.sort == "colour")
      return base::Unexpected{Refused{400, "sort: colour is no field", {}}};
    return store::RecordPage{ended, ended.empty() ? "" : "next-page"};
  }
  base::Result<std::optional<facts::CallRecord>, Refused> record(const std::string& id) override {
    if (refuse_reads.has_value()) return base::Unexpected{*refuse_reads};
    const auto found = std::ranges::find(ended, id, &facts::CallRecord::id);
    return found == ended.end() ? std::optional<facts::CallRecord>{} : *found;
  }
  base::Result<std::optional<store::ApiToken>, Refused> token(std::string_view secret) override {
    ++token_questions;
    if (refuse_reads.has_value()) return base::Unexpected{*refuse_reads};
    std::optional<store::ApiToken> found;
    if (secret == "admin-token") found = store::ApiToken{"1", "crm", "h1", "admin", {}};
    if (secret == "read-token") found = store::ApiToken{"2", "wall board", "h2", "read", {}};
    return found;
  }
  base::Result<std::vector<store::ApiToken>, Refused> tokens() override {
    if (refuse_reads.has_value()) return base::Unexpected{*refuse_reads};
    return std::vector<store::ApiToken>{{"1", "crm", "h1", "admin", {}},
                                        {"2", "wall board", "h2", "read", {}}};
  }
  base::Result<store::MessagePage, Refused> messages(const store::MessageFilter& filter) override {
    asked_messages = filter;
    if (refuse_reads.has_value()) return base::Unexpected{*refuse_reads};
    return store::MessagePage{left, left.empty() ? "" : "next-page"};
  }
  base::Result<std::optional<facts::Message>, Refused> message(const std::string& box,
                                                               const std::string& id) override {
    if (refuse_reads.has_value()) return base::Unexpected{*refuse_reads};
    const auto found = std::ranges::find_if(
        left, [&](const facts::Message& m) { return m.id == id && m.box == box; });
    return found == left.end() ? std::optional<facts::Message>{} : *found;
  }
  base::Result<std::optional<std::string>, Refused> audio(const facts::Message& message) override {
    if (message.length_ms == 0) return std::optional<std::string>{};
    return std::optional<std::string>{"RIFF of " + message.file};
  }
  base::Result<bool, Refused> change_message(const facts::MessageChanged& change) override {
    message_changes.push_back(change);
    if (refuse_edits.has_value()) return base::Unexpected{*refuse_edits};
    return true;
  }
  std::string create_token(const std::string& name, const std::string& scopes) override {
    return name == "no room" ? std::string{} : "secret-of-" + name + "-" + scopes;
  }
  base::Result<bool, Refused> remove_token(const std::string& id) override {
    if (refuse_reads.has_value()) return base::Unexpected{*refuse_reads};
    return id == "1" || id == "2";
  }
  std::optional<foresight::People> people() override {
    if (!live.has_value()) return {};
    return foresight::People{};
  }
  std::optional<TrunkState> trunk_state(const std::string&) override { return {}; }
  TrunkProbe test_trunk(const model::Trunk&) override { return {200, 12, "it answers 200"}; }
  base::Result<std::vector<store::GroupFigures>, Refused> figures(base::WallTime,
                                                                  base::WallTime) override {
    return std::vector<store::GroupFigures>{{"Sales", "answered", 3, 4'000, 60'000}};
  }
  std::optional<std::string> recording(const std::string& name) override {
    return "RIFF of " + name;
  }
  std::optional<std::string> sound(const std::string& file) override { return "RIFF of " + file; }
  base::Result<std::string, Refused> keep_sound(const std::string& id,
                                                std::string_view bytes) override {
    if (!bytes.starts_with("RIFF")) return base::Unexpected{Refused{422, "no sound", {}}};
    return "sounds/" + id + ".wav";
  }
  base::Result<std::string, Refused> speak(std::string_view text,
                                           std::string_view language) override {
    return "RIFF " + std::string{language} + ": " + std::string{text};
  }
  std::optional<std::string> phone_pattern(const std::string&) override { return {}; }
  std::optional<std::string> calendar(const std::string& file) override {
    return "BEGIN of " + file;
  }
  base::Result<std::string, Refused> keep_calendar(const std::string& id,
                                                   std::string_view) override {
    return "calendars/" + id + ".ics";
  }
  base::Result<std::vector<store::Revision>, Refused> revisions(
      const store::RevisionFilter&) override {
    return history;
  }
  base::Result<std::vector<store::AuditEntry>, Refused> revision(std::int64_t number) override {
    std::vector<store::AuditEntry> found;
    for (const store::AuditEntry& entry : audit)
      if (entry.revision == number) found.push_back(entry);
    return found;
  }
  base::Result<std::vector<store::Thing>, Refused> things_at(std::int64_t) override {
    return std::vector<store::Thing>{};
  }
  base::Result<std::vector<store::Delivery>, Refused> deliveries(
      const store::DeliveryFilter&) override {
    return std::vector<store::Delivery>{{.id = 7, .webhook = "crm", .type = "call.ended"}};
  }
  base::Result<std::optional<store::Delivery>, Refused> resend(std::int64_t id) override {
    if (id != 7) return std::optional<store::Delivery>{};
    return std::optional<store::Delivery>{store::Delivery{.id = id}};
  }
  void test_webhook(const model::Webhook& webhook) override { tested.push_back(webhook.id); }
  SystemState system() override {
    SystemState state;
    state.phase = "serving";
    return state;
  }
  std::string web_address() override { return "http://127.0.0.1:8080"; }
  void note(std::string_view event, const std::string& login, const std::string&) override {
    notes.push_back(std::string{event} + " " + login);
  }
  Ready ready() override { return readiness; }
  std::string metrics() override { return "harrier_up 1\n"; }
  base::WallTime now() override { return time; }
  std::string version() override { return "0.1.0"; }

  [[nodiscard]] const model::Office& office() const { return office_; }

 private:
  model::Office office_;
};

}  // namespace api::testing
