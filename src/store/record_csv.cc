#include "store/record_csv.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "facts/call_record.h"
#include "store/record_json.h"

namespace store {
namespace {

constexpr std::string_view kHead =
    "id,tenant,started,answered,ended,from,from_name,dialled,group,crm_account,outcome,answered_by,"
    "wait_ms,talk_ms,final_destination,ended_by,sip_code,q850,sip_call_id,recording,attempts\r\n";

std::string time_text(const std::optional<base::WallTime>& time) {
  return time.has_value() ? rfc3339(*time) : std::string{};
}

}  // namespace

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string{text};
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string records_csv(const std::vector<facts::CallRecord>& records) {
  std::string out{kHead};
  for (const facts::CallRecord& record : records) {
    const std::vector<std::string> fields{record.id,
                                          record.tenant,
                                          rfc3339(record.started),
                                          time_text(record.answered),
                                          time_text(record.ended),
                                          record.from,
                                          record.from_name,
                                          record.dialled,
                                          record.group,
                                          record.crm_account,
                                          facts::word(record.outcome),
                                          record.answered_by,
                                          std::to_string(record.wait_ms),
                                          std::to_string(record.talk_ms),
                                          record.final_destination,
                                          facts::word(record.ended_by),
                                          std::to_string(record.sip_code),
                                          std::to_string(record.q850),
                                          record.sip_call_id,
                                          record.recording,
                                          to_json(record.attempts)};
    bool first = true;
    for (const std::string& field : fields) {
      if (!first) out += ',';
      first = false;
      out += csv_field(field);
    }
    out += "\r\n";
  }
  return out;
}

}  // namespace store
