#pragma once
// `harrier simulate`: many calls on a virtual clock, for one configuration or two side by side,
// without a server. `harrier advise`: what would help one group.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/zone.h"

namespace cli {

using LoadZone = std::function<base::Result<model::Zone, std::string>(const std::string&)>;

struct SimulateArguments {
  std::string office, changed;  // office files; `office` may be a name for `office_text`
  std::string office_text;      // of the running server; used when it is not empty
  std::string to, from, at;     // number, caller, first moment
  std::string records;          // call records as CSV: who calls, and how people behave
  bool modelled = false;        // of the records only rates and habits, not the calls themselves
  std::uint64_t calls = 10'000, seed = 1;
  double an_hour = 60;
  double patience_s = 60, talk_s = 180;  // means; 0: for ever, or none
  double answers = 0.9, pickup_s = 8;
  std::vector<std::string> people;  // "101:answers=0.5,pickup=12,declines=0.1,voicemail=25"
  bool json = false, csv = false;
  std::string svg;  // a file to write
};

// 0, or 1 with the reason on stderr.
[[nodiscard]] int simulate(const SimulateArguments& given, const LoadZone& load_zone);
// `harrier advise`: `to` is a group's name, extension or number. Changes nothing.
[[nodiscard]] int advise(const SimulateArguments& given, const LoadZone& load_zone);

}  // namespace cli
