// Bytes of a journal -> a fact. What is read is the same after writing and reading again.

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "store/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(bytes, bytes + size);
  const auto fact = store::decode(text);
  if (!fact) return 0;
  std::string written;
  ASSERT(store::encode(*fact, written));
  const auto again = store::decode(written);
  ASSERT(again.has_value());
  std::string twice;
  ASSERT(store::encode(*again, twice));
  ASSERT(twice == written);
  return 0;
}
