#include "config/file.h"

#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>

namespace config {

std::optional<std::string> read_file(const std::string& name) {
  std::error_code trouble;
  // A folder opens like a file, and then its first byte throws.
  if (std::filesystem::is_directory(name, trouble)) return std::nullopt;
  std::ifstream in(name, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

std::string unreadable(const std::string& name) {
  std::error_code trouble;
  const auto about = std::filesystem::status(name, trouble);
  if (!std::filesystem::exists(about))
    return name + " does not exist; name a file that is there (the current folder is " +
           std::filesystem::current_path(trouble).string() + ")";
  if (std::filesystem::is_directory(about)) return name + " is a folder; name a file in it";
  return name + " cannot be read; give this user the right to read it (chmod, chown)";
}

}  // namespace config
