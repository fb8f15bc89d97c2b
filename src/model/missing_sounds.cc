// Sounds of which nobody finds the file.

#include <cstddef>
#include <functional>
#include <string>

#include "model/detail/validator.h"
#include "model/findings.h"
#include "model/office.h"
#include "model/validate.h"

namespace model {

Findings missing_sounds(const Office& office,
                        const std::function<bool(const std::string&)>& exists) {
  Findings findings;
  for (std::size_t i = 0; i < office.sounds.size(); ++i) {
    const Sound& sound = office.sounds[i];
    if (exists(sound.file)) continue;
    findings.push_back({Severity::Warning,
                        "no_file",
                        detail::at("sounds", i, "file"),
                        {},
                        "there is no sound file \"" + sound.file + "\" for " + sound.name +
                            ": whoever should hear it hears a tone"});
  }
  return findings;
}

}  // namespace model
