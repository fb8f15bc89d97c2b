#pragma once
// The media engine as this program runs it: where sounds and recordings are, log lines, events.

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "facts/media.h"
#include "media/engine.h"
#include "model/office.h"
#include "obs/observer.h"

namespace app {

// Recordings and messages go below `media_folder`, and are found there; sounds of the office are
// looked for in the data folder, prompts and music where Debian's packages put them. `events` comes
// from the engine's threads. The failure is one clear line.
[[nodiscard]] base::Result<std::unique_ptr<media::Engine>, std::string> start_sound(
    const std::string& data_folder, const std::string& media_folder, obs::Observer& observer,
    std::function<void(const facts::MediaEvent&)> events);

// True if a server with this data folder finds a file for a sound of this name.
[[nodiscard]] bool sound_exists(const std::string& data_folder, const std::string& name);
// A line on stderr for each of the office's sounds that has no file there.
void print_missing_sounds(const model::Office& office, const std::string& data_folder);

}  // namespace app
