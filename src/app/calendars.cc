#include "app/calendars.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "app/zone.h"
#include "base/result.h"
#include "base/time.h"
#include "config/file.h"
#include "media/sound_names.h"
#include "model/calendar.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/zone.h"
#include "net/clock.h"

namespace app {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kAheadMs = 731 * kDayMs;

std::optional<model::Zone> zone_named(const std::string& name) {
  auto zone = load_zone(name);
  if (!zone) return std::nullopt;
  return *std::move(zone);
}

}  // namespace

model::Findings read_calendars(model::Office& office, const model::Zone& zone,
                               const std::string& data_folder, base::WallTime now) {
  model::Findings troubles;
  model::CalendarOptions options;
  options.zone = zone;
  options.load_zone = zone_named;
  options.from = {now.unix_ms - kDayMs};
  options.until = {now.unix_ms + kAheadMs};
  for (std::size_t i = 0; i < office.schedules.size(); ++i) {
    model::Schedule& schedule = office.schedules[i];
    schedule.occasions.clear();
    if (schedule.ics.empty()) continue;
    const auto complain = [&](std::string why) {
      troubles.push_back({model::Severity::Error,
                          "bad_calendar",
                          "/schedules/" + std::to_string(i) + "/ics",
                          {},
                          "the calendar " + schedule.ics + ": " + std::move(why)});
    };
    if (!media::is_safe_name(schedule.ics)) {
      complain("name a file in the data folder, as calendars/holidays.ics");
      continue;
    }
    const auto text = config::read_file(data_folder + "/" + schedule.ics);
    if (!text.has_value()) {
      complain("there is no such file in the data folder; upload it");
      continue;
    }
    auto read = model::read_calendar(*text, options);
    for (const model::Finding& finding : read.findings)
      complain("line " + std::to_string(finding.at.line) + ": " + finding.message);
    schedule.occasions = std::move(read.value);
  }
  return troubles;
}

model::Findings missing_calendars(const std::string& data_folder, const model::Office& office) {
  model::Office copy = office;
  const auto zone = load_zone(office.timezone);
  model::Findings found =
      read_calendars(copy, zone ? *zone : model::Zone{}, data_folder, net::read_clocks().wall);
  for (model::Finding& finding : found) finding.severity = model::Severity::Warning;
  return found;
}

}  // namespace app
