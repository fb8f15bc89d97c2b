#include "app/trunk_probe.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <poll.h>
#include <span>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "api/backend.h"
#include "app/locator.h"
#include "base/address.h"
#include "net/dns.h"
#include "net/layer.h"
#include "net/rng.h"
#include "net/socket_address.h"
#include "net/tls.h"
#include "sip/locate.h"
#include "sip/uri.h"

namespace app {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kRoundsMax = 4;  // NAPTR, SRV, addresses; one to spare

// Where the uri leads (RFC 3263); waits for DNS.
sip::Locations places_of(const sip::Wanted& wanted, bool has_tls) {
  std::vector<base::Transport> ours{base::Transport::Udp, base::Transport::Tcp};
  if (has_tls) ours.push_back(base::Transport::Tls);
  net::SystemRng rng;
  sip::Answers known;
  for (int round = 0; round < kRoundsMax; ++round) {
    const auto step = sip::locate(wanted, ours, known, rng);
    if (const auto* places = std::get_if<sip::Locations>(&step)) return *places;
    for (const sip::Question& question : std::get<sip::Questions>(step))
      known[question] = sip_answer(net::ask_system(dns_question(question)));
  }
  return {};
}

// A request that asks nothing but an answer (RFC 3261 section 11).
std::string options_request(std::string_view uri, const std::string& own, std::string_view host,
                            base::Transport transport) {
  net::SystemRng rng;
  const std::string tag = std::to_string(rng.next());
  const std::string branch = std::to_string(rng.next());
  const char* const via = transport == base::Transport::Tls   ? "TLS "
                          : transport == base::Transport::Tcp ? "TCP "
                                                              : "UDP ";
  return "OPTIONS " + std::string{uri} + " SIP/2.0\r\nVia: SIP/2.0/" + via + own +
         ";branch=z9hG4bK" + branch + ";rport\r\nMax-Forwards: 70\r\nFrom: <sip:probe@" + own +
         ">;tag=" + tag + "\r\nTo: <sip:" + std::string{host} + ">\r\nCall-ID: probe-" + tag +
         "\r\nCSeq: 1 OPTIONS\r\nContact: <sip:probe@" + own +
         ">\r\nAccept: application/sdp\r\nContent-Length: 0\r\n\r\n";
}

// "SIP/2.0 200 OK" -> 200; 0 for what is no final answer.
std::uint16_t status_of(std::string_view bytes) {
  if (!bytes.starts_with("SIP/2.0 ") || bytes.size() < 11) return 0;
  std::uint16_t status = 0;
  for (const char c : bytes.substr(8, 3)) {
    if (c < '0' || c > '9') return 0;
    status = static_cast<std::uint16_t>(status * 10 + (c - '0'));
  }
  return status < 200 ? std::uint16_t{0} : status;
}

// Waits for bytes until `end`: how many came, 0: none in time, below 0: the other side refuses.
ssize_t receive(int descriptor, std::span<char> into, steady_clock::time_point end) {
  const auto left = std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
  pollfd wait{descriptor, POLLIN, 0};
  if (left.count() <= 0 || ::poll(&wait, 1, static_cast<int>(left.count())) <= 0) return 0;
  return ::recv(descriptor, into.data(), into.size(), 0);
}

class Probe final {
 public:
  // `layer` is TLS where the transport is.
  Probe(std::string_view uri, const sip::Uri& parsed, base::Transport transport,
        std::unique_ptr<net::Layer> layer)
      : uri_(uri), host_(parsed.host), transport_(transport), layer_(std::move(layer)) {}

  api::TrunkProbe run(const base::Address& to, milliseconds limit) {
    const auto began = steady_clock::now();
    const auto end = began + limit;
    const int kind = base::is_stream(transport_) ? SOCK_STREAM : SOCK_DGRAM;
    socket_ = net::Descriptor{::socket(to.ip.is_v6 ? AF_INET6 : AF_INET, kind | SOCK_CLOEXEC, 0)};
    if (!socket_) return {0, 0, "no socket: " + std::generic_category().message(errno)};
    const timeval patience{limit.count() / 1'000, 0};
    (void)::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    const auto [name, size] = net::to_kernel(to);
    if (::connect(socket_.get(), net::name_of(name), size) != 0)
      return {0, 0, "it cannot be reached: " + std::generic_category().message(errno)};
    const std::string request =
        options_request(uri_, net::local_of(socket_.get()).to_string(), host_, transport_);
    api::TrunkProbe probe = layer_ == nullptr || shake_hands(end)
                                ? exchange(request, end)
                                : api::TrunkProbe{0, 0, "TLS with it fails: " + layer_->trouble()};
    probe.ms = std::chrono::duration_cast<milliseconds>(steady_clock::now() - began).count();
    return probe;
  }

 private:
  bool shake_hands(steady_clock::time_point end) {
    net::Layer::Output out;
    layer_->start(out);
    while (layer_->state() == net::Layer::State::Opening) {
      std::array<char, 8'192> bytes{};
      const ssize_t got = write_all(out.down) ? receive(socket_.get(), bytes, end) : -1;
      if (got <= 0) return false;
      out.down.clear();
      layer_->receive({bytes.data(), static_cast<std::size_t>(got)}, out);
    }
    return write_all(out.down) && layer_->state() == net::Layer::State::Open;
  }

  [[nodiscard]] bool write_all(std::string_view bytes) const {
    return bytes.empty() || ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                                static_cast<ssize_t>(bytes.size());
  }

  [[nodiscard]] bool say(const std::string& request) {
    if (layer_ == nullptr) return write_all(request);
    net::Layer::Output out;
    layer_->send(request, out);
    return write_all(out.down);
  }

  // The status of what came; 0: it was no final answer.
  std::uint16_t read_status(std::string_view bytes) {
    if (layer_ == nullptr) return status_of(bytes);
    net::Layer::Output out;
    layer_->receive(bytes, out);
    return out.up.empty() ? std::uint16_t{0} : status_of(out.up.front());
  }

  // UDP loses packets: the request goes out again after 0.5, 1.5 and 3.5 seconds (17.1.2.2).
  api::TrunkProbe exchange(const std::string& request, steady_clock::time_point end) {
    const bool stream = base::is_stream(transport_);
    milliseconds pause{500};
    std::array<char, 8'192> answer{};
    while (steady_clock::now() < end) {
      if (!say(request))
        return {0, 0, "it cannot be reached: " + std::generic_category().message(errno)};
      const auto again = stream ? end : std::min(end, steady_clock::now() + pause);
      for (;;) {
        const ssize_t got = receive(socket_.get(), answer, again);
        if (got < 0) return {0, 0, "it refuses: " + std::generic_category().message(errno)};
        if (got == 0) break;
        const std::uint16_t status = read_status({answer.data(), static_cast<std::size_t>(got)});
        if (status == 0) continue;
        return {status, 0, "it answers " + std::to_string(status)};
      }
      if (stream) break;
      pause *= 2;
    }
    return {0, 0, "it does not answer; is the address right, is a firewall in the way?"};
  }

  std::string_view uri_, host_;
  base::Transport transport_;
  std::unique_ptr<net::Layer> layer_;
  net::Descriptor socket_;
};

}  // namespace

api::TrunkProbe probe_trunk(const std::string& trunk_uri, milliseconds limit,
                            const std::shared_ptr<const net::TlsContext>& tls) {
  const auto uri = sip::Uri::parse(trunk_uri);
  if (!uri.has_value() || uri->host.empty()) return {0, 0, "its uri cannot be read"};
  const sip::Wanted wanted = sip::wanted_of(*uri);
  if (base::is_websocket(sip::transport_of(*uri))) return {0, 0, "only phones open WebSockets"};
  if (base::is_secure(sip::transport_of(*uri)) && tls == nullptr)
    return {0, 0, "it speaks TLS, but no tls:// socket is listened on"};
  const sip::Locations places = places_of(wanted, tls != nullptr);
  if (places.empty()) return {0, 0, "its name leads to no address; look at the uri"};
  const sip::Located& first = places.front();
  std::unique_ptr<net::Layer> layer;
  if (base::is_secure(first.transport)) layer = net::connect_tls(tls, wanted.host);
  return Probe{trunk_uri, *uri, first.transport, std::move(layer)}.run(first.address, limit);
}

}  // namespace app
