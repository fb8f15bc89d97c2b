#include "media/sound_names.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "media/settings.h"

namespace media {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameBytesMax = 255;
constexpr std::array<std::string_view, 11> kEndings{
    ".wav", ".flac", ".ogg", ".opus", ".mp3", ".oga", ".aiff", ".aif", ".au", ".caf", ".w64"};

bool is_sound(const fs::path& path) {
  return std::find(kEndings.begin(), kEndings.end(), path.extension().string()) != kEndings.end();
}

std::vector<std::string> sounds_in(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (is_safe_name(name) && is_sound(entry->path()) && entry->is_regular_file(error)) {
      files.push_back(entry->path().string());
    }
  }
  std::sort(files.begin(), files.end());
  if (files.size() > kMusicFilesMax) files.resize(kMusicFilesMax);
  return files;
}

// What `path` is: a file, a folder of files, or a file once an ending is added.
std::vector<std::string> files_at(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_regular_file(status)) return {path.string()};
  if (fs::is_directory(status)) return sounds_in(path);
  for (const std::string_view ending : kEndings) {
    fs::path with = path;
    with += ending;
    if (fs::is_regular_file(with, error)) return {with.string()};
  }
  return {};
}

}  // namespace

bool is_safe_name(std::string_view name) {
  if (name.empty() || name.size() > kNameBytesMax) return false;
  bool begins = true;
  for (const char c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\') return false;
    if (begins && (c == '/' || c == '.')) return false;
    begins = c == '/';
  }
  return !begins;
}

std::vector<std::string> files_of(std::span<const SoundFolder> folders, std::string_view name) {
  if (!is_safe_name(name)) return {};
  for (const SoundFolder& at : folders) {
    if (!name.starts_with(at.prefix)) continue;
    const std::string_view rest = name.substr(at.prefix.size());
    // "music/default" is the folder itself, and no prefix of "music/default2".
    const bool whole = !at.prefix.empty() && at.prefix.back() != '/';
    if (whole != rest.empty()) continue;
    std::vector<std::string> files =
        files_at(whole ? fs::path(at.folder) : fs::path(at.folder) / fs::path(rest));
    if (!files.empty()) return files;
  }
  return {};
}

std::vector<SoundFolder> usual_folders(const std::string& uploads) {
  const std::string debian = "/usr/share/asterisk/";
  return {{"", uploads},
          {"en/", debian + "sounds/en_US_f_Allison"},
          {"es/", debian + "sounds/es_MX_f_Allison"},
          {"music/default", debian + "moh"}};
}

}  // namespace media
