#pragma once
// Something that a calendar names: from <= now < until.

#include <string>

#include "base/time.h"

namespace model {

struct Occasion {
  base::WallTime from{}, until{};
  std::string name;
  bool operator==(const Occasion&) const = default;
};

}  // namespace model
