#pragma once
// `harrier check`: every finding of office files and harrier.yaml, without a server.

#include <functional>
#include <string>
#include <vector>

#include "model/findings.h"
#include "model/office.h"
#include "model/zone.h"

namespace cli {

// What is known of the world outside the files.
struct Outside {
  std::function<std::string(const std::string&)> zone_trouble;  // of a time zone's name; "" = none
  std::function<bool(const std::string&)> sound_exists;         // a file for a sound's name
  // Why calendar files of schedules cannot be read.
  std::function<model::Findings(const model::Office&)> calendar_troubles;
  // The zone itself, for the office's tests; UTC when it cannot be had.
  std::function<model::Zone(const std::string&)> zone;
};

// Prints "file:line:column: error|warning: message" a finding to stdout, or one JSON list. 1 if
// there is an error, else 0.
[[nodiscard]] int check(const std::string& config_file, const std::vector<std::string>& files,
                        bool json, const Outside& outside);

}  // namespace cli
