// What this release reads, stores and exports, but does not act upon yet.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/detail/validator.h"
#include "model/encode.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/routing.h"
#include "model/snapshot.h"
#include "model/validate.h"

namespace model {
namespace {

class Notes {
 public:
  void add(bool configured, std::string path, std::string_view what) {
    if (!configured) return;
    findings.push_back({Severity::Warning,
                        "not_carried_out",
                        std::move(path),
                        {},
                        std::string(what) + " is kept, but not carried out yet in this release"});
  }

  Findings findings;
};

bool is_carried_out(std::string_view feature) {
  return feature == "this_phone_only" || feature == "mailbox_of" || feature == "hide_number" ||
         feature == "blind_transfer" || feature == "attended_transfer" ||
         feature == "record_pause" || is_built({DestinationKind::None, std::string(feature)});
}

}  // namespace

Findings not_carried_out(const Office& office) {
  Notes notes;
  for (const FeatureCode& code : office.feature_codes)
    notes.add(!is_carried_out(code.name) && !code.code.empty(), "/feature_codes/" + code.name,
              "the feature code " + code.name);
  return std::move(notes.findings);
}

}  // namespace model
