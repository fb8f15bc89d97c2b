#pragma once
// harrier.yaml: the settings of the server, strictly read.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/limits.h"
#include "base/node.h"
#include "base/time.h"
#include "model/findings.h"

namespace config {

struct Listen {
  base::Transport transport = base::Transport::Udp;
  base::Address address{};  // port 0 = any
  std::string text;         // as written
  bool operator==(const Listen&) const = default;
};

enum class Anchor : std::uint8_t { Auto, Always, Never };
enum class LogLevel : std::uint8_t { Error, Warn, Info, Debug };
enum class LogFormat : std::uint8_t { Text, Json };
enum class Pii : std::uint8_t { Shown, Short, Hidden };

struct MediaConfig {
  std::string engine = "embedded";
  Anchor anchor = Anchor::Auto;
  std::uint16_t first_port = 30'000;
  std::uint16_t last_port = 39'999;
  std::string address;
  bool operator==(const MediaConfig&) const = default;
};

struct LogConfig {
  LogLevel level = LogLevel::Info;
  LogFormat format = LogFormat::Text;
  Pii pii = Pii::Shown;
  bool operator==(const LogConfig&) const = default;
};

struct TimersConfig {
  base::Duration t1{500}, t2{4'000}, t4{5'000}, c{180'000}, dead{3'000}, dead_trunk{6'000};
  bool operator==(const TimersConfig&) const = default;
};

// Whose certificates are looked at: nobody's; of those to whom we connect; of those who connect to
// us, too.
enum class Verify : std::uint8_t { None, Trunks, All };

struct TlsConfig {
  std::string certificate, key, ca;
  Verify verify = Verify::Trunks;
  bool operator==(const TlsConfig&) const = default;
};

struct HepConfig {
  base::Address to{};  // port 0: nobody captures
  std::string password;
  std::uint32_t id = 0;
  bool operator==(const HepConfig&) const = default;
};

struct ServerConfig {
  std::vector<Listen> listen;  // sip.listen
  std::string advertise;       // sip.advertise
  std::uint32_t shards = 0;    // sip.shards; 0 = auto
  std::vector<base::Cidr> trusted;
  base::Address http{};  // http.listen
  std::string store_path = "harrier.db";
  MediaConfig media;
  std::string smtp = "smtp://127.0.0.1:25";
  LogConfig log;
  TimersConfig timers;
  base::Duration drain{60'000};
  TlsConfig tls;
  base::Limits limits;
  std::vector<std::string> emergency{"112"};
  HepConfig hep;
  std::vector<base::Cidr> hooks_allow;  // webhooks.allow: special addresses that may be asked
  bool operator==(const ServerConfig&) const = default;
};

// What holds without a file: all addresses, ports 5060 (UDP and TCP) and 127.0.0.1:8080.
[[nodiscard]] ServerConfig default_server();

// All findings, never only the first. What is kept but not carried out yet is a warning
// ("not_carried_out"); postgresql and redis are errors that say "not built yet".
[[nodiscard]] model::Decoded<ServerConfig> decode_server(const base::Node& node);

}  // namespace config
