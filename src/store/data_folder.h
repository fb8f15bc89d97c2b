#pragma once
// The folder that one running Harrier owns: database, journal, key file, local socket.

#include <string>
#include <utility>

#include "base/result.h"

namespace store {

// Holds the folder's lock (flock on harrier.lock) for as long as it lives; kill -9 frees it.
class DataFolder final {
 public:
  // Makes the folder (0700) if it is missing, with its parents, and locks it. The error is one
  // clear line: "the data folder X is in use by another Harrier (pid N)".
  [[nodiscard]] static base::Result<DataFolder, std::string> open(const std::string& path);
  ~DataFolder();
  DataFolder(DataFolder&& other) noexcept;
  DataFolder& operator=(DataFolder&& other) noexcept;
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  // A file inside; an absolute name stays as it is.
  [[nodiscard]] std::string file(const std::string& name) const;

 private:
  DataFolder(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  std::string path_;
  int descriptor_ = -1;
};

}  // namespace store
