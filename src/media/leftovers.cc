#include "media/leftovers.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "media/detail/wav_file.h"

namespace media {

namespace fs = std::filesystem;

std::size_t remove_leftovers(const std::string& media_folder) {
  std::error_code error;
  std::vector<fs::path> unfinished;
  for (fs::recursive_directory_iterator entry(media_folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code of_this;
    const bool is_file = entry->is_regular_file(of_this) && !entry->is_symlink(of_this);
    if (is_file && entry->path().extension() == detail::kGrowing)
      unfinished.push_back(entry->path());
  }
  std::size_t removed = 0;
  for (const fs::path& path : unfinished) removed += fs::remove(path, error) ? 1U : 0U;
  return removed;
}

}  // namespace media
