#pragma once
// ASSERT: the process is no longer to be trusted; aborts in every build type. Never on input.
//
// BUG_IF(condition, sink): this one call is no longer to be trusted. Where HARRIER_STRICT is
// defined (debug, simulator, fuzzer) it aborts; in release it is true and the caller ends that call
// and tells the fact BugFound.

#include <cstdio>
#include <cstdlib>

namespace base {

[[noreturn]] inline void assertion_failed(const char* what, const char* file, int line) {
  (void)std::fprintf(stderr, "harrier: broken invariant: %s (%s:%d)\n", what, file, line);
  std::abort();
}

// True when `broken`; aborts instead in strict builds.
[[nodiscard]] inline bool bug_if(bool broken, const char* what, const char* file, int line) {
#ifdef HARRIER_STRICT
  if (broken) assertion_failed(what, file, line);
#else
  (void)what;
  (void)file;
  (void)line;
#endif
  return broken;
}

}  // namespace base

#define ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::base::assertion_failed(#condition, __FILE__, __LINE__))
#define BUG_IF(condition) (::base::bug_if((condition), #condition, __FILE__, __LINE__))
