#pragma once
// The certificate of the web pages: the administrator's, or one of our own for the beginning.

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace app {

struct Certificate {
  std::string certificate_file, key_file;
  std::string subject;
  base::WallTime expires{};
  bool self_signed = false;
};

// The administrator's files. The error is one clear line.
[[nodiscard]] base::Result<Certificate, std::string> read_certificate(
    const std::string& certificate_file, const std::string& key_file);
// Ours in the data folder: made for these names and addresses if it is not there yet, or ends
// within a month. A browser has to be told to trust it.
[[nodiscard]] base::Result<Certificate, std::string> own_certificate(
    const std::string& data_folder, const std::vector<std::string>& names, base::WallTime now);

}  // namespace app
