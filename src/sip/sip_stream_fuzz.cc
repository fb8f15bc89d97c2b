// A stream, cut in two ways: any cut gives the same messages, pings and end. The first byte is the
// size of the pieces.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "base/limits.h"
#include "sip/message.h"
#include "sip/stream.h"
#include "sip/testing/read_all.h"

namespace {

using sip::StreamFramer;

// What came out, as texts: "ping", "broken" or the message.
std::vector<std::string> items_of(std::string_view stream, std::size_t piece) {
  std::vector<std::string> items;
  StreamFramer framer;
  while (!stream.empty()) {
    const std::string_view part = stream.substr(0, piece);
    stream.remove_prefix(part.size());
    framer.feed(part);
    for (;;) {
      const StreamFramer::Item item = framer.next();
      if (item.kind == StreamFramer::Kind::NeedMore) break;
      if (item.kind == StreamFramer::Kind::Broken) {
        items.emplace_back("broken");
        return items;
      }
      ASSERT(item.bytes.size() <= base::kMessageBytesMax);
      items.emplace_back(item.kind == StreamFramer::Kind::Ping ? "ping" : item.bytes);
    }
    ASSERT(framer.pending() <= base::kStreamBufferMax);
  }
  return items;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string stream(data + 1, data + size);
  const std::size_t piece = std::max<std::size_t>(data[0], 1);
  const std::vector<std::string> whole = items_of(stream, stream.size());
  ASSERT(whole == items_of(stream, piece));
  if (stream.size() < 512) ASSERT(whole == items_of(stream, 1));
  for (const std::string& item : whole) (void)sip::testing::read_all(sip::Message::parse(item));
  return 0;
}
