#include "store/store.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <future>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "base/assert.h"
#include "base/result.h"
#include "facts/fact.h"
#include "store/database.h"
#include "store/detail/remembering.h"
#include "store/journal.h"
#include "store/reader.h"
#include "store/tables.h"
#include "store/things.h"

namespace store {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kMaxBatch = 4'096;
constexpr milliseconds kRetry{500};

// One thing for the store thread to do. `run` says whether the database took it.
struct Task {
  std::function<void()> run;
  std::function<void()> refuse;
};

// What a person can do about it, for the line that says why we do not start.
std::string advice(const SqlError& why) {
  if (why.busy()) return "; end what holds it (a backup, an sqlite3 shell), then start again";
  if (why.passes()) return "; see that the disk has room, then start again";
  return {};
}

// An edit that somebody waits for: begun or withdrawn, whichever is first.
struct Pending {
  std::atomic<bool> claimed{false};
  std::promise<base::Result<Committed, Refusal>> answer;
};

}  // namespace

class Store::Impl {
 public:
  explicit Impl(StoreOptions given) : options(std::move(given)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { stop(); }

  base::Status<std::string> open() {
    const auto failed = [this](const SqlError& why) {
      return base::Unexpected{"the database " + options.database_file + ": " + why.text +
                              advice(why)};
    };
    auto database =
        Database::open(options.database_file, Database::Mode::ReadWrite, options.busy_timeout);
    if (!database) return failed(database.error());
    database_ = std::make_unique<Database>(std::move(*database));
    if (auto done = migrate(*database_); !done) return failed(done.error());
    auto tables = Tables::open(*database_, options.notices);
    if (!tables) return failed(tables.error());
    tables_ = std::move(*tables);
    if (auto done = open_journals(); !done) return done;
    if (auto done = recover(); !done) {
      if (!done.error().passes()) return failed(done.error());
      note(done.error());  // calls are served all the same; the store thread goes on with it
    }
    return base::Ok{};
  }

  Read<Remembered> remembered(Reader& reader) {
    TRY(auto registered, reader.bindings());
    TRY(auto memories, reader.memories());
    TRY(auto greetings, reader.greetings());
    TRY(auto texts, reader.texts());
    detail::Remembering remembering({.bindings = std::move(registered),
                                     .memories = std::move(memories),
                                     .greetings = std::move(greetings),
                                     .texts = std::move(texts)});
    for (const auto& journal : journals_) {
      for (Journal::Entry& entry : journal->take(std::numeric_limits<std::size_t>::max()))
        remembering.add(entry.fact);
      journal->rewind();
    }
    return std::move(remembering).done();
  }

  void start() {
    if (thread_.joinable()) return;
    thread_ = std::thread([this] { work(); });
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  [[nodiscard]] Journal& journal(std::size_t shard) { return *journals_.at(shard); }

  // False: there is no room or we are stopping; the task was not kept.
  bool enqueue(Task task) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_ || tasks_.size() >= options.max_waiting) return false;
      tasks_.push_back(std::move(task));
      figures_.waiting = tasks_.size();
    }
    wake_.notify_all();
    return true;
  }

  // `work` on the store thread; `done` gets what it said, or false when it is not taken.
  void ask(std::function<bool()> work, Done done) {
    auto reply = std::make_shared<Done>(std::move(done));
    const bool kept = enqueue({.run = [work = std::move(work), reply] { (*reply)(work()); },
                               .refuse = [reply] { (*reply)(false); }});
    if (!kept) (*reply)(false);
  }

  // One transaction on the store thread.
  void ask_to_change(std::function<base::Status<SqlError>(Tables&)> make, Done done) {
    ask([this, make = std::move(make)] { return change(make); }, std::move(done));
  }

  // On the store thread.
  base::Result<Committed, Refusal> carry_out(const Edit& edit) {
    auto transaction = Transaction::begin(*database_);
    if (!transaction) {
      note(transaction.error());
      return base::Unexpected{Refusal::Unavailable};
    }
    auto done = tables_->apply(edit);
    if (!done) {
      const Tables::EditError& why = done.error();
      if (why.sql.has_value()) note(*why.sql);
      return base::Unexpected{why.refusal};
    }
    if (auto committed = (*transaction)->commit(); !committed) {
      note(committed.error());
      return base::Unexpected{Refusal::Unavailable};
    }
    note_good();
    return *done;
  }

  // One transaction; false: nothing was changed.
  bool change(const std::function<base::Status<SqlError>(Tables&)>& make) {
    const auto carry = [&]() -> base::Status<SqlError> {
      TRY(const auto transaction, Transaction::begin(*database_));
      if (auto done = make(*tables_); !done) return done;
      return transaction->commit();
    };
    const auto done = carry();
    if (!done) note(done.error());
    return done.has_value();
  }

  bool write_one(const facts::Fact& fact) {
    const auto done = write({fact});
    if (!done) note(done.error());
    return done.has_value();
  }

  // On the store thread, before what it was asked for by a task.
  void catch_up() { (void)move_all(); }

  [[nodiscard]] bool degraded() const {
    if (!up_.load(std::memory_order_acquire)) return true;
    return std::ranges::any_of(journals_,
                               [](const auto& journal) { return journal->figures().spilled > 0; });
  }

  [[nodiscard]] StoreFigures figures() const {
    StoreFigures read;
    {
      const std::lock_guard lock(mutex_);
      read = figures_;
    }
    read.up = up_.load(std::memory_order_relaxed);
    for (const auto& journal : journals_) {
      const JournalFigures one = journal->figures();
      read.journal.capacity_bytes += one.capacity_bytes;
      read.journal.used_bytes += one.used_bytes;
      read.journal.appended += one.appended;
      read.journal.spilled += one.spilled;
      read.journal.spilled_bytes += one.spilled_bytes;
      read.journal.lost += one.lost;
      read.journal.undecodable += one.undecodable;
    }
    read.undecodable = read.journal.undecodable;
    return read;
  }

  StoreOptions options;

 private:
  // One file a shard, and those that a former process with more shards left.
  base::Status<std::string> open_journals() {
    for (std::size_t shard = 0;; ++shard) {
      const std::string file = options.journal_folder + "/journal-" + std::to_string(shard);
      std::error_code ignored;
      if (shard >= options.shards && !std::filesystem::exists(file, ignored)) break;
      TRY(auto journal, Journal::open(file, options.journal_bytes));
      left_until_.push_back(journal->end());
      journals_.push_back(std::move(journal));
    }
    return base::Ok{};
  }

  // What a former process left goes into the tables, and calls that it did not end become records.
  // Nothing of ours is written before: our own open calls are not cut.
  base::Status<SqlError> recover() {
    if (recovered_) return base::Ok{};
    while (true) {
      TRY(const std::size_t moved, empty_journals());
      if (moved == 0) break;
      const std::lock_guard lock(mutex_);
      figures_.replayed += moved;
    }
    TRY(const auto transaction, Transaction::begin(*database_));
    TRY(const std::uint64_t cut, tables_->interrupt_open_calls());
    if (auto done = transaction->commit(); !done) return done;
    recovered_ = true;
    const std::lock_guard lock(mutex_);
    figures_.interrupted = cut;
    return base::Ok{};
  }

  // Moves what waits in the journals into the tables, in one commit; how many entries.
  base::Result<std::size_t, SqlError> empty_journals() {
    std::vector<facts::Fact> batch;
    for (std::size_t i = 0; i < journals_.size(); ++i) {
      auto taken = recovered_ ? journals_.at(i)->take(kMaxBatch)
                              : journals_.at(i)->take(kMaxBatch, left_until_.at(i));
      for (Journal::Entry& entry : taken) batch.push_back(std::move(entry.fact));
    }
    const std::size_t count = batch.size();
    if (count > 0) {
      const auto began = steady_clock::now();
      const std::uint64_t before = tables_->records_written();
      if (auto done = write(std::move(batch)); !done) {
        for (const auto& journal : journals_) journal->rewind();
        return base::Unexpected{done.error()};
      }
      const auto took = steady_clock::now() - began;
      const std::lock_guard lock(mutex_);
      ++figures_.commits;
      figures_.records_written += tables_->records_written() - before;
      figures_.commit_us = static_cast<std::uint64_t>(
          std::chrono::duration_cast<std::chrono::microseconds>(took).count());
    }
    for (const auto& journal : journals_) journal->free_until(journal->taken());
    return count;
  }

  base::Status<SqlError> write(std::vector<facts::Fact>&& batch) {
    TRY(const auto transaction, Transaction::begin(*database_));
    if (auto done = tables_->apply(std::move(batch)); !done) return done;
    auto done = transaction->commit();
    if (done) tell_changed();
    return done;
  }

  void tell_changed() {
    const std::set<std::string> boxes = tables_->take_boxes();
    if (!boxes.empty() && options.messages_changed) options.messages_changed(boxes);
  }

  void work() {
    auto next_try = steady_clock::now();
    std::unique_lock lock(mutex_);
    while (true) {
      // The shards never wake us: a wake-up is a system call. Their entries wait one interval.
      (void)wake_.wait_for(lock, options.every, [this] { return stopping_ || !tasks_.empty(); });
      const bool last = stopping_;
      const std::deque<Task> tasks = std::exchange(tasks_, {});
      figures_.waiting = 0;
      lock.unlock();
      for (const Task& task : tasks) task.run();
      const auto now = steady_clock::now();
      if (last || now >= next_try) {
        next_try = now + (move_all() ? milliseconds{0} : kRetry);
      }
      lock.lock();
      if (last) break;
    }
    for (const Task& task : std::exchange(tasks_, {})) task.refuse();
  }

  // False: the database does not take it now.
  bool move_all() {
    if (auto done = recover(); !done) {
      note(done.error());
      return false;
    }
    while (true) {
      const auto moved = empty_journals();
      if (!moved) {
        note(moved.error());
        return false;
      }
      if (*moved > 0) note_good();
      if (*moved < kMaxBatch) break;
    }
    // After trouble an empty journal proves nothing: try a commit of our own.
    if (!up_.load(std::memory_order_relaxed)) return probe();
    return true;
  }

  bool probe() {
    auto transaction = Transaction::begin(*database_);
    auto done = transaction ? database_->execute("UPDATE meta SET value=value WHERE key='revision'")
                            : base::Status<SqlError>{base::Unexpected{transaction.error()}};
    if (done) done = (*transaction)->commit();
    if (!done) {
      note(done.error());
      return false;
    }
    note_good();
    return true;
  }

  void note(const SqlError& why) {
    {
      const std::lock_guard lock(mutex_);
      ++figures_.failed_commits;
      figures_.trouble = why.text;
    }
    // Only now, so that who sees that we are degraded reads why.
    const bool was_up = up_.exchange(false, std::memory_order_release);
    if (was_up && options.changed) options.changed(false, why.text);
  }

  void note_good() {
    const bool was_up = up_.exchange(true, std::memory_order_relaxed);
    if (was_up) return;
    {
      const std::lock_guard lock(mutex_);
      figures_.trouble.clear();
    }
    if (options.changed) options.changed(true, {});
  }

  std::unique_ptr<Database> database_;
  std::unique_ptr<Tables> tables_;  // after database_: its statements go first
  std::vector<std::unique_ptr<Journal>> journals_;
  std::vector<std::uint64_t> left_until_;  // of each journal: what a former process left ends here
  bool recovered_ = false;                 // that is in the tables
  std::atomic<bool> up_{true};
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::deque<Task> tasks_;
  bool stopping_ = false;
  StoreFigures figures_;
  std::thread thread_;
};

base::Result<std::unique_ptr<Store>, std::string> Store::open(StoreOptions options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  if (auto opened = impl->open(); !opened) return base::Unexpected{opened.error()};
  return std::unique_ptr<Store>(new Store(std::move(impl)));
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

void Store::start() {
  impl_->start();
}
void Store::stop() {
  impl_->stop();
}
Read<Remembered> Store::remembered(Reader& reader) {
  return impl_->remembered(reader);
}
Journal& Store::journal(std::size_t shard) {
  ASSERT(shard < impl_->options.shards);
  return impl_->journal(shard);
}

void Store::commit(Edit edit, Answer answer) {
  auto shared = std::make_shared<Edit>(std::move(edit));
  auto reply = std::make_shared<Answer>(std::move(answer));
  Impl* const impl = impl_.get();
  const bool kept =
      impl->enqueue({.run = [impl, shared, reply] { (*reply)(impl->carry_out(*shared)); },
                     .refuse = [reply] { (*reply)(base::Unexpected{Refusal::Unavailable}); }});
  if (!kept) (*reply)(base::Unexpected{Refusal::Unavailable});
}

base::Result<Committed, Refusal> Store::commit_and_wait(Edit edit,
                                                        std::chrono::milliseconds limit) {
  auto shared = std::make_shared<Edit>(std::move(edit));
  auto pending = std::make_shared<Pending>();
  auto answer = pending->answer.get_future();
  Impl* const impl = impl_.get();
  const bool kept =
      impl->enqueue({.run =
                         [impl, shared, pending] {
                           if (!pending->claimed.exchange(true)) {
                             pending->answer.set_value(impl->carry_out(*shared));
                           }
                         },
                     .refuse =
                         [pending] {
                           if (!pending->claimed.exchange(true)) {
                             pending->answer.set_value(base::Unexpected{Refusal::Unavailable});
                           }
                         }});
  if (!kept) return base::Unexpected{Refusal::Unavailable};
  if (answer.wait_for(limit) == std::future_status::timeout && !pending->claimed.exchange(true)) {
    return base::Unexpected{Refusal::Unavailable};
  }
  return answer.get();  // begun: its own end is bounded by the busy timeout
}

void Store::write(facts::Fact fact, Done done) {
  impl_->ask([impl = impl_.get(), fact = std::move(fact)] { return impl->write_one(fact); },
             std::move(done));
}

bool Store::when_written(std::function<void()> run) {
  Impl* const impl = impl_.get();
  return impl->enqueue({.run =
                            [impl, run = std::move(run)] {
                              impl->catch_up();
                              run();
                            },
                        .refuse = [] {}});
}

void Store::change_notices(NoticeChange change, Done done) {
  impl_->ask_to_change([change = std::move(change)](Tables& to) { return to.apply(change); },
                       std::move(done));
}

void Store::change_deliveries(DeliveryChange change, Done done) {
  impl_->ask_to_change([change = std::move(change)](Tables& to) { return to.apply(change); },
                       std::move(done));
}

void Store::add_token(ApiToken token, Done done) {
  impl_->ask_to_change([token = std::move(token)](Tables& to) { return to.add_token(token); },
                       std::move(done));
}

void Store::remove_token(std::string id, Done done) {
  impl_->ask_to_change([id = std::move(id)](Tables& to) { return to.remove_token(id); },
                       std::move(done));
}

bool Store::degraded() const {
  return impl_->degraded();
}
StoreFigures Store::figures() const {
  return impl_->figures();
}

}  // namespace store
