#include "app/zone.h"

#include <chrono>
#include <cstdint>
#include <exception>
#include <string>

#include <date/tz.h>

#include "base/result.h"
#include "model/zone.h"

namespace app {
namespace {

constexpr std::int64_t kEndOf2100 = 4'133'980'800;  // seconds since 1970

}  // namespace

base::Result<model::Zone, std::string> load_zone(const std::string& name) {
  model::Zone zone;
  zone.name = name;
  if (name.empty() || name == "UTC") {
    zone.name = "UTC";
    return zone;
  }
  try {
    const date::time_zone* found = date::locate_zone(name);
    date::sys_seconds at{std::chrono::seconds{0}};
    zone.offset_s = static_cast<std::int32_t>(found->get_info(at).offset.count());
    while (at.time_since_epoch().count() < kEndOf2100) {
      const date::sys_info info = found->get_info(at);
      if (info.end.time_since_epoch().count() >= kEndOf2100) break;
      at = info.end;
      zone.transitions.push_back({{at.time_since_epoch().count() * 1000},
                                  static_cast<std::int32_t>(found->get_info(at).offset.count())});
    }
    return zone;
  } catch (const std::exception& error) {
    return base::Unexpected{"time zone \"" + name + "\" is not known (" + error.what() + ")"};
  }
}

}  // namespace app
