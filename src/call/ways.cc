// By which socket and to which address our requests leave, and what we call ourselves there.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"
#include "call/detail/call.h"
#include "call/detail/core.h"
#include "call/detail/ids.h"
#include "call/detail/side.h"
#include "call/detail/trunk_agent.h"
#include "call/engine.h"
#include "call/settings.h"
#include "sip/locate.h"
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

std::string Core::contact(const base::Flow& flow, bool sips) const {
  std::string out = sips ? "<sips:" : "<sip:";
  append_self(out, flow, settings_);
  if (flow.transport != base::Transport::Udp) {
    out += ";transport=";
    // A WebSocket is "ws" in a URI, secure or not (RFC 7118 5.2.4).
    out +=
        base::is_websocket(flow.transport) ? std::string_view("ws") : base::name_of(flow.transport);
  }
  out += '>';
  return out;
}

std::string Core::contact(const Side& side) const {
  return contact(side.flow, side.sips);
}

const base::Flow* Core::listener_for(base::Transport transport, bool is_v6) const {
  for (const auto& listener : listeners_) {
    if (listener.transport == transport && listener.local.ip.is_v6 == is_v6) return &listener;
  }
  return nullptr;
}

// `host` is what the URI says: a TLS peer must prove that name, wherever DNS led (RFC 5922 4).
std::optional<base::Flow> Core::flow_to(const sip::Located& place, std::string_view host) {
  if (base::is_websocket(place.transport)) return std::nullopt;  // only the phone opens one
  const base::Flow* listener = listener_for(place.transport, place.address.ip.is_v6);
  if (listener == nullptr) return std::nullopt;
  base::Flow flow{.transport = place.transport,
                  .listener = listener->listener,
                  .local = listener->local,
                  .peer = place.address};
  if (place.transport != base::Transport::Tls) return flow;
  const auto name = peer_names_.number_of(host);
  if (!name.has_value()) return std::nullopt;
  flow.peer_name = *name;
  return flow;
}

std::optional<Core::Way> Core::way_to(std::string_view text) {
  const auto uri = sip::Uri::parse(text);
  if (!uri.has_value() || uri->host.empty()) return std::nullopt;
  const base::Transport transport = sip::transport_of(*uri);
  if (const auto ip = base::IpAddress::parse(uri->host); ip.has_value()) {
    const std::uint16_t port = uri->port != 0 ? uri->port : sip::default_port(transport);
    const auto flow = flow_to({transport, {*ip, port}}, uri->host);
    if (!flow.has_value()) return std::nullopt;
    return Way{*flow, std::nullopt};
  }
  return Way{{}, sip::wanted_of(*uri)};
}

std::vector<base::Flow> Core::ways_to(const sip::Locations& places, std::string_view host) {
  std::vector<base::Flow> out;
  for (const sip::Located& place : places) {
    if (const auto flow = flow_to(place, host); flow.has_value()) out.push_back(*flow);
  }
  return out;
}

std::optional<base::Flow> Core::tcp_instead_of(const base::Flow& flow) const {
  const base::Flow* listener = listener_for(base::Transport::Tcp, flow.peer.ip.is_v6);
  if (listener == nullptr) return std::nullopt;
  base::Flow tcp = *listener;
  tcp.peer = flow.peer;
  return tcp;
}

std::uint64_t Core::look_up(const sip::Wanted& wanted, const Id& call) {
  const std::uint64_t token = ++next_look_up_;
  look_ups_[token] = {call, {}};
  out_->emplace_back(Resolve{token, wanted});
  return token;
}

std::uint64_t Core::look_up_for_trunk(const sip::Wanted& wanted, const std::string& trunk_id) {
  const std::uint64_t token = ++next_look_up_;
  look_ups_[token] = {{}, trunk_id};
  out_->emplace_back(Resolve{token, wanted});
  return token;
}

void Core::resolved(std::uint64_t token, const sip::Locations& places) {
  const auto found = look_ups_.find(token);
  if (found == look_ups_.end()) return;
  const LookUp asked = std::move(found->second);
  look_ups_.erase(found);
  if (!asked.trunk_id.empty()) {
    if (TrunkAgent* agent = trunk(asked.trunk_id)) agent->on_resolved(*this, token, places);
    return;
  }
  Call* call = calls_.find(asked.call);
  if (call == nullptr) return;
  call->on_resolved(token, places);
  touch(*call);
}

// Inside a dialog a peer behind NAT is where its packets come from, whatever its Contact says: a
// Contact with the address that we see is taken at its word, and so is one that we can reach.
base::Flow Core::way_inside(const Side& side, std::string_view first_hop) {
  const auto uri = sip::Uri::parse(first_hop);
  if (!uri.has_value()) return side.flow;
  if (base::is_stream(side.flow.transport)) return side.flow;
  const auto ip = base::IpAddress::parse(uri->host);
  if (!ip.has_value()) return side.flow;
  if (base::is_behind_nat(*ip, side.flow.peer.ip) || ip->is_unspecified()) return side.flow;
  if ((uri->param("transport").has_value() || uri->scheme == sip::Scheme::Sips) &&
      sip::transport_of(*uri) != side.flow.transport) {
    const auto way = way_to(first_hop);
    return way.has_value() && !way->look_up.has_value() ? way->flow : side.flow;
  }
  if (ip->is_v6 != side.flow.peer.ip.is_v6) return side.flow;
  base::Flow flow = side.flow;
  flow.peer.ip = *ip;
  flow.peer.port = uri->port != 0 ? uri->port : sip::default_port(flow.transport);
  return flow;
}

}  // namespace call
