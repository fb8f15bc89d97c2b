// STUN: whatever comes, the answer is none or a whole STUN message that is no request itself.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/assert.h"
#include "sip/stun.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  base::Address source;
  source.ip.is_v6 = size % 2 == 0;
  const std::string answer = sip::stun_answer(bytes, source);
  if (answer.empty()) return 0;
  ASSERT(sip::is_stun(answer));
  ASSERT(answer.size() <= size + 64);
  ASSERT(sip::stun_answer(answer, source).empty());
  return 0;
}
