#pragma once
// The command line. Exit status: 0 done, 1 said no (with the reason), 2 used wrongly.

#include <functional>
#include <string>
#include <string_view>

#include "cli/simulate.h"
#include "model/findings.h"
#include "model/office.h"

namespace cli {

struct ServeArguments {
  std::string config_file, data_folder, office_file;
};

struct Program {
  std::string_view version;
  // app/ gives these.
  std::function<int(const ServeArguments&)> serve;
  LoadZone load_zone;  // by the name of a time zone
  // Whether a server with this data folder finds a sound of this name.
  std::function<bool(const std::string& data_folder, const std::string& name)> sound_exists;
  // Why a server with this data folder cannot read calendar files of schedules.
  std::function<model::Findings(const std::string& data_folder, const model::Office& office)>
      calendar_troubles;
};

[[nodiscard]] int run(int argc, const char* const* argv, const Program& program);

}  // namespace cli
