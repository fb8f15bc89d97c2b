#include "api/web_files.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "api/http.h"
#include "config/file.h"
#include "store/secrets.h"

namespace api {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNonceMark = "{{csp-nonce}}";

struct Type {
  std::string_view ending, type;
};
constexpr std::array<Type, 18> kTypes{{{".html", "text/html; charset=utf-8"},
                                       {".js", "text/javascript; charset=utf-8"},
                                       {".mjs", "text/javascript; charset=utf-8"},
                                       {".css", "text/css; charset=utf-8"},
                                       {".json", "application/json"},
                                       {".map", "application/json"},
                                       {".webmanifest", "application/manifest+json"},
                                       {".svg", "image/svg+xml"},
                                       {".png", "image/png"},
                                       {".jpg", "image/jpeg"},
                                       {".webp", "image/webp"},
                                       {".ico", "image/x-icon"},
                                       {".woff2", "font/woff2"},
                                       {".woff", "font/woff"},
                                       {".wasm", "application/wasm"},
                                       {".txt", "text/plain; charset=utf-8"},
                                       {".mp3", "audio/mpeg"},
                                       {".wav", "audio/wav"}}};

std::string type_of(std::string_view path) {
  for (const Type& one : kTypes)
    if (path.ends_with(one.ending)) return std::string{one.type};
  return "application/octet-stream";
}

// "assets/index-BQ3x1k9a.js": eight letters or more of a hash between a dash or dot and the ending.
bool has_hash(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view stem = path.substr(0, dot);
  const std::size_t from = stem.find_last_of("-.");
  if (from == std::string_view::npos || stem.size() - from - 1 < 8) return false;
  const std::string_view hash = stem.substr(from + 1);
  return path.starts_with("assets/") && std::ranges::all_of(hash, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '_';
         });
}

// What changes when the application is built again.
std::string look_of(const std::string& folder) {
  std::error_code error;
  const auto written = fs::last_write_time(folder + "/index.html", error);
  if (error) return {};
  return std::to_string(written.time_since_epoch().count()) + "-" +
         std::to_string(fs::file_size(folder + "/index.html", error));
}

bool accepts(const Request& request, std::string_view coding) {
  return request.header("accept-encoding").find(coding) != std::string::npos;
}

bool is_navigation(const Request& request) {
  return request.header("accept").find("text/html") != std::string::npos;
}

Response not_built() {
  Response response;
  response.status = 503;
  response.type = "text/html; charset=utf-8";
  response.body =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Harrier</title></head>"
      "<body><h1>Harrier runs</h1><p>Its web pages were not built: there is no folder "
      "<code>web</code> beside the program, and no <code>web/dist</code> in its source. "
      "<code>./dev build</code> makes it.</p><p>The API is at <a "
      "href=\"/api/v1/openapi.json\">/api/v1</a>, the state at <a href=\"/readyz\">/readyz</a>.</p>"
      "</body></html>\n";
  add_page_headers(response, {});
  return response;
}

}  // namespace

void add_page_headers(Response& response, std::string_view nonce) {
  std::string style = "style-src 'self'";
  if (!nonce.empty()) style.append(" 'nonce-").append(nonce).append("'");
  response.headers.emplace_back(
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; " + style +
          "; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; media-src 'self' "
          "blob:; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
          "frame-ancestors 'none'");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("X-Frame-Options", "DENY");
  response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  response.headers.emplace_back("Permissions-Policy",
                                "camera=(), geolocation=(), payment=(), usb=(), microphone=(self)");
}

WebFiles::WebFiles(std::string folder) : folder_(std::move(folder)) {}

std::shared_ptr<const WebFiles::Files> WebFiles::read(const std::string& folder) {
  auto files = std::make_shared<Files>();
  std::size_t bytes = 0;
  std::error_code error;
  // Links are not followed: what they name is not of the application.
  fs::recursive_directory_iterator it{folder, error};
  for (; !error && it != fs::recursive_directory_iterator{}; it.increment(error)) {
    std::error_code ignored;
    if (!it->is_regular_file(ignored) || it->is_symlink(ignored)) continue;
    if (files->size() >= kFilesMax) break;
    std::string path = fs::path{it->path()}.lexically_relative(folder).generic_string();
    auto text = config::read_file(it->path().string());
    if (!text.has_value()) continue;
    bytes += text->size();
    if (bytes > kBytesMax) break;
    const bool gzip = path.ends_with(".gz");
    const bool brotli = path.ends_with(".br");
    if (gzip || brotli) path.resize(path.size() - 3);
    File& file = (*files)[path];
    (gzip ? file.gzip : brotli ? file.brotli : file.plain) = *std::move(text);
  }
  for (auto& [path, file] : *files) {
    file.type = type_of(path);
    file.etag = "\"" + store::token_hash(file.plain).substr(0, 32) + "\"";
    file.is_hashed = has_hash(path);
  }
  return files;
}

std::shared_ptr<const WebFiles::Files> WebFiles::files() {
  const std::string look = folder_.empty() ? std::string{} : look_of(folder_);
  const std::scoped_lock lock{mutex_};
  if (files_ == nullptr || look != read_at_) {
    files_ = look.empty() ? std::make_shared<const Files>() : read(folder_);
    read_at_ = look;
  }
  return files_;
}

Response WebFiles::answer(const Request& request, const File& file, bool is_index) {
  Response response;
  response.type = file.type;
  const std::string nonce = is_index ? store::new_token() : std::string{};
  add_page_headers(response, nonce);
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (is_index) {
    // A fresh nonce each time: not kept anywhere, and not the compressed copy.
    response.body = file.plain;
    for (std::size_t at = response.body.find(kNonceMark); at != std::string::npos;
         at = response.body.find(kNonceMark, at))
      response.body.replace(at, kNonceMark.size(), nonce);
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
  }
  response.headers.emplace_back("ETag", file.etag);
  response.headers.emplace_back(
      "Cache-Control", file.is_hashed ? "public, max-age=31536000, immutable" : "no-cache");
  if (request.header("if-none-match") == file.etag) {
    response.status = 304;
    return response;
  }
  if (!file.brotli.empty() && accepts(request, "br")) {
    response.body = file.brotli;
    response.headers.emplace_back("Content-Encoding", "br");
  } else if (!file.gzip.empty() && accepts(request, "gzip")) {
    response.body = file.gzip;
    response.headers.emplace_back("Content-Encoding", "gzip");
  } else {
    response.body = file.plain;
  }
  return response;
}

std::optional<Response> WebFiles::get(const Request& request) {
  const auto files = this->files();
  const auto decoded = percent_decoded(request.path);
  const std::string path = decoded.value_or("/").substr(1);
  const auto index = files->find("index.html");
  if (index == files->end()) {
    if (path.empty() || is_navigation(request)) return not_built();
    return {};
  }
  if (path.empty() || path == "index.html") return answer(request, index->second, true);
  if (const auto file = files->find(path); file != files->end() && !file->second.plain.empty())
    return answer(request, file->second, false);
  // A page of the application by its own address; what has an ending is a file that is not there.
  if (is_navigation(request) && path.substr(path.rfind('/') + 1).find('.') == std::string::npos)
    return answer(request, index->second, true);
  return {};
}

}  // namespace api
