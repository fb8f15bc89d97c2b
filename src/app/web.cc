#include "app/web.h"

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <unistd.h>

#include "api/backend.h"
#include "api/desk.h"
#include "app/certificate.h"
#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "config/server.h"
#include "model/office.h"
#include "net/socket_address.h"

namespace app {
namespace {

namespace fs = std::filesystem;

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

bool is_loopback(const base::IpAddress& ip) {
  const std::string text = ip.to_string();
  return text.starts_with("127.") || text == "::1";
}

// Where a socket on all addresses is reached from outside: the way to a documentation address.
std::string reachable(const base::Address& listen) {
  const std::string text = listen.ip.to_string();
  if (text != "0.0.0.0" && text != "::") return text;
  const auto outside = base::IpAddress::parse(text == "::" ? "2001:db8::1" : "192.0.2.1");
  const auto own = outside.has_value() ? net::source_towards(*outside) : std::nullopt;
  return own.has_value() ? own->to_string() : "127.0.0.1";
}

}  // namespace

std::string web_folder() {
  std::error_code error;
  const fs::path binary = fs::read_symlink("/proc/self/exe", error).parent_path();
  if (error) return {};
  for (const char* place : {"web", "../share/harrier/web", "../../web/dist"}) {
    const fs::path folder = (binary / place).lexically_normal();
    if (fs::is_regular_file(folder / "index.html", error)) return folder.string();
  }
  return {};
}

base::Result<Certificate, std::string> web_certificate(const config::TlsConfig& config,
                                                       const std::string& data_folder,
                                                       const base::Address& listen,
                                                       base::WallTime now) {
  if (!config.certificate.empty())
    return read_certificate(config.certificate,
                            config.key.empty() ? config.certificate : config.key);
  return own_certificate(data_folder, {host_name(), reachable(listen)}, now);
}

std::string web_address(const base::Address& listen) {
  base::Address shown = listen;
  if (const auto ip = base::IpAddress::parse(reachable(listen)); ip.has_value()) shown.ip = *ip;
  return (is_loopback(shown.ip) ? "http://" : "https://") + shown.to_string();
}

std::string setup_line(api::Backend& backend, api::Desk& desk) {
  const auto snapshot = backend.snapshot();
  for (const model::Admin& admin : snapshot->office().admins)
    if (admin.role == model::AdminRole::Administrator && !admin.password.empty()) return {};
  return "harrier: no administrator yet; make one at " + backend.web_address() +
         "/setup?once=" + desk.setup.make(backend.now()) + " (works once, for 60 minutes)";
}

}  // namespace app
