// By which socket and to which address our requests leave, and what we call ourselves there.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/address.h"
#include "call/detail/core.h"
#include "call/detail/side.h"
#include "call/settings.h"
#include "sip/text.h"
#include "sip/uri.h"

namespace call {
namespace {

std::string_view via_transport(base::Transport transport) {
  switch (transport) {
    case base::Transport::Udp:
      return "SIP/2.0/UDP ";
    case base::Transport::Tcp:
      return "SIP/2.0/TCP ";
    case base::Transport::Tls:
      return "SIP/2.0/TLS ";
    case base::Transport::Ws:
      return "SIP/2.0/WS ";
    case base::Transport::Wss:
      return "SIP/2.0/WSS ";
  }
  return "SIP/2.0/UDP ";
}

std::uint16_t default_port(base::Transport transport) {
  return transport == base::Transport::Tls || transport == base::Transport::Wss ? 5061 : 5060;
}

base::IpAddress ip_towards(const base::Flow& flow, const Settings& settings) {
  base::IpAddress self = flow.local.ip;
  if (self.is_unspecified() && flow.peer.ip.is_loopback()) {
    self = flow.peer.ip;
  } else if (self.is_unspecified()) {
    for (const base::IpAddress& ip : settings.own)
      if (ip.is_v6 == self.is_v6) self = ip;
  }
  return self;
}

// Host and port by which the peer of this flow reaches us.
void append_self(std::string& out, const base::Flow& flow, const Settings& settings) {
  const std::string& advertise = settings.advertise;
  const base::Address self{ip_towards(flow, settings), flow.local.port};
  if (advertise.empty()) {
    out += self.to_string();
    return;
  }
  out += advertise;
  if (advertise.find(':') == std::string::npos || advertise.back() == ']') {
    out += ':';
    out += std::to_string(self.port);
  }
}

base::Transport transport_of(const sip::Uri& uri) {
  if (const auto named = uri.param("transport"); named.has_value()) {
    if (const auto known = base::transport_from(*named); known.has_value()) return *known;
  }
  return uri.scheme == sip::Scheme::Sips ? base::Transport::Tls : base::Transport::Udp;
}

}  // namespace

base::IpAddress Core::own_ip(const base::Flow& flow) const {
  return ip_towards(flow, settings_);
}

std::string Core::via(const base::Flow& flow, std::string_view branch) const {
  std::string out;
  out.reserve(96);
  out += via_transport(flow.transport);
  append_self(out, flow, settings_);
  out += ";rport;branch=";
  out += branch;
  return out;
}

std::string Core::contact(const base::Flow& flow) const {
  std::string out = "<sip:";
  append_self(out, flow, settings_);
  if (flow.transport != base::Transport::Udp) {
    out += ";transport=";
    out += base::name_of(flow.transport);
  }
  out += '>';
  return out;
}

std::optional<Core::Way> Core::way_to(std::string_view text) const {
  const auto uri = sip::Uri::parse(text);
  if (!uri.has_value() || uri->host.empty()) return std::nullopt;
  const base::Transport transport = transport_of(*uri);
  Way way;
  way.flow.transport = transport;
  way.flow.peer.port = uri->port != 0 ? uri->port : default_port(transport);
  if (const auto ip = base::IpAddress::parse(uri->host); ip.has_value()) {
    way.flow.peer.ip = *ip;
  } else {
    way.host = std::string(uri->host);
  }
  for (const auto& listener : listeners_) {
    if (listener.transport != transport) continue;
    const bool family_fits = listener.local.ip.is_v6 == way.flow.peer.ip.is_v6;
    if (way.host.empty() && !family_fits) continue;
    way.flow.listener = listener.listener;
    way.flow.local = listener.local;
    return way;
  }
  return std::nullopt;
}

// Inside a dialog a peer behind NAT is where its packets come from, whatever its Contact says: a
// Contact with the address that we see is taken at its word, and so is one that we can reach.
base::Flow Core::way_inside(const Side& side, std::string_view first_hop) const {
  const auto uri = sip::Uri::parse(first_hop);
  if (!uri.has_value()) return side.flow;
  if (base::is_stream(side.flow.transport)) return side.flow;
  const auto ip = base::IpAddress::parse(uri->host);
  if (!ip.has_value()) return side.flow;
  if (base::is_behind_nat(*ip, side.flow.peer.ip) || ip->is_unspecified()) return side.flow;
  if (uri->param("transport").has_value() && transport_of(*uri) != side.flow.transport) {
    const auto way = way_to(first_hop);
    return way.has_value() && way->host.empty() ? way->flow : side.flow;
  }
  if (ip->is_v6 != side.flow.peer.ip.is_v6) return side.flow;
  base::Flow flow = side.flow;
  flow.peer.ip = *ip;
  flow.peer.port = uri->port != 0 ? uri->port : default_port(flow.transport);
  return flow;
}

}  // namespace call
