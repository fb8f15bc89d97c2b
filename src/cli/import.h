#pragma once
// `harrier import`: takes over a table of another system.

#include <string>

#include "cli/client.h"

namespace cli {

struct ImportArguments {
  std::string system;  // "freepbx", "fusionpbx", "csv"
  std::string file;
  bool dry_run = false;
  bool partial = false;  // also when rows are left out
};

// Prints what becomes of each row, then what changes. 1: nothing was changed.
[[nodiscard]] int import_table(const Server& server, const ImportArguments& given, bool json);

}  // namespace cli
