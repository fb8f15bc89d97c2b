#pragma once
// The feature codes of the profile `harrier`, by the names of docs/contract.md.

#include <cstdint>
#include <span>
#include <string_view>

namespace model {

// What follows the code in the dialled string.
enum class CodeArgument : std::uint8_t { None, Number, Optional, NumberAndHash };

struct FeatureCodeInfo {
  std::string_view name;
  std::string_view code;
  CodeArgument argument = CodeArgument::None;
  bool in_call = false;       // keyed during an answered call
  bool only_in_call = false;  // and never dialled
};

// Sorted by name.
[[nodiscard]] std::span<const FeatureCodeInfo> feature_profile();
// Null for an unknown name.
[[nodiscard]] const FeatureCodeInfo* feature_code(std::string_view name);

}  // namespace model
