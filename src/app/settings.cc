#include "app/settings.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "call/settings.h"
#include "config/file.h"
#include "config/server.h"
#include "config/yaml.h"
#include "model/findings.h"
#include "model/office.h"
#include "net/socket_address.h"
#include "net/tls.h"
#include "obs/log.h"
#include "obs/observer.h"
#include "sip/uri.h"

namespace app {
namespace {

using base::Unexpected;

call::MediaSettings::When when(config::Anchor anchor) {
  switch (anchor) {
    case config::Anchor::Auto:
      return call::MediaSettings::When::Auto;
    case config::Anchor::Always:
      return call::MediaSettings::When::Always;
    case config::Anchor::Never:
      return call::MediaSettings::When::Never;
  }
  return call::MediaSettings::When::Auto;
}

net::TlsVerify verify(config::Verify word) {
  switch (word) {
    case config::Verify::None:
      return net::TlsVerify::None;
    case config::Verify::Trunks:
      return net::TlsVerify::Trunks;
    case config::Verify::All:
      return net::TlsVerify::All;
  }
  return net::TlsVerify::All;
}

}  // namespace

base::Result<config::ServerConfig, std::string> read_config(const std::string& name) {
  if (name.empty()) return config::default_server();
  const auto text = config::read_file(name);
  if (!text.has_value()) return Unexpected{config::unreadable(name)};
  const auto node = config::read_yaml(*text);
  if (!node)
    return Unexpected{name + ":" + std::to_string(node.error().at.line) + ":" +
                      std::to_string(node.error().at.column) + ": error: " + node.error().message};
  auto decoded = config::decode_server(*node);
  std::string lines;
  for (const model::Finding& finding : decoded.findings)
    lines += model::line_of(finding, name) + "\n";
  if (!decoded.ok()) {
    if (!lines.empty()) lines.pop_back();
    return Unexpected{lines};
  }
  (void)std::fputs(lines.c_str(), stderr);
  return std::move(decoded.value);
}

obs::ObserverOptions log_options(const config::LogConfig& log) {
  obs::ObserverOptions options;
  switch (log.level) {
    case config::LogLevel::Error:
      options.level = obs::Level::Error;
      break;
    case config::LogLevel::Warn:
      options.level = obs::Level::Warn;
      break;
    case config::LogLevel::Info:
      options.level = obs::Level::Info;
      break;
    case config::LogLevel::Debug:
      options.level = obs::Level::Debug;
      break;
  }
  options.format =
      log.format == config::LogFormat::Json ? obs::LogFormat::Json : obs::LogFormat::Text;
  options.pii = log.pii == config::Pii::Shown   ? obs::PiiMode::Shown
                : log.pii == config::Pii::Short ? obs::PiiMode::Short
                                                : obs::PiiMode::Hidden;
  return options;
}

base::Result<std::shared_ptr<const net::TlsContext>, std::string> signalling_tls(
    const config::ServerConfig& config) {
  const bool wanted =
      std::any_of(config.listen.begin(), config.listen.end(),
                  [](const config::Listen& at) { return base::is_secure(at.transport); });
  if (!wanted) return std::shared_ptr<const net::TlsContext>();
  return net::TlsContext::load(
      {config.tls.certificate, config.tls.key, config.tls.ca, verify(config.tls.verify)});
}

std::vector<std::string> unreachable_trunks(const config::ServerConfig& config,
                                            const model::Office& office) {
  std::vector<std::string> lines;
  for (const model::Trunk& trunk : office.trunks) {
    const auto uri = sip::Uri::parse(trunk.uri);
    if (!uri.has_value()) continue;
    const bool sips = uri->scheme == sip::Scheme::Sips;
    const auto named = uri->param("transport");
    auto wanted = named.has_value() ? base::transport_from(*named) : std::nullopt;
    if (sips) wanted = base::Transport::Tls;
    if (!wanted.has_value()) continue;
    const bool there =
        std::any_of(config.listen.begin(), config.listen.end(),
                    [&](const config::Listen& at) { return at.transport == *wanted; });
    if (there && !base::is_websocket(*wanted)) continue;
    const std::string name{base::name_of(*wanted)};
    lines.push_back("the trunk \"" + trunk.name + "\" cannot be reached by " + name +
                    (base::is_websocket(*wanted)
                         ? ": only phones open WebSockets"
                         : ": nothing listens on " + name + ":// (sip.listen)"));
  }
  return lines;
}

call::Settings engine_settings(const config::ServerConfig& config) {
  call::Settings settings;
  settings.advertise = config.advertise;
  settings.trusted = config.trusted;
  // Documentation addresses: whatever way leads out of this machine leads there.
  for (const char* outside : {"192.0.2.1", "2001:db8::1"}) {
    const auto peer = base::IpAddress::parse(outside);
    if (!peer.has_value()) continue;
    if (const auto own = net::source_towards(*peer); own.has_value()) settings.own.push_back(*own);
  }
  settings.timers = {config.timers.t1, config.timers.t2,   config.timers.t4,
                     config.timers.c,  config.timers.dead, config.timers.dead_trunk};
  settings.emergency = config.emergency;
  settings.limits = config.limits;
  settings.media.available = config.media.anchor != config::Anchor::Never;
  settings.media.first_port = config.media.first_port;
  settings.media.last_port = config.media.last_port;
  settings.media.address = config.media.address;
  settings.media.anchor = when(config.media.anchor);
  return settings;
}

}  // namespace app
