// Facts as log lines: one line for each thing that somebody could ask about.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/address.h"
#include "base/overloaded.h"
#include "base/pii.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "obs/log.h"
#include "obs/observer.h"
#include "store/record_json.h"

namespace obs {
namespace {

using MaybeLine = std::optional<Line>;
using base::Pii;

std::int64_t whole(std::uint32_t number) {
  return number;
}

Line attempt_line(Level level, const char* event, const std::string& call, std::uint32_t index,
                  const facts::Attempt& attempt) {
  Line line{level, event, {{"call", call}, {"member", Pii{attempt.target}}}};
  line.fields.emplace_back("attempt", whole(index) + 1);
  line.fields.emplace_back("round", whole(attempt.round));
  line.fields.emplace_back("stage", whole(attempt.stage));
  return line;
}

Line attempt_ended(const facts::AttemptEnded& f) {
  Line line = attempt_line(Level::Debug, "attempt.ended", f.call, f.index, f.attempt);
  if (!f.attempt.contacts.empty()) {
    line.fields.emplace_back("code", std::int64_t{f.attempt.contacts.back().sip_status});
  }
  line.fields.emplace_back("result", facts::word(f.attempt.result));
  if (!f.attempt.why.empty()) line.fields.emplace_back("reason", f.attempt.why);
  if (f.attempt.ended_at_ms) line.fields.emplace_back("ms", *f.attempt.ended_at_ms);
  return line;
}

Line call_ended(const facts::CallRecord& r) {
  Line line{Level::Info, "call.ended", {{"call", r.id}}};
  if (!r.tenant.empty()) line.fields.emplace_back("tenant", r.tenant);
  line.fields.emplace_back("sip_call_id", r.sip_call_id);
  line.fields.emplace_back("from", Pii{r.from});
  line.fields.emplace_back("dialled", Pii{r.dialled});
  if (!r.group.empty()) line.fields.emplace_back("group", r.group);
  line.fields.emplace_back("outcome", facts::word(r.outcome));
  if (!r.answered_by.empty()) line.fields.emplace_back("member", Pii{r.answered_by});
  line.fields.emplace_back("code", std::int64_t{r.sip_code});
  line.fields.emplace_back("ended_by", facts::word(r.ended_by));
  line.fields.emplace_back("wait_ms", r.wait_ms);
  line.fields.emplace_back("talk_ms", r.talk_ms);
  return line;
}

Line registration(Level level, const char* event, const facts::Binding& b) {
  return {level,
          event,
          {{"user", Pii{b.username}},
           {"contact", Pii{b.contact}},
           {"src", b.flow.peer.to_string()},
           {"transport", base::name_of(b.flow.transport)}}};
}

Line arrived(const facts::CallRecord& r) {
  return {Level::Info,
          "call.arrived",
          {{"call", r.id},
           {"sip_call_id", r.sip_call_id},
           {"from", Pii{r.from}},
           {"dialled", Pii{r.dialled}}}};
}

Line line_of(const facts::AuthFailed& f) {
  return {Level::Warn,
          "auth.failed",
          {{"src", f.source.ip.to_string()},
           {"method", f.method},
           {"user", Pii{f.username}},
           {"reason", facts::word(f.reason)}}};
}

Line line_of(const facts::MessageDropped& f) {
  return {Level::Warn, "message.dropped", {{"src", f.source.to_string()}, {"reason", f.reason}}};
}

Line line_of(const facts::RequestRefused& f) {
  return {Level::Warn,
          "request.refused",
          {{"src", f.source.to_string()},
           {"method", f.method},
           {"code", std::int64_t{f.code}},
           {"reason", f.reason}}};
}

Line line_of(const facts::ConfigChanged& f) {
  Line line{
      Level::Info,
      "config.changed",
      {{"revision", f.revision}, {"who", f.who}, {"what", f.change.verb}, {"kind", f.change.kind}}};
  if (!f.change.id.empty()) line.fields.emplace_back("id", Pii{f.change.id});
  if (!f.change.label.empty()) line.fields.emplace_back("label", Pii{f.change.label});
  return line;
}

Line line_of(const facts::CallAnswered& f) {
  return {Level::Info,
          "call.answered",
          {{"call", f.call}, {"member", Pii{f.answered_by}}, {"wait_ms", f.record.wait_ms}}};
}

Line line_of(const facts::MessageLeft& f) {
  return {Level::Info,
          "voicemail.created",
          {{"call", f.message.call},
           {"mailbox", Pii{f.mailbox}},
           {"from", Pii{f.message.from}},
           {"length_ms", f.message.length_ms}}};
}

Line line_of(const facts::MessageChanged& f) {
  Line line{Level::Info,
            f.deleted ? "voicemail.removed" : "voicemail.changed",
            {{"mailbox", Pii{f.mailbox}}, {"id", f.id}, {"who", Pii{f.who}}}};
  if (f.handled_by.has_value()) line.fields.emplace_back("handled_by", Pii{*f.handled_by});
  return line;
}

Line line_of(const facts::CallPlanned& f) {
  return {Level::Debug,
          "call.planned",
          {{"call", f.call},
           {"stages", static_cast<std::int64_t>(f.plan.stages.size())},
           {"skipped", static_cast<std::int64_t>(f.plan.skipped.size())}}};
}

}  // namespace

std::optional<Line> line_about(const facts::Fact& fact) {
  return std::visit(
      base::Overloaded{
          [](const facts::CallArrived& f) -> MaybeLine { return {arrived(f.record)}; },
          [](const facts::CallPlanned& f) -> MaybeLine { return {line_of(f)}; },
          [](const facts::AttemptDialled& f) -> MaybeLine {
            return {attempt_line(Level::Debug, "attempt.dialled", f.call, f.index, f.attempt)};
          },
          [](const facts::AttemptRinging& f) -> MaybeLine {
            return {attempt_line(Level::Debug, "attempt.rung", f.call, f.index, f.attempt)};
          },
          [](const facts::AttemptEnded& f) -> MaybeLine { return {attempt_ended(f)}; },
          [](const facts::CallAnswered& f) -> MaybeLine { return {line_of(f)}; },
          [](const facts::CallTransferred& f) -> MaybeLine {
            return {{Level::Info,
                     "call.transferred",
                     {{"call", f.call}, {"member", Pii{f.by}}, {"to", Pii{f.to}}}}};
          },
          [](const facts::CallEnded& f) -> MaybeLine { return {call_ended(f.record)}; },
          [](const facts::RegistrationAdded& f) -> MaybeLine {
            return {f.fresh ? registration(Level::Info, "registration.added", f.binding)
                            : registration(Level::Debug, "registration.refreshed", f.binding)};
          },
          [](const facts::RegistrationRemoved& f) -> MaybeLine {
            return {registration(Level::Info,
                                 f.expired ? "registration.expired" : "registration.removed",
                                 f.binding)};
          },
          [](const facts::AuthFailed& f) -> MaybeLine { return {line_of(f)}; },
          [](const facts::MessageDropped& f) -> MaybeLine { return {line_of(f)}; },
          [](const facts::RequestRefused& f) -> MaybeLine { return {line_of(f)}; },
          [](const facts::BanAdded& f) -> MaybeLine {
            return {
                {Level::Warn,
                 "ban.added",
                 {{"src", f.source}, {"reason", f.reason}, {"until", store::rfc3339(f.until)}}}};
          },
          [](const facts::BanLifted& f) -> MaybeLine {
            return {{Level::Info,
                     "ban.lifted",
                     {{"src", f.source},
                      {"who", f.who},
                      {"dropped", static_cast<std::int64_t>(f.dropped)}}}};
          },
          [](const facts::SourceHeldBack& f) -> MaybeLine {
            return {{Level::Warn,
                     "source.held_back",
                     {{"src", f.source}, {"count", static_cast<std::int64_t>(f.count)}}}};
          },
          [](const facts::BugFound& f) -> MaybeLine {
            return {{Level::Error, "bug.found", {{"call", f.call}, {"where", f.where}}}};
          },
          [](const facts::CallTroubled& f) -> MaybeLine {
            return {{Level::Warn, "call.troubled", {{"call", f.call}, {"reason", f.why}}}};
          },
          [](const facts::MessageLeft& f) -> MaybeLine { return {line_of(f)}; },
          [](const facts::MessageChanged& f) -> MaybeLine { return {line_of(f)}; },
          [](const facts::GreetingSet& f) -> MaybeLine {
            return {{Level::Info,
                     "greeting.changed",
                     {{"mailbox", Pii{f.mailbox}}, {"own", f.file.empty() ? "no" : "yes"}}}};
          },
          [](const facts::CallBackWanted& f) -> MaybeLine {
            return {{Level::Info,
                     "callback.wanted",
                     {{"call", f.call}, {"group", f.group}, {"number", Pii{f.number}}}}};
          },
          [](const facts::TrunkChanged& f) -> MaybeLine {
            return {{f.up ? Level::Info : Level::Error,
                     f.up ? "trunk.connected" : "trunk.lost",
                     {{"trunk", f.trunk}, {"reason", f.why}}}};
          },
          [](const facts::MemoryChanged& f) -> MaybeLine {
            constexpr std::string_view kOfUser = "user/";
            constexpr std::string_view kDialledOut = "external/";
            if (f.group_id.starts_with(kDialledOut))
              return {{Level::Debug,
                       "memory.changed",
                       {{"member", Pii{f.group_id.substr(kDialledOut.size())}}}}};
            if (!f.group_id.starts_with(kOfUser))
              return {{Level::Debug, "memory.changed", {{"group", f.group_id}}}};
            return {{Level::Debug,
                     "memory.changed",
                     {{"member", Pii{f.group_id.substr(kOfUser.size())}}}}};
          },
          [](const facts::FlagChanged& f) -> MaybeLine {
            return {{Level::Info, "flag.changed", {{"flag", f.flag}, {"on", f.on ? "yes" : "no"}}}};
          },
          [](const facts::ConfigChanged& f) -> MaybeLine { return {line_of(f)}; },
          [](const facts::TextKept& f) -> MaybeLine {
            return {{Level::Info,
                     "text.kept",
                     {{"id", f.text.id}, {"from", Pii{f.text.from}}, {"to", Pii{f.text.to}}}}};
          },
          [](const facts::TextGone& f) -> MaybeLine {
            return {
                {Level::Info, "text.gone", {{"id", f.id}, {"to", Pii{f.to}}, {"reason", f.why}}}};
          },
      },
      fact);
}

Level level_of(const facts::Fact& fact) {
  return std::visit(
      base::Overloaded{
          [](const facts::CallPlanned&) { return Level::Debug; },
          [](const facts::AttemptDialled&) { return Level::Debug; },
          [](const facts::AttemptRinging&) { return Level::Debug; },
          [](const facts::AttemptEnded&) { return Level::Debug; },
          [](const facts::MemoryChanged&) { return Level::Debug; },
          [](const facts::RegistrationAdded& f) { return f.fresh ? Level::Info : Level::Debug; },
          [](const facts::AuthFailed&) { return Level::Warn; },
          [](const facts::MessageDropped&) { return Level::Warn; },
          [](const facts::RequestRefused&) { return Level::Warn; },
          [](const facts::BanAdded&) { return Level::Warn; },
          [](const facts::SourceHeldBack&) { return Level::Warn; },
          [](const facts::BugFound&) { return Level::Error; },
          [](const facts::CallTroubled&) { return Level::Warn; },
          [](const facts::TrunkChanged& f) { return f.up ? Level::Info : Level::Error; },
          [](const auto&) { return Level::Info; },
      },
      fact);
}

}  // namespace obs
