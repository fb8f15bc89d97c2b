#include "net/resolver.h"

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <netdb.h>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "net/loop.h"
#include "net/socket_address.h"

namespace net {
namespace {

constexpr std::size_t kMaxKept = 256;

using Addresses = std::vector<base::IpAddress>;

struct Question {
  std::uint64_t number = 0;
  std::string host;
};
struct Found {
  std::uint64_t number = 0;
  Addresses addresses;
};

// What loop and workers share. A worker that hangs in the system's resolver outlives the Resolver,
// so this does too.
struct Shared {
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<Question> questions;
  std::size_t busy = 0;
  Loop* loop = nullptr;  // null: nobody wants answers any more
  std::function<void(const Found&)> deliver;
};

void work(const std::shared_ptr<Shared>& shared, const Resolver::LookUp& look_up) {
  std::unique_lock lock(shared->mutex);
  while (true) {
    shared->wake.wait(lock, [&] { return shared->loop == nullptr || !shared->questions.empty(); });
    if (shared->loop == nullptr) return;
    const Question question = std::move(shared->questions.front());
    shared->questions.pop_front();
    ++shared->busy;
    lock.unlock();
    Addresses addresses = look_up(question.host);
    lock.lock();
    --shared->busy;
    if (shared->loop == nullptr) return;
    // A full loop loses the answer: the asker's limit of time then gives an empty one.
    (void)shared->loop->post(
        [shared, found = Found{question.number, std::move(addresses)}](base::Now) {
          if (shared->deliver) shared->deliver(found);
        });
  }
}

}  // namespace

class Resolver::Impl {
 public:
  Impl(Loop& its_loop, ResolverOptions options, const LookUp& look_up)
      : loop(its_loop), options_(options), shared_(std::make_shared<Shared>()) {
    shared_->loop = &its_loop;
    shared_->deliver = [this](const Found& found) { deliver(found); };
    for (std::size_t i = 0; i < options_.threads; ++i) {
      workers_.emplace_back([shared = shared_, look_up] { work(shared, look_up); });
    }
  }

  ~Impl() {
    bool busy = false;
    {
      const std::lock_guard lock(shared_->mutex);
      shared_->loop = nullptr;
      busy = shared_->busy != 0;
    }
    shared_->deliver = {};
    shared_->wake.notify_all();
    for (std::thread& worker : workers_) {
      // Who hangs in a look-up is left behind: it touches nothing but what it shares with itself.
      if (busy) {
        worker.detach();
      } else {
        worker.join();
      }
    }
  }

  void resolve(const std::string& host, Answer answer) {
    const base::Now now = loop.now();
    if (const auto literal = base::IpAddress::parse(host)) {
      at_once(std::move(answer), {*literal});
      return;
    }
    const auto kept = kept_.find(host);
    if (kept != kept_.end() && kept->second.until > now.at) {
      at_once(std::move(answer), kept->second.addresses);
      return;
    }
    {
      const std::lock_guard lock(shared_->mutex);
      if (shared_->questions.size() < options_.max_waiting) {
        const std::uint64_t number = ++last_number_;
        shared_->questions.push_back({number, host});
        asked_.emplace(number, Asked{host, now.at + options_.limit, std::move(answer)});
        shared_->wake.notify_one();
        return;
      }
    }
    ++refused;
    at_once(std::move(answer), {});
  }

  [[nodiscard]] std::optional<base::Instant> deadline() const {
    if (!ready_.empty()) return base::Instant{};
    // Numbers grow with time and the limit is one for all: the first is the earliest.
    if (asked_.empty()) return std::nullopt;
    return asked_.begin()->second.until;
  }

  void on_time(base::Now now) {
    for (auto& [answer, addresses] : std::exchange(ready_, {})) answer(addresses, now);
    while (!asked_.empty() && asked_.begin()->second.until <= now.at) {
      auto late = asked_.extract(asked_.begin());
      late.mapped().answer({}, now);
    }
  }

  Loop& loop;
  std::uint64_t refused = 0;

 private:
  struct Asked {
    std::string host;
    base::Instant until{};
    Answer answer;
  };
  struct Kept {
    Addresses addresses;
    base::Instant until{};
  };

  void at_once(Answer answer, Addresses addresses) {
    ready_.emplace_back(std::move(answer), std::move(addresses));
  }

  void deliver(const Found& found) {
    auto asked = asked_.extract(found.number);
    if (asked.empty()) return;  // too late, its asker has got an empty answer
    const base::Now now = loop.now();
    if (!found.addresses.empty() && options_.keep > base::Duration{0}) {
      std::erase_if(kept_, [&](const auto& kept) { return kept.second.until <= now.at; });
      if (kept_.size() < kMaxKept) {
        kept_[asked.mapped().host] = {found.addresses, now.at + options_.keep};
      }
    }
    asked.mapped().answer(found.addresses, now);
  }

  ResolverOptions options_;
  std::shared_ptr<Shared> shared_;
  std::vector<std::thread> workers_;
  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, Asked> asked_;
  std::map<std::string, Kept> kept_;
  std::vector<std::pair<Answer, Addresses>> ready_;
};

Resolver::Resolver(Loop& loop, ResolverOptions options, const LookUp& look_up)
    : impl_(std::make_unique<Impl>(loop, options, look_up)) {
  loop.add(*this);
}
Resolver::~Resolver() {
  impl_->loop.remove(*this);
}
void Resolver::resolve(const std::string& host, Answer answer) {
  impl_->resolve(host, std::move(answer));
}
std::uint64_t Resolver::refused() const {
  return impl_->refused;
}
std::optional<base::Instant> Resolver::deadline() const {
  return impl_->deadline();
}
void Resolver::on_time(base::Now now) {
  impl_->on_time(now);
}

std::vector<base::IpAddress> Resolver::system_look_up(const std::string& host) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_DGRAM;
  wanted.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &wanted, &found) != 0) return {};
  Addresses addresses;
  for (const addrinfo* a = found; a != nullptr; a = a->ai_next) {
    sockaddr_storage storage{};
    std::memcpy(&storage, a->ai_addr, std::min<std::size_t>(a->ai_addrlen, sizeof(storage)));
    const base::IpAddress ip = from_kernel(storage).ip;
    if (std::ranges::find(addresses, ip) == addresses.end()) addresses.push_back(ip);
  }
  ::freeaddrinfo(found);
  return addresses;
}

}  // namespace net
