#pragma once
// WebSocket for SIP, the server's end (RFC 6455, RFC 7118): the HTTP upgrade with the subprotocol
// "sip", then one message a SIP message. Bytes in, bytes out, like every layer.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "net/layer.h"

namespace net {

// `max_message` bytes are the most that a message may have, whatever its frames say.
[[nodiscard]] std::unique_ptr<Layer> accept_websocket(std::size_t max_message);

// The answer to an upgrade request, its head whole and with the empty line: what goes back, and
// whether the connection is a WebSocket afterwards.
struct Upgrade {
  bool accepted = false;
  std::string answer;
  std::string trouble;  // when it was refused
};
// A page of a browser is served only if it came from the host that it speaks to (Origin and Host,
// whatever the ports): 403 else. Whoever is no browser sends no Origin. Credentials are asked for
// in SIP, as on every other transport.
[[nodiscard]] Upgrade upgrade(std::string_view head);

}  // namespace net
