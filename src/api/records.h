#pragma once
// Lists of call records, for everybody's and for one's own.

#include <optional>
#include <string>

#include "api/http.h"
#include "api/router.h"
#include "base/time.h"
#include "store/reader.h"

namespace api {

// `limit`, `cursor`, `sort`, `q`, the filters by name, `from` and `until`. What cannot be read goes
// into `trouble`.
[[nodiscard]] store::RecordFilter record_filter(const Request& request, std::string& trouble);
// `from` and `until` of a query; what cannot be read goes into `trouble`.
void read_times(const Request& request, std::optional<base::WallTime>& from,
                std::optional<base::WallTime>& until, std::string& trouble);
// The page, as JSON, CSV or text by Accept.
[[nodiscard]] Response records_response(const Call& call, const store::RecordFilter& filter);

}  // namespace api
