#pragma once
// Questions to DNS, off the loop's thread: the system's resolver on threads of its own, at most 2 s
// a question as the asker sees it (reliability G10). Good answers are kept as long as they say
// themselves, within bounds; so is, shortly, that there is none.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/time.h"
#include "net/dns.h"
#include "net/handler.h"
#include "net/loop.h"

namespace net {

struct ResolverOptions {
  std::size_t max_waiting = 256;
  std::size_t threads = 4;
  base::Duration limit{2'000};
  // A good answer is given again for its time to live, but within these; `keep` where it has none
  // (the system tells none for addresses).
  base::Duration keep{30'000};
  base::Duration keep_least{1'000}, keep_most{600'000};
  base::Duration keep_nothing{5'000};  // an empty one, and that nobody answered
  std::size_t max_kept = 1'024;
};

class Resolver final : private Timed {
 public:
  // An empty one: there is nothing, no answer in time, or too many questions waiting.
  using Answer = std::function<void(const DnsAnswer&, base::Now)>;
  // Replaceable for tests; must be callable from several threads.
  using LookUp = std::function<DnsAnswer(const DnsQuestion&)>;

  explicit Resolver(
      Loop& loop, ResolverOptions options = {},
      const LookUp& look_up = [](const DnsQuestion& question) { return ask_system(question); });
  ~Resolver() override;

  // Loop's thread. `answer` is called on the loop's thread, once, in a later turn. A host that is
  // an address already is its own answer. Who asks what is being asked already waits for the same
  // answer.
  void ask(const DnsQuestion& question, Answer answer);
  [[nodiscard]] std::uint64_t refused() const;

 private:
  [[nodiscard]] std::optional<base::Instant> deadline() const override;
  void on_time(base::Now now) override;

  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace net
