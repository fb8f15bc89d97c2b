// Any service or queue, any order of keys, media events and times, and the promises still hold.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

#include "service/testing/driver.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const service::testing::Bytes bytes{std::span{data + 1, size - 1}};
  const std::string broken = data[0] % 2 == 0 ? service::testing::drive_service(bytes)
                                              : service::testing::drive_queue(bytes);
  if (broken.empty()) return 0;
  (void)std::fprintf(stderr, "broken promise: %s\n", broken.c_str());
  std::abort();
}
