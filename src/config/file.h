#pragma once
// Files that somebody named on the command line.

#include <optional>
#include <string>

namespace config {

// All bytes of a file; nothing if it cannot be read, as with a folder. Blocks on the disk.
[[nodiscard]] std::optional<std::string> read_file(const std::string& name);

// What to say of a file that read_file() could not read: why, and what to do.
[[nodiscard]] std::string unreadable(const std::string& name);

}  // namespace config
