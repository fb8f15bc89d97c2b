#include "net/resolver.h"

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "net/dns.h"
#include "net/loop.h"

namespace net {
namespace {

struct Waiting {
  std::uint64_t number = 0;
  DnsQuestion question;
};
struct Found {
  std::uint64_t number = 0;
  DnsAnswer answer;
};

// What loop and workers share. A worker that hangs in the system's resolver outlives the Resolver,
// so this does too.
struct Shared {
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<Waiting> questions;
  std::size_t busy = 0;
  Loop* loop = nullptr;  // null: nobody wants answers any more
  std::function<void(const Found&)> deliver;
};

void work(const std::shared_ptr<Shared>& shared, const Resolver::LookUp& look_up) {
  std::unique_lock lock(shared->mutex);
  while (true) {
    shared->wake.wait(lock, [&] { return shared->loop == nullptr || !shared->questions.empty(); });
    if (shared->loop == nullptr) return;
    const Waiting waiting = std::move(shared->questions.front());
    shared->questions.pop_front();
    ++shared->busy;
    lock.unlock();
    DnsAnswer answer = look_up(waiting.question);
    lock.lock();
    --shared->busy;
    if (shared->loop == nullptr) return;
    // A full loop loses the answer: the asker's limit of time then gives an empty one.
    (void)shared->loop->post([shared, found = Found{waiting.number, std::move(answer)}](base::Now) {
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

  void ask(const DnsQuestion& question, Answer answer) {
    const base::Now now = loop.now();
    if (const auto literal = base::IpAddress::parse(question.name)) {
      at_once(std::move(answer), {.addresses = {*literal}});
      return;
    }
    const auto kept = kept_.find(question);
    if (kept != kept_.end() && kept->second.until > now.at) {
      at_once(std::move(answer), kept->second.answer);
      return;
    }
    if (const auto same = numbers_.find(question); same != numbers_.end()) {
      asked_.at(same->second).answers.push_back(std::move(answer));
      return;
    }
    {
      const std::lock_guard lock(shared_->mutex);
      if (shared_->questions.size() < options_.max_waiting) {
        const std::uint64_t number = ++last_number_;
        shared_->questions.push_back({number, question});
        Asked& asked = asked_[number];
        asked.question = question;
        asked.until = now.at + options_.limit;
        asked.answers.push_back(std::move(answer));
        numbers_[question] = number;
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
    for (auto& [asker, answer] : std::exchange(ready_, {})) asker(answer, now);
    while (!asked_.empty() && asked_.begin()->second.until <= now.at) {
      const std::uint64_t late = asked_.begin()->first;
      finish(late, {}, now);
    }
  }

  Loop& loop;
  std::uint64_t refused = 0;

 private:
  struct Asked {
    DnsQuestion question;
    base::Instant until{};
    std::vector<Answer> answers;
  };
  struct Kept {
    DnsAnswer answer;
    base::Instant until{};
  };

  void at_once(Answer asker, DnsAnswer answer) {
    ready_.emplace_back(std::move(asker), std::move(answer));
  }

  void deliver(const Found& found) {
    // Too late: its askers have got an empty answer.
    if (asked_.contains(found.number)) finish(found.number, found.answer, loop.now());
  }

  // Keeps the answer, then tells who asked; they may ask again.
  void finish(std::uint64_t number, const DnsAnswer& answer, base::Now now) {
    auto asked = asked_.extract(number);
    numbers_.erase(asked.mapped().question);
    keep(asked.mapped().question, answer, now);
    for (const Answer& asker : asked.mapped().answers) asker(answer, now);
  }

  void keep(const DnsQuestion& question, const DnsAnswer& answer, base::Now now) {
    const base::Duration time = time_to_keep(answer);
    if (time <= base::Duration{0}) return;
    if (kept_.size() >= options_.max_kept)
      std::erase_if(kept_, [&](const auto& kept) { return kept.second.until <= now.at; });
    if (kept_.size() < options_.max_kept) kept_[question] = {answer, now.at + time};
  }

  [[nodiscard]] base::Duration time_to_keep(const DnsAnswer& answer) const {
    if (answer.is_empty()) return options_.keep_nothing;
    if (!answer.ttl_s.has_value()) return options_.keep;
    return std::clamp(base::Duration{std::int64_t{*answer.ttl_s} * 1'000}, options_.keep_least,
                      options_.keep_most);
  }

  ResolverOptions options_;
  std::shared_ptr<Shared> shared_;
  std::vector<std::thread> workers_;
  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, Asked> asked_;
  std::map<DnsQuestion, std::uint64_t> numbers_;  // what is being asked
  std::map<DnsQuestion, Kept> kept_;
  std::vector<std::pair<Answer, DnsAnswer>> ready_;
};

Resolver::Resolver(Loop& loop, ResolverOptions options, const LookUp& look_up)
    : impl_(std::make_unique<Impl>(loop, options, look_up)) {
  loop.add(*this);
}
Resolver::~Resolver() {
  impl_->loop.remove(*this);
}
void Resolver::ask(const DnsQuestion& question, Answer answer) {
  impl_->ask(question, std::move(answer));
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

}  // namespace net
