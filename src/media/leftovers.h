#pragma once
// What a process that was killed left in the media folder.

#include <cstddef>
#include <string>

namespace media {

// Removes the recordings that never became whole (NAME.part), in all its folders; how many. Nobody
// writes there while it runs.
std::size_t remove_leftovers(const std::string& media_folder);

}  // namespace media
