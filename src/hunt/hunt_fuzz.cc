// Any office, any call, any order of events and times, and the promises still hold.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

#include "hunt/testing/driver.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hunt::testing::Driver driver{hunt::testing::Bytes{std::span{data, size}}};
  const std::string broken = driver.run();
  if (broken.empty()) return 0;
  (void)std::fprintf(stderr, "broken promise: %s\n", broken.c_str());
  std::abort();
}
