#pragma once
// What whoever starts the server should know of it although it runs.

#include <string>

#include "config/server.h"
#include "model/findings.h"
#include "model/office.h"

namespace app {

// To stderr, a line each: what is not carried out yet, sounds without a file, calendars that cannot
// be read, trunks that no socket leads to.
void print_start_warnings(const config::ServerConfig& config, const model::Office& office,
                          const model::Findings& calendar_troubles, const std::string& data_folder);

}  // namespace app
