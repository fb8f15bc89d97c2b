#pragma once
// The web application: the files that its build left in a folder, read once into memory. A path is
// looked up and never opened, so none leads out of the folder.

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "api/http.h"

namespace api {

class WebFiles final {
 public:
  static constexpr std::size_t kBytesMax = std::size_t{64} * 1024 * 1024;
  static constexpr std::size_t kFilesMax = 5'000;

  // "" = there is no web application.
  explicit WebFiles(std::string folder);

  // The answer to a GET outside the API; nothing for what is neither a file nor, for a browser that
  // goes to a page, one of the application's own addresses.
  [[nodiscard]] std::optional<Response> get(const Request& request);

 private:
  struct File {
    std::string type, etag, plain, gzip, brotli;
    bool is_hashed = false;  // its name changes with what is in it
  };
  using Files = std::map<std::string, File, std::less<>>;  // by path without the first slash

  [[nodiscard]] std::shared_ptr<const Files> files();
  [[nodiscard]] static std::shared_ptr<const Files> read(const std::string& folder);
  [[nodiscard]] static Response answer(const Request& request, const File& file, bool is_index);

  std::string folder_;
  std::mutex mutex_;
  std::shared_ptr<const Files> files_;
  std::string read_at_;  // what index.html looked like then
};

// Headers that every page and file carries. `nonce`: of style elements, empty where there are none.
void add_page_headers(Response& response, std::string_view nonce);

}  // namespace api
