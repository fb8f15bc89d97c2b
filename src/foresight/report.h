#pragma once
// What simulations found, one configuration or two side by side, for people and for programs.

#include <string>
#include <vector>

#include "base/node.h"
#include "foresight/figures.h"

namespace foresight {

struct Named {
  std::string name;  // of the configuration
  const Figures& figures;
};
// One, or two of which the first is today's.
using Runs = std::vector<Named>;

// Lines for a terminal.
[[nodiscard]] std::string report_text(const Runs& runs);
// One row a configuration and a figure: configuration,what,whose,value,give_or_take.
[[nodiscard]] std::string report_csv(const Runs& runs);
[[nodiscard]] base::Node report_json(const Runs& runs);
// Bars of the shares and of the waits; a document of its own.
[[nodiscard]] std::string report_svg(const Runs& runs);

}  // namespace foresight
