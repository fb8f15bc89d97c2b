#pragma once
// Carries out what sip/locate.h wants to know: asks the resolver, round by round, until it can be
// said where the requests for a URI go.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/rng.h"
#include "base/time.h"
#include "net/dns.h"
#include "net/resolver.h"
#include "sip/locate.h"

namespace app {

// What the two rooms call the same thing.
[[nodiscard]] net::DnsQuestion dns_question(const sip::Question& question);
[[nodiscard]] sip::Answer sip_answer(const net::DnsAnswer& from);

class Locator final {
 public:
  using Answer = std::function<void(const sip::Locations&, base::Now)>;
  // Both outlive this.
  Locator(net::Resolver& resolver, base::Rng& rng) : resolver_(resolver), rng_(rng) {}
  Locator(const Locator&) = delete;
  Locator& operator=(const Locator&) = delete;

  // The transports that we have sockets for.
  void use(std::vector<base::Transport> ours) { ours_ = std::move(ours); }
  // Loop's thread. `answer` is called once, in this call when nothing must be asked, else in a
  // later turn.
  void locate(const sip::Wanted& wanted, base::Now now, Answer answer);

 private:
  struct Search {
    sip::Wanted wanted;
    sip::Answers known;
    std::size_t missing = 0;
    std::size_t rounds = 0;
    Answer answer;
  };
  void go_on(std::uint64_t number, base::Now now);
  void ask(std::uint64_t number, const sip::Question& question);

  net::Resolver& resolver_;
  base::Rng& rng_;
  std::vector<base::Transport> ours_;
  std::map<std::uint64_t, Search> searches_;
  std::uint64_t last_ = 0;
};

}  // namespace app
