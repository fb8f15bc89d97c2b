// Whatever stood in a message: a viewer sees nothing of a stranger but harmless letters, and what
// is redacted keeps its length.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "obs/log.h"
#include "obs/sip_ladder.h"
#include "obs/sip_redact.h"
#include "obs/sip_ring.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 65'536) return 0;
  const std::string message(reinterpret_cast<const char*>(data), size);
  for (const obs::PiiMode pii : {obs::PiiMode::Shown, obs::PiiMode::Short, obs::PiiMode::Hidden}) {
    std::string copy = message;
    obs::redact(copy, pii);
    if (copy.size() != message.size()) std::abort();
    if (std::count(copy.begin(), copy.end(), '\n') !=
        std::count(message.begin(), message.end(), '\n'))
      std::abort();
  }
  const std::string_view id = obs::call_id_of(message);
  if (!id.empty() && message.find(id) == std::string::npos) std::abort();
  const std::vector<obs::SipCopy> copies{{1, {0}, false, {}, message}, {2, {1}, true, {}, message}};
  const std::string ladder = obs::draw_ladder(copies);
  if (std::count(ladder.begin(), ladder.end(), '\n') != 3) std::abort();
  if (std::any_of(ladder.begin(), ladder.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F;
      }))
    std::abort();
  if (obs::to_pcap(copies).size() < 24 + 2 * (16 + 28)) std::abort();
  obs::SipRing ring(4'096);
  for (int i = 0; i < 3; ++i) {
    ring.keep(false, {}, message, {i});
    ring.relate(message.substr(0, 16), id, {i});
  }
  if (ring.of_call(id, {3}).size() > 3) std::abort();
  return 0;
}
