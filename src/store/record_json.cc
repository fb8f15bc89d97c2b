#include "store/record_json.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/time.h"
#include "base/utf8.h"
#include "facts/call_record.h"

namespace store {
namespace {

using Json = nlohmann::ordered_json;

// ---- writing -------------------------------------------------------------------------------

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  std::array<char, 8> code{};
  (void)std::snprintf(code.data(), code.size(), "\\u%04x",
                      static_cast<unsigned>(static_cast<unsigned char>(c)));
  out += code.data();
}

// Writes one object, key by key, in the order of the calls.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }
  ObjectWriter(const ObjectWriter&) = delete;
  ObjectWriter& operator=(const ObjectWriter&) = delete;
  ~ObjectWriter() { out_ += '}'; }

  std::string& key(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    out_ += '"';
    out_ += name;
    out_ += "\":";
    return out_;
  }
  void text(std::string_view name, std::string_view value) { append_json_string(key(name), value); }
  template <class T>
  void number(std::string_view name, T value) {
    key(name) += std::to_string(value);
  }
  void number_or_null(std::string_view name, const std::optional<std::int64_t>& value) {
    key(name) += value ? std::to_string(*value) : "null";
  }
  void time_or_null(std::string_view name, const std::optional<base::WallTime>& value) {
    if (value) {
      text(name, rfc3339(*value));
    } else {
      key(name) += "null";
    }
  }
  template <class T, class Append>
  void list(std::string_view name, const std::vector<T>& items, Append append) {
    key(name) += '[';
    bool first = true;
    for (const T& item : items) {
      if (!first) out_ += ',';
      first = false;
      append(out_, item);
    }
    out_ += ']';
  }

 private:
  std::string& out_;
  bool first_ = true;
};

void append_contact(std::string& out, const facts::ContactTried& contact) {
  ObjectWriter o(out);
  o.text("uri", contact.uri);
  o.number("sip_status", contact.sip_status);
  o.number_or_null("ended_at_ms", contact.ended_at_ms);
}

void append_attempt(std::string& out, const facts::Attempt& attempt) {
  ObjectWriter o(out);
  o.text("target", attempt.target);
  o.list("path", attempt.path, append_json_string);
  o.list("contacts", attempt.contacts, append_contact);
  o.number("round", attempt.round);
  o.number("stage", attempt.stage);
  o.number("planned_at_ms", attempt.planned_at_ms);
  o.number_or_null("planned_for_ms", attempt.planned_for_ms);
  o.number_or_null("dialled_at_ms", attempt.dialled_at_ms);
  o.number_or_null("ringing_at_ms", attempt.ringing_at_ms);
  o.number_or_null("ended_at_ms", attempt.ended_at_ms);
  o.text("result", facts::word(attempt.result));
  o.text("why", attempt.why);
  if (!attempt.group.empty()) o.text("group", attempt.group);
}

void append_ring(std::string& out, const facts::PlannedRing& ring) {
  ObjectWriter o(out);
  o.text("target", ring.target);
  o.list("path", ring.path, append_json_string);
  o.number("after_ms", ring.after_ms);
  o.number_or_null("for_ms", ring.for_ms);
  o.key("confirm") += ring.confirm ? "true" : "false";
}

void append_stage(std::string& out, const facts::PlannedStage& stage) {
  ObjectWriter o(out);
  o.list("rings", stage.rings, append_ring);
  o.number_or_null("for_ms", stage.for_ms);
}

void append_decision(std::string& out, const facts::Decision& decision) {
  ObjectWriter o(out);
  o.text("what", decision.what);
  o.text("because", decision.because);
  o.text("setting", decision.setting);
}

void append_skipped(std::string& out, const facts::SkippedTarget& skipped) {
  ObjectWriter o(out);
  o.text("target", skipped.target);
  o.text("why", skipped.why);
}

void append_plan(std::string& out, const facts::PlanStory& plan) {
  ObjectWriter o(out);
  o.text("number", plan.number);
  o.text("from", plan.from);
  o.text("at", plan.at);
  o.list("decisions", plan.decisions, append_decision);
  {
    ObjectWriter inner(o.key("plan"));
    inner.list("stages", plan.stages, append_stage);
    if (plan.rounds == 0) {
      inner.text("rounds", "forever");
    } else {
      inner.number("rounds", plan.rounds);
    }
    inner.number("repeat_from", plan.repeat_from);
    inner.number_or_null("limit_ms", plan.limit_ms);
    inner.key("finally") += plan.finally_json.empty() ? "null" : plan.finally_json;
  }
  o.list("skipped", plan.skipped, append_skipped);
}

// ---- reading -------------------------------------------------------------------------------
// Every getter notes what does not fit; the caller looks once at the end.

class ObjectReader {
 public:
  ObjectReader(const Json& json, bool& good) : json_(json), good_(good) {
    if (!json.is_object()) good_ = false;
  }
  const Json& at(const char* name) {
    static const Json null;
    if (!json_.is_object()) return null;
    const auto found = json_.find(name);
    if (found != json_.end()) return *found;
    good_ = false;
    return null;
  }
  void text(const char* name, std::string& out) {
    const Json& value = at(name);
    if (!value.is_string()) {
      good_ = false;
      return;
    }
    out = value.get_ref<const std::string&>();
  }
  template <class T>
  void number(const char* name, T& out) {
    const Json& value = at(name);
    if (!value.is_number_integer()) {
      good_ = false;
      return;
    }
    out = value.template get<T>();
  }
  void number_or_null(const char* name, std::optional<std::int64_t>& out) {
    if (at(name).is_null()) return;
    number(name, out.emplace());
  }
  template <class T, class Read>
  void list(const char* name, std::vector<T>& out, Read read) {
    const Json& value = at(name);
    if (!value.is_array()) {
      good_ = false;
      return;
    }
    out.reserve(value.size());
    for (const Json& item : value) read(item, out.emplace_back(), good_);
  }

 private:
  const Json& json_;
  bool& good_;
};

void read_text(const Json& json, std::string& out, bool& good) {
  if (!json.is_string()) {
    good = false;
    return;
  }
  out = json.get_ref<const std::string&>();
}

void read_contact(const Json& json, facts::ContactTried& out, bool& good) {
  ObjectReader o(json, good);
  o.text("uri", out.uri);
  o.number("sip_status", out.sip_status);
  o.number_or_null("ended_at_ms", out.ended_at_ms);
}

void read_result(const std::string& name, facts::AttemptResult& out, bool& good) {
  for (int i = 0; i <= static_cast<int>(facts::AttemptResult::Failed); ++i) {
    const auto result = static_cast<facts::AttemptResult>(i);
    if (name == facts::word(result)) {
      out = result;
      return;
    }
  }
  good = false;
}

void read_attempt(const Json& json, facts::Attempt& out, bool& good) {
  ObjectReader o(json, good);
  o.text("target", out.target);
  if (json.is_object() && json.contains("group")) o.text("group", out.group);
  o.list("path", out.path, read_text);
  o.list("contacts", out.contacts, read_contact);
  o.number("round", out.round);
  o.number("stage", out.stage);
  o.number("planned_at_ms", out.planned_at_ms);
  o.number_or_null("planned_for_ms", out.planned_for_ms);
  o.number_or_null("dialled_at_ms", out.dialled_at_ms);
  o.number_or_null("ringing_at_ms", out.ringing_at_ms);
  o.number_or_null("ended_at_ms", out.ended_at_ms);
  std::string result;
  o.text("result", result);
  read_result(result, out.result, good);
  o.text("why", out.why);
}

void read_ring(const Json& json, facts::PlannedRing& out, bool& good) {
  ObjectReader o(json, good);
  o.text("target", out.target);
  o.list("path", out.path, read_text);
  o.number("after_ms", out.after_ms);
  o.number_or_null("for_ms", out.for_ms);
  const Json& confirm = o.at("confirm");
  if (confirm.is_boolean()) out.confirm = confirm.get<bool>();
}

void read_stage(const Json& json, facts::PlannedStage& out, bool& good) {
  ObjectReader o(json, good);
  o.list("rings", out.rings, read_ring);
  o.number_or_null("for_ms", out.for_ms);
}

void read_decision(const Json& json, facts::Decision& out, bool& good) {
  ObjectReader o(json, good);
  o.text("what", out.what);
  o.text("because", out.because);
  o.text("setting", out.setting);
}

void read_skipped(const Json& json, facts::SkippedTarget& out, bool& good) {
  ObjectReader o(json, good);
  o.text("target", out.target);
  o.text("why", out.why);
}

}  // namespace

std::string rfc3339(base::WallTime at) {
  std::int64_t days = at.unix_ms / 86'400'000;
  std::int64_t ms = at.unix_ms % 86'400'000;
  if (ms < 0) {
    ms += 86'400'000;
    --days;
  }
  // Days to a Gregorian date, in eras of 400 years that begin on 1 March.
  const std::int64_t z = days + 719'468;
  const std::int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  const std::int64_t doe = z - era * 146'097;
  const std::int64_t yoe = (doe - doe / 1'460 + doe / 36'524 - doe / 146'096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const std::int64_t mp = (5 * doy + 2) / 153;
  const auto day = static_cast<int>(doy - (153 * mp + 2) / 5 + 1);
  const auto month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  const auto year = static_cast<int>(yoe + era * 400 + (month <= 2 ? 1 : 0));
  std::array<char, 48> text{};
  (void)std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, month,
                      day, static_cast<int>(ms / 3'600'000), static_cast<int>(ms / 60'000 % 60),
                      static_cast<int>(ms / 1'000 % 60), static_cast<int>(ms % 1'000));
  return text.data();
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const char c = text.front();
    const std::size_t length = base::utf8_length(text);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      text.remove_prefix(1);
      continue;
    }
    if (length == 1 && (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20U)) {
      append_escaped(out, c);
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  out += '"';
}

std::string to_json(const facts::Attempt& attempt) {
  std::string out;
  append_attempt(out, attempt);
  return out;
}

std::string to_json(const std::vector<facts::Attempt>& attempts) {
  std::string out = "[";
  for (const facts::Attempt& attempt : attempts) {
    if (out.size() > 1) out += ',';
    append_attempt(out, attempt);
  }
  out += ']';
  return out;
}

std::string to_json(const facts::PlanStory& plan) {
  std::string out;
  append_plan(out, plan);
  return out;
}

std::string to_json(const facts::CallRecord& record, bool with_plan) {
  std::string out;
  {
    ObjectWriter o(out);
    o.text("id", record.id);
    o.text("tenant", record.tenant);
    o.text("started", rfc3339(record.started));
    o.time_or_null("answered", record.answered);
    o.time_or_null("ended", record.ended);
    o.text("from", record.from);
    o.text("from_name", record.from_name);
    o.text("dialled", record.dialled);
    o.text("group", record.group);
    o.text("crm_account", record.crm_account);
    o.text("outcome", facts::word(record.outcome));
    o.text("answered_by", record.answered_by);
    o.number("wait_ms", record.wait_ms);
    o.number("talk_ms", record.talk_ms);
    o.text("final_destination", record.final_destination);
    o.text("ended_by", facts::word(record.ended_by));
    o.number("sip_code", record.sip_code);
    o.number("q850", record.q850);
    o.text("sip_call_id", record.sip_call_id);
    o.text("recording", record.recording);
    o.list("attempts", record.attempts, append_attempt);
    if (with_plan) append_plan(o.key("plan"), record.plan);
    if (!record.call_back.empty()) o.text("call_back", record.call_back);
  }
  return out;
}

std::optional<std::vector<facts::Attempt>> attempts_from_json(std::string_view json) {
  const Json parsed = Json::parse(json, nullptr, false);
  if (!parsed.is_array()) return std::nullopt;
  bool good = true;
  std::vector<facts::Attempt> attempts;
  for (const Json& item : parsed) read_attempt(item, attempts.emplace_back(), good);
  if (!good) return std::nullopt;
  return attempts;
}

std::optional<facts::PlanStory> plan_from_json(std::string_view json) {
  const Json parsed = Json::parse(json, nullptr, false);
  if (!parsed.is_object()) return std::nullopt;
  bool good = true;
  facts::PlanStory plan;
  ObjectReader o(parsed, good);
  o.text("number", plan.number);
  o.text("from", plan.from);
  o.text("at", plan.at);
  o.list("decisions", plan.decisions, read_decision);
  ObjectReader inner(o.at("plan"), good);
  inner.list("stages", plan.stages, read_stage);
  const Json& rounds = inner.at("rounds");
  if (rounds.is_number_unsigned()) {
    plan.rounds = rounds.get<std::uint32_t>();
  } else {
    plan.rounds = 0;
  }
  inner.number("repeat_from", plan.repeat_from);
  inner.number_or_null("limit_ms", plan.limit_ms);
  const Json& then = inner.at("finally");
  if (!then.is_null()) plan.finally_json = then.dump();
  o.list("skipped", plan.skipped, read_skipped);
  if (!good) return std::nullopt;
  return plan;
}

}  // namespace store
