#pragma once
// Lists of calls that go out by mail when their time is over (`reports` of the office): which
// times, which calls, and the letter with them as CSV.

#include <optional>

#include "base/time.h"
#include "model/office.h"
#include "model/zone.h"
#include "notify/letters.h"
#include "store/reader.h"

namespace notify {

// At the end of the local day from `from` to `until`: when the time began that the report is about,
// if it is over then too. Weeks begin on Monday, months on the 1st.
[[nodiscard]] std::optional<base::WallTime> report_begins(const model::Zone& zone,
                                                          model::Every every, base::WallTime from,
                                                          base::WallTime until);

// The calls that it is about, first come first.
[[nodiscard]] store::RecordFilter filter_of(const model::Report& report, base::WallTime from,
                                            base::WallTime until);

// `calls.from` is where its time began, `until` where it ended.
[[nodiscard]] Written calls_report(const Writer& writer, const model::Report& report,
                                   const Day& calls, base::WallTime until);

}  // namespace notify
