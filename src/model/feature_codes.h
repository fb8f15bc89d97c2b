#pragma once
// Feature codes by the names of docs/contract.md, and the profiles that give them their digits.
//
// `harrier` is our own; `freepbx`, `fusionpbx` and `vodia` are what people who come from there have
// in their fingers. A code that a profile does not name keeps Harrier's, unless the digits mean
// something else there: then it has none until the administrator gives it one.

#include <cstdint>
#include <span>
#include <string_view>

namespace model {

// What follows the code in the dialled string.
enum class CodeArgument : std::uint8_t { None, Number, Optional, NumberAndHash };

struct FeatureCodeInfo {
  std::string_view name;
  std::string_view code;  // of the profile `harrier`
  CodeArgument argument = CodeArgument::None;
  bool in_call = false;       // keyed during an answered call
  bool only_in_call = false;  // and never dialled
};

// Sorted by name.
[[nodiscard]] std::span<const FeatureCodeInfo> feature_profile();
// Null for an unknown name.
[[nodiscard]] const FeatureCodeInfo* feature_code(std::string_view name);

// The names of the profiles, `harrier` first.
[[nodiscard]] std::span<const std::string_view> feature_profiles();
// The digits of a code in a profile; empty: it has none there. An unknown profile is `harrier`.
[[nodiscard]] std::string_view code_in_profile(std::string_view profile,
                                               const FeatureCodeInfo& info);
// True if one string may mean both when they have the same digits.
[[nodiscard]] bool may_clash(const FeatureCodeInfo& a, const FeatureCodeInfo& b);

}  // namespace model
