#pragma once
// From the name of a sound to its files. No name leads out of the folders that the settings list.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/settings.h"

namespace media {

inline constexpr std::size_t kMusicFilesMax = 100;  // of one folder; the rest is not played

// "en/vm-goodbye", "welcome.wav": pieces between slashes, none empty or beginning with a dot, no
// control characters and no backslash. Also the rule for files that are recorded.
[[nodiscard]] bool is_safe_name(std::string_view name);

// The file of `name`, or the files of a folder in the order of their names; empty: there is none.
// A name without an ending is tried with those of the formats that libsndfile reads. Reads folders.
[[nodiscard]] std::vector<std::string> files_of(std::span<const SoundFolder> folders,
                                                std::string_view name);

}  // namespace media
