#pragma once
// ASSERT: the process is no longer to be trusted; aborts in every build type. Never on input.

#include <cstdio>
#include <cstdlib>

namespace base {

[[noreturn]] inline void assertion_failed(const char* what, const char* file, int line) {
  (void)std::fprintf(stderr, "harrier: broken invariant: %s (%s:%d)\n", what, file, line);
  std::abort();
}

}  // namespace base

#define ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::base::assertion_failed(#condition, __FILE__, __LINE__))
