#include "app/start_warnings.h"

#include <cstdio>
#include <string>

#include "app/settings.h"
#include "app/sound.h"
#include "config/server.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/validate.h"

namespace app {

void print_start_warnings(const config::ServerConfig& config, const model::Office& office,
                          const model::Findings& calendar_troubles,
                          const std::string& data_folder) {
  for (const model::Finding& finding : model::not_carried_out(office))
    (void)std::fprintf(stderr, "harrier: not carried out yet: %s\n", finding.message.c_str());
  print_missing_sounds(office, data_folder);
  for (const model::Finding& finding : calendar_troubles)
    (void)std::fprintf(stderr, "harrier: %s\n", finding.message.c_str());
  for (const std::string& line : unreachable_trunks(config, office))
    (void)std::fprintf(stderr, "harrier: warning: %s\n", line.c_str());
}

}  // namespace app
