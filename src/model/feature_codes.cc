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

constexpr auto kProfiles =
    std::to_array<std::string_view>({"harrier", "freepbx", "fusionpbx", "vodia"});

// Where a profile differs from `harrier`.
struct Difference {
  std::string_view profile, name, code;
};
constexpr auto kDifferences = std::to_array<Difference>({
    {"freepbx", "forward_no_answer", "*52"},
    {"freepbx", "forward_no_answer_off", "*53"},
    {"freepbx", "hot_desk", "*11"},
    {"freepbx", "mailbox_of", "*"},
    {"fusionpbx", "dnd", "*77"},
    {"fusionpbx", "echo", "*9196"},
    {"fusionpbx", "hot_desk", "*11"},
    {"fusionpbx", "log_in_out", "*22"},
    {"fusionpbx", "pause", "*24"},
    {"fusionpbx", "record_prompt", "*732"},
    {"fusionpbx", "redial", "*870"},
    {"vodia", "dnd", ""},
    {"vodia", "flag", "*80"},
    {"vodia", "forward_always", "*71"},
    {"vodia", "forward_always_off", "*72"},
    {"vodia", "forward_busy", "*73"},
    {"vodia", "forward_busy_off", "*74"},
    {"vodia", "forward_no_answer", "*75"},
    {"vodia", "forward_no_answer_off", "*76"},
    {"vodia", "group_forward", ""},
    {"vodia", "log_in_out", "*64"},
    {"vodia", "pickup", "*87"},
    {"vodia", "pickup_any", "*87"},
});

}  // namespace

std::span<const FeatureCodeInfo> feature_profile() {
  return kProfile;
}

const FeatureCodeInfo* feature_code(std::string_view name) {
  const auto found = std::find_if(kProfile.begin(), kProfile.end(),
                                  [&](const FeatureCodeInfo& known) { return known.name == name; });
  return found == kProfile.end() ? nullptr : &*found;
}

std::span<const std::string_view> feature_profiles() {
  return kProfiles;
}

std::string_view code_in_profile(std::string_view profile, const FeatureCodeInfo& info) {
  for (const Difference& other : kDifferences)
    if (other.profile == profile && other.name == info.name) return other.code;
  return info.code;
}

bool may_clash(const FeatureCodeInfo& a, const FeatureCodeInfo& b) {
  const bool both_dialled = !a.only_in_call && !b.only_in_call;
  const bool both_keyed = a.in_call && b.in_call;
  if (!both_dialled && !both_keyed) return false;
  const bool a_alone = a.argument == CodeArgument::None;
  const bool b_alone = b.argument == CodeArgument::None;
  const auto needs_more = [](CodeArgument argument) {
    return argument == CodeArgument::Number || argument == CodeArgument::NumberAndHash;
  };
  return !(a_alone && needs_more(b.argument)) && !(b_alone && needs_more(a.argument));
}

}  // namespace model
