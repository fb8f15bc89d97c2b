#pragma once
// `harrier check`: every finding of office files and harrier.yaml, without a server.

#include <functional>
#include <string>
#include <vector>

namespace cli {

// Prints "file:line:column: error|warning: message" a finding to stdout, or one JSON list. 1 if
// there is an error, else 0. `zone_trouble` says what is wrong with a time zone's name, or nothing.
[[nodiscard]] int check(const std::string& config_file, const std::vector<std::string>& files,
                        bool json,
                        const std::function<std::string(const std::string&)>& zone_trouble);

}  // namespace cli
