#include "notify/reports.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/markup.h"
#include "base/time.h"
#include "model/office.h"
#include "model/zone.h"
#include "notify/letters.h"
#include "notify/wording.h"
#include "store/reader.h"
#include "store/record_csv.h"

namespace notify {
namespace {

constexpr std::int64_t kHourMs = std::int64_t{60} * 60 * 1'000;

// In the order of Language.
using Words = std::array<std::string_view, 3>;
constexpr Words kCalls{"Calls", "Połączenia", "Llamadas"};
constexpr Words kCount{"Number of calls", "Liczba połączeń", "Número de llamadas"};
constexpr Words kAttached{"They are attached as a CSV file.", "Są w załączonym pliku CSV.",
                          "Van adjuntas en un archivo CSV."};
constexpr Words kCut{"There were more; only the first ones are in the file.",
                     "Było ich więcej; w pliku są tylko pierwsze.",
                     "Hubo más; en el archivo solo están las primeras."};

// The local midnight so many days before.
base::WallTime days_before(const model::Zone& zone, base::WallTime midnight, std::uint32_t days) {
  // Noon of that day, whatever the clocks did between.
  const std::int64_t noon = midnight.unix_ms - (std::int64_t{days} * 24 - 12) * kHourMs;
  return model::midnight_before(zone, {noon});
}

}  // namespace

std::optional<base::WallTime> report_begins(const model::Zone& zone, model::Every every,
                                            base::WallTime from, base::WallTime until) {
  const model::Local next = model::local_of(zone, until);
  switch (every) {
    case model::Every::Day:
      return from;
    case model::Every::Week:
      if (next.weekday != 0) return std::nullopt;
      return days_before(zone, until, 7);
    case model::Every::Month:
      if (next.day != 1) return std::nullopt;
      return days_before(zone, until, model::local_of(zone, from).day);
  }
  return std::nullopt;
}

store::RecordFilter filter_of(const model::Report& report, base::WallTime from,
                              base::WallTime until) {
  store::RecordFilter filter;
  filter.from = from;
  filter.until = until;
  filter.group = report.group;
  filter.outcome = report.outcome;
  filter.answered_by = report.answered_by;
  filter.caller = report.caller;
  filter.dialled = report.dialled;
  filter.sort = "started";
  filter.limit = 1'000;
  return filter;
}

Written calls_report(const Writer& writer, const model::Report& report, const Day& calls,
                     base::WallTime until) {
  const model::Zone& zone = writer.office.zone();
  const Language language = language_from(writer.office.office().language);
  const auto in = [language](const Words& words) {
    return std::string{words.at(static_cast<std::size_t>(language))};
  };
  const base::WallTime last{until.unix_ms - 1};
  const std::string first_day = day_of(zone, calls.from, language);
  const std::string last_day = day_of(zone, last, language);
  const std::string days = first_day == last_day ? first_day : first_day + " – " + last_day;
  const std::string count = in(kCount) + ": " + std::to_string(calls.calls.size());
  Written written;
  written.subject = in(kCalls) + ": " + report.name + ", " + days;
  written.text = written.subject + "\n\n" + count + ".\n" + in(kAttached) + "\n";
  if (calls.cut) written.text += in(kCut) + "\n";
  written.html = "<p><strong>" + base::escaped_markup(written.subject) + "</strong></p>\n<p>" +
                 base::escaped_markup(count) + ".<br>" + base::escaped_markup(in(kAttached)) +
                 (calls.cut ? "<br>" + base::escaped_markup(in(kCut)) : "") + "</p>\n";
  // The name of the file is the same in each language, so that it can be sorted.
  written.attachments.push_back({"calls-" + day_of(zone, calls.from, Language::En) + ".csv",
                                 "text/csv; charset=utf-8", store::records_csv(calls.calls)});
  return written;
}

}  // namespace notify
