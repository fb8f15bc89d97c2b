#include "store/data_folder.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "base/result.h"

namespace store {
namespace {

// The process that wrote its number into the lock file, or "?".
std::string owner_of(int descriptor) {
  std::array<char, 32> text{};
  const auto got = ::pread(descriptor, text.data(), text.size() - 1, 0);
  std::string pid;
  for (std::size_t i = 0; got > 0 && i < static_cast<std::size_t>(got); ++i) {
    if (text.at(i) < '0' || text.at(i) > '9') break;
    pid += text.at(i);
  }
  return pid.empty() ? "?" : pid;
}

}  // namespace

base::Result<DataFolder, std::string> DataFolder::open(const std::string& path) {
  const std::string folder = path.empty() ? "." : path;
  std::error_code why;
  std::filesystem::create_directories(std::filesystem::path(folder).parent_path(), why);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return base::Unexpected{"the data folder " + folder +
                            " cannot be made: " + std::generic_category().message(errno)};
  }
  const std::string lock_file = folder + "/harrier.lock";
  const int descriptor = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return base::Unexpected{"the data folder " + folder +
                            " cannot be used: " + std::generic_category().message(errno)};
  }
  DataFolder made{folder, descriptor};
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return base::Unexpected{"the data folder " + folder + " is in use by another Harrier (pid " +
                            owner_of(descriptor) + ")"};
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  // Only for the sentence above: a full disk must not keep the server from starting.
  if (::ftruncate(descriptor, 0) == 0) (void)!::pwrite(descriptor, pid.data(), pid.size(), 0);
  return made;
}

DataFolder::~DataFolder() {
  if (descriptor_ >= 0) (void)::close(descriptor_);
}
DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
DataFolder& DataFolder::operator=(DataFolder&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

std::string DataFolder::file(const std::string& name) const {
  if (!name.empty() && name.front() == '/') return name;
  return path_ + "/" + name;
}

}  // namespace store
