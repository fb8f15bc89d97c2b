#include "config/server.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/limits.h"
#include "base/node.h"
#include "base/time.h"
#include "config/detail/section.h"
#include "model/findings.h"

namespace config {
namespace {

using detail::Section;

constexpr std::string_view kNotYet = " is not built yet in this release";
constexpr base::Duration kMillisecond{1};
constexpr base::Duration kHour{3'600'000};

// Limits that may be named in `limits`, with the bounds within which they make sense. What guards
// the reading of messages may be lowered only.
struct Limit {
  std::string_view name;
  std::uint32_t base::Limits::* value;
  std::int64_t least, most;
};
constexpr auto kLimits = std::to_array<Limit>({
    {"message_bytes", &base::Limits::message_bytes, 2'048, base::kMessageBytesMax},
    {"header_bytes", &base::Limits::header_bytes, 512, base::kHeaderBytesMax},
    {"header_lines", &base::Limits::header_lines, 20, base::kHeaderLinesMax},
    {"vias", &base::Limits::vias, 5, base::kViasMax},
    {"sdp_bytes", &base::Limits::sdp_bytes, 1'024, base::kSdpBytesMax},
    {"sdp_media", &base::Limits::sdp_media, 1, base::kSdpMediaMax},
    {"sdp_attributes", &base::Limits::sdp_attributes, 8, base::kSdpAttributesMax},
    {"calls", &base::Limits::calls, 1, 1'000'000},
    {"transactions", &base::Limits::transactions, 10, 10'000'000},
    {"branches", &base::Limits::branches, 1, 10'000},
    {"early_dialogs", &base::Limits::early_dialogs, 1, 256},
    {"redirects", &base::Limits::redirects, 0, 20},
    {"finals", &base::Limits::finals, 1, 100},
    {"bindings_per_aor", &base::Limits::bindings_per_aor, 1, 100},
    {"contact_bytes", &base::Limits::contact_bytes, 128, 8'192},
    {"paths", &base::Limits::paths, 1, 32},
    {"expires_min", &base::Limits::expires_min, 1, 86'400},
    {"expires_default", &base::Limits::expires_default, 30, 86'400},
    {"expires_max", &base::Limits::expires_max, 60, 604'800},
    {"source_requests", &base::Limits::source_requests, 1, 1'000'000},
    {"source_invites", &base::Limits::source_invites, 1, 1'000'000},
    {"source_registers", &base::Limits::source_registers, 1, 1'000'000},
    {"stranger_requests", &base::Limits::stranger_requests, 1, 1'000'000},
    {"source_calls", &base::Limits::source_calls, 1, 1'000'000},
    {"user_calls", &base::Limits::user_calls, 1, 1'000'000},
    {"external_calls", &base::Limits::external_calls, 0, 100'000},
    {"external_calls_a_day", &base::Limits::external_calls_a_day, 0, 1'000'000},
    {"address_connections", &base::Limits::address_connections, 1, 16'384},
    {"account_tries", &base::Limits::account_tries, 1, 1'000},
    {"ban_after", &base::Limits::ban_after, 1, 1'000'000},
    {"ban_seconds", &base::Limits::ban_seconds, 1, 86'400},
    {"ladder_bytes", &base::Limits::ladder_bytes, 0, 1'073'741'824},
});

std::optional<Listen> listen_from(const std::string& text) {
  const std::size_t colon = text.find("://");
  if (colon == std::string::npos) return std::nullopt;
  const auto transport = base::transport_from(std::string_view(text).substr(0, colon));
  const auto address = base::Address::parse(std::string_view(text).substr(colon + 3));
  if (!transport || !address) return std::nullopt;
  return Listen{*transport, *address, text};
}

void read_listen(Section& sip, ServerConfig& server) {
  std::vector<std::string> texts;
  const bool given = sip.take("listen") != nullptr;
  sip.texts("listen", texts);
  if (!given) return;
  server.listen.clear();
  if (texts.empty()) sip.error("missing", "listen", "at least one address to listen on is needed");
  for (const std::string& text : texts) {
    auto listen = listen_from(text);
    if (!listen) {
      sip.error("bad_text", "listen",
                "\"" + text +
                    "\" is not understood; write udp://0.0.0.0:5060, tcp://[::]:5060, "
                    "tls://0.0.0.0:5061, ws://127.0.0.1:5066 or wss://0.0.0.0:5067");
      continue;
    }
    const bool twice =
        std::any_of(server.listen.begin(), server.listen.end(), [&](const Listen& known) {
          const bool same_protocol =
              base::is_stream(known.transport) == base::is_stream(listen->transport);
          return known.address.port != 0 && same_protocol && known.address == listen->address;
        });
    if (twice)
      sip.error("number_used_twice", "listen",
                "\"" + text + "\": another entry has this address and port already");
    else
      server.listen.push_back(std::move(*listen));
  }
}

void read_sip(Section sip, ServerConfig& server) {
  read_listen(sip, server);
  sip.text("advertise", server.advertise);
  if (!server.advertise.empty() && !base::IpAddress::parse(server.advertise) &&
      server.advertise.find_first_of(" /:@") != std::string::npos)
    sip.error("bad_text", "advertise",
              "\"" + server.advertise + "\" is not an address or a host name");
  std::string shards = "auto";
  sip.text("shards", shards);
  if (shards != "auto") {
    const auto count = sip.whole("shards", 1, 256);
    if (count) server.shards = static_cast<std::uint32_t>(*count);
    if (count && *count > 1)
      sip.warn("not_carried_out", "shards",
               "more than one signalling thread is kept, but not carried out yet in this release");
  }
  std::vector<std::string> trusted;
  sip.texts("trusted", trusted);
  for (const std::string& text : trusted) {
    const auto prefix = base::Cidr::parse(text);
    if (prefix)
      server.trusted.push_back(*prefix);
    else
      sip.error("bad_text", "trusted",
                "\"" + text + "\" is not an address; write 10.0.0.0/8 or 192.0.2.7");
  }
  sip.finish();
}

void read_http(Section http, ServerConfig& server) {
  std::string text;
  http.text("listen", text);
  if (!text.empty()) {
    const auto address = base::Address::parse(text);
    if (address)
      server.http = *address;
    else
      http.error("bad_text", "listen", "\"" + text + "\" is not understood; write 127.0.0.1:8080");
  }
  http.finish();
}

void read_stores(Section& root, ServerConfig& server) {
  std::string store = "sqlite:" + server.store_path;
  root.text("store", store);
  if (store.starts_with("postgresql://") || store.starts_with("postgres://"))
    root.error("not_built", "store",
               "a store in PostgreSQL" + std::string(kNotYet) + "; use sqlite:harrier.db");
  else if (!store.starts_with("sqlite:") || store.size() == 7)
    root.error("bad_text", "store", "\"" + store + "\" is not understood; write sqlite:harrier.db");
  else
    server.store_path = store.substr(7);
  std::string cluster;
  root.text("cluster", cluster);
  if (!cluster.empty())
    root.error("not_built", "cluster",
               "a cluster (\"" + cluster + "\")" + std::string(kNotYet) + "; leave it empty");
}

void read_ports(Section& media, MediaConfig& config) {
  std::string text;
  media.text("ports", text);
  if (text.empty()) return;
  const std::size_t dash = text.find('-');
  const auto port = [](const std::string& digits) -> std::optional<std::uint16_t> {
    std::uint16_t value = 0;
    const char* end = digits.data() + digits.size();
    if (digits.empty() || std::from_chars(digits.data(), end, value).ptr != end) return {};
    return value;
  };
  const auto first = port(text.substr(0, dash));
  const auto last = dash == std::string::npos ? first : port(text.substr(dash + 1));
  if (!first || !last || *first < 1'024 || *last < *first) {
    media.error("bad_text", "ports",
                "\"" + text + "\" is not understood; write 30000-39999 (from 1024 on)");
    return;
  }
  config.first_port = *first;
  config.last_port = *last;
}

void read_media(Section media, ServerConfig& server) {
  MediaConfig& config = server.media;
  media.text("engine", config.engine);
  if (config.engine.starts_with("rtpengine://"))
    media.error("not_built", "engine",
                "media through rtpengine" + std::string(kNotYet) + "; use embedded");
  else if (config.engine != "embedded")
    media.error("unknown_word", "engine",
                "\"engine\" cannot be \"" + config.engine +
                    "\"; write embedded or rtpengine://127.0.0.1:2223");
  if (const auto anchor = media.choice("anchor", {"auto", "always", "never"}))
    config.anchor = static_cast<Anchor>(*anchor);
  read_ports(media, config);
  media.text("address", config.address);
  media.finish();
}

void read_log(Section log, ServerConfig& server) {
  if (const auto level = log.choice("level", {"error", "warn", "info", "debug"}))
    server.log.level = static_cast<LogLevel>(*level);
  if (const auto format = log.choice("format", {"text", "json"}))
    server.log.format = static_cast<LogFormat>(*format);
  if (const auto pii = log.choice("pii", {"shown", "short", "hidden"}))
    server.log.pii = static_cast<Pii>(*pii);
  log.finish();
}

void read_timers(Section timers, ServerConfig& server) {
  TimersConfig& config = server.timers;
  timers.seconds("t1", config.t1, 10 * kMillisecond, base::Duration{10'000});
  timers.seconds("t2", config.t2, 10 * kMillisecond, base::Duration{60'000});
  timers.seconds("t4", config.t4, 10 * kMillisecond, base::Duration{60'000});
  timers.seconds("c", config.c, base::Duration{1'000}, kHour);
  timers.seconds("dead", config.dead, 100 * kMillisecond, base::Duration{60'000});
  timers.seconds("dead_trunk", config.dead_trunk, 100 * kMillisecond, base::Duration{60'000});
  if (config.t2 < config.t1)
    timers.error("out_of_range", "t2", "\"t2\" must not be smaller than \"t1\"");
  timers.finish();
}

void read_tls(Section tls, ServerConfig& server) {
  tls.text("certificate", server.tls.certificate);
  tls.text("key", server.tls.key);
  tls.text("ca", server.tls.ca);
  if (const auto verify = tls.choice("verify", {"none", "trunks", "all"}))
    server.tls.verify = static_cast<Verify>(*verify);
  const auto secure =
      std::find_if(server.listen.begin(), server.listen.end(),
                   [](const Listen& listen) { return base::is_secure(listen.transport); });
  if (secure != server.listen.end() && server.tls.certificate.empty())
    tls.error("missing", "certificate",
              "\"" + secure->text + "\" needs a certificate; name its file (PEM)");
  if (server.tls.verify == Verify::All && server.tls.ca.empty())
    tls.error("missing", "ca",
              "\"verify: all\" needs the authorities whose certificates phones and trunks show; "
              "name their file (PEM)");
  tls.finish();
}

void read_limits(Section limits, ServerConfig& server) {
  for (const Limit& limit : kLimits) {
    const auto value = limits.whole(limit.name, limit.least, limit.most);
    if (value) server.limits.*limit.value = static_cast<std::uint32_t>(*value);
  }
  const base::Limits& set = server.limits;
  if (set.expires_min > set.expires_default || set.expires_default > set.expires_max)
    limits.error("out_of_range", "expires_default",
                 "\"expires_min\", \"expires_default\" and \"expires_max\" must not fall in this "
                 "order");
  limits.finish();
}

void read_hep(Section hep, ServerConfig& server) {
  constexpr std::uint16_t kHepPort = 9'060;
  std::string to;
  hep.text("to", to);
  if (const auto address = base::Address::parse(to)) {
    server.hep.to = *address;
    if (server.hep.to.port == 0) server.hep.to.port = kHepPort;
  } else if (!to.empty()) {
    hep.error("bad_text", "to", "\"" + to + "\" is not an address such as 192.0.2.9:9060");
  }
  hep.text("password", server.hep.password);
  if (const auto id = hep.whole("id", 0, UINT32_MAX))
    server.hep.id = static_cast<std::uint32_t>(*id);
  hep.finish();
}

void read_webhooks(Section webhooks, ServerConfig& server) {
  std::vector<std::string> allow;
  webhooks.texts("allow", allow);
  for (const std::string& text : allow) {
    const auto prefix = base::Cidr::parse(text);
    if (prefix)
      server.hooks_allow.push_back(*prefix);
    else
      webhooks.error("bad_text", "allow",
                     "\"" + text + "\" is not an address; write 10.0.0.0/8 or 192.0.2.7");
  }
  webhooks.finish();
}

void read_emergency(Section& root, ServerConfig& server) {
  root.texts("emergency", server.emergency);
  for (const std::string& number : server.emergency)
    if (number.empty() || number.find_first_not_of("0123456789+*#") != std::string::npos)
      root.error("bad_text", "emergency", "\"" + number + "\" is not a number such as \"112\"");
}

}  // namespace

ServerConfig default_server() {
  ServerConfig server;
  for (const char* text : {"udp://0.0.0.0:5060", "tcp://0.0.0.0:5060"})
    if (auto listen = listen_from(text)) server.listen.push_back(std::move(*listen));
  if (const auto http = base::Address::parse("127.0.0.1:8080")) server.http = *http;
  return server;
}

model::Decoded<ServerConfig> decode_server(const base::Node& node) {
  model::Decoded<ServerConfig> made{default_server(), {}};
  ServerConfig& server = made.value;
  Section root(made.findings, &node, "");
  read_sip(root.section("sip"), server);
  read_http(root.section("http"), server);
  read_stores(root, server);
  read_media(root.section("media"), server);
  root.text("smtp", server.smtp);
  if (!server.smtp.empty() && !server.smtp.starts_with("smtp://") &&
      !server.smtp.starts_with("smtps://"))
    root.error("bad_text", "smtp",
               "\"" + server.smtp +
                   "\" is no mail server such as \"smtp://127.0.0.1:25\" or "
                   "\"smtps://user:password@mail.example\"; \"\" sends no mail");
  read_log(root.section("log"), server);
  read_timers(root.section("timers"), server);
  root.seconds("drain", server.drain, base::Duration{0}, kHour);
  read_tls(root.section("tls"), server);
  read_limits(root.section("limits"), server);
  read_emergency(root, server);
  read_hep(root.section("hep"), server);
  read_webhooks(root.section("webhooks"), server);
  root.finish();
  return made;
}

}  // namespace config
