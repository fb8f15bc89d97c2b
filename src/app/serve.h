#pragma once
// `harrier serve`: builds every part, runs until told to stop.

#include <string>

namespace app {

struct ServeOptions {
  std::string config_file;  // empty: the defaults
  std::string data_folder = "harrier-data";
  std::string office_file;  // empty: what the store has
};

// Returns the exit status: 0 after draining, 1 with one clear line on stderr.
[[nodiscard]] int serve(const ServeOptions& options);

}  // namespace app
