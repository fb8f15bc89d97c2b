#pragma once
// A text as a sound: espeak-ng speaks it, a program of its own that is not part of this one.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace app {

enum class SpeechTrouble : std::uint8_t {
  NotInstalled,  // espeak-ng is not on this machine
  Slow,          // it did not end in time, and was ended
  Failed,
};

// The WAV file. `language`: en, pl or es; `folder`: for files that are there only meanwhile. Waits
// until it is spoken, some seconds at most: never on the signalling thread, one at a time in a
// folder.
[[nodiscard]] base::Result<std::string, SpeechTrouble> speak(const std::string& folder,
                                                             std::string_view text,
                                                             std::string_view language);

}  // namespace app
