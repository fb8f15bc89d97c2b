// WebSocket frames after an upgrade, cut in two ways: any cut gives the same messages, answers and
// end. The first byte is the size of the pieces.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "net/layer.h"
#include "net/websocket.h"

namespace {

constexpr std::size_t kMessageMax = 4'096;
constexpr std::string_view kUpgrade =
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: sip\r\n\r\n";

struct Seen {
  std::vector<std::string> messages;
  std::string answers;
  net::Layer::State state{};
  bool operator==(const Seen&) const = default;
};

Seen read(std::string_view bytes, std::size_t piece, bool upgraded) {
  const auto layer = net::accept_websocket(kMessageMax);
  net::Layer::Output out;
  if (upgraded) layer->receive(kUpgrade, out);
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    layer->receive(part, out);
  }
  for (const std::string& message : out.up) ASSERT(message.size() <= kMessageMax);
  return {std::move(out.up), std::move(out.down), layer->state()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
  const std::size_t piece = std::max<std::size_t>(data[0], 1);
  ASSERT(read(bytes, bytes.size() + 1, true) == read(bytes, piece, true));
  (void)read(bytes, piece, false);
  return 0;
}
