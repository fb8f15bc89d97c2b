#include "model/feature_codes.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace model {
namespace {

constexpr auto kProfile = std::to_array<FeatureCodeInfo>({
    {"attended_transfer", "*74", CodeArgument::NumberAndHash, true, true},
    {"blind_transfer", "*77", CodeArgument::NumberAndHash, true, true},
    {"call_return", "*69"},
    {"clock", "*60"},
    {"dnd", "*76"},
    {"dnd_off", "*79"},
    {"dnd_on", "*78"},
    {"echo", "*43"},
    {"flag", "*28", CodeArgument::Number},
    {"forward_always", "*72", CodeArgument::Number},
    {"forward_always_off", "*73"},
    {"forward_busy", "*90", CodeArgument::Number},
    {"forward_busy_off", "*91"},
    {"forward_no_answer", "*92", CodeArgument::Number},
    {"forward_no_answer_off", "*93"},
    {"forward_unreachable", "*94", CodeArgument::Number},
    {"forward_unreachable_off", "*95"},
    {"group_forward", "*75", CodeArgument::Optional},
    {"hide_number", "*67", CodeArgument::Number},
    {"hot_desk", "*70", CodeArgument::Optional},
    {"log_in_out", "*45", CodeArgument::Optional},
    {"mailbox", "*97"},
    {"mailbox_any", "*98"},
    {"mailbox_of", "*99", CodeArgument::Number},
    {"park", "*85", CodeArgument::Optional, true},
    {"pause", "*46"},
    {"pickup", "**", CodeArgument::Number},
    {"pickup_any", "*8"},
    {"record_pause", "*5", CodeArgument::None, true, true},
    {"record_prompt", "*29"},
    {"redial", "*66"},
    {"rules", "*21"},
    {"this_phone_only", "*55", CodeArgument::Number},
    {"who_am_i", "*65"},
});
static_assert(std::is_sorted(kProfile.begin(), kProfile.end(),
                             [](const FeatureCodeInfo& a, const FeatureCodeInfo& b) {
                               return a.name < b.name;
                             }));

}  // namespace

std::span<const FeatureCodeInfo> feature_profile() {
  return kProfile;
}

const FeatureCodeInfo* feature_code(std::string_view name) {
  const auto found = std::find_if(kProfile.begin(), kProfile.end(),
                                  [&](const FeatureCodeInfo& known) { return known.name == name; });
  return found == kProfile.end() ? nullptr : &*found;
}

}  // namespace model
