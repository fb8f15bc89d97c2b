#pragma once
// Host names to addresses, off the loop's thread: getaddrinfo on threads of its own, at most 2 s a
// question as the asker sees it (reliability G10).

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "net/handler.h"
#include "net/loop.h"

namespace net {

struct ResolverOptions {
  std::size_t max_waiting = 256;
  std::size_t threads = 2;
  base::Duration limit{2'000};
  base::Duration keep{30'000};  // a good answer is given again for so long; 0 = never
};

class Resolver final : private Timed {
 public:
  // Empty: there is no such host, no answer in time, or too many questions waiting.
  using Answer = std::function<void(const std::vector<base::IpAddress>&, base::Now)>;
  // Replaceable for tests; must be callable from several threads.
  using LookUp = std::function<std::vector<base::IpAddress>(const std::string& host)>;

  explicit Resolver(Loop& loop, ResolverOptions options = {},
                    const LookUp& look_up = system_look_up);
  ~Resolver() override;

  // Loop's thread. `answer` is called on the loop's thread, once, in a later turn. A host that is
  // an address already is its own answer.
  void resolve(const std::string& host, Answer answer);
  [[nodiscard]] std::uint64_t refused() const;

  // getaddrinfo: A and AAAA, doubles removed, in the order of the system.
  [[nodiscard]] static std::vector<base::IpAddress> system_look_up(const std::string& host);

 private:
  [[nodiscard]] std::optional<base::Instant> deadline() const override;
  void on_time(base::Now now) override;

  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace net
