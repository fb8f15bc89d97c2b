#pragma once
// The store: one thread that owns all writing to SQLite, and the journals before it.
//
// Order at the start: DataFolder::open, Store::open (migrates, replays the journals, closes calls
// that were cut), then Reader for bindings and things, then start(). A fact told to journal() is in
// the database at most about 100 ms later, or as soon as the database takes it again.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "facts/fact.h"
#include "facts/text.h"
#include "store/deliveries.h"
#include "store/journal.h"
#include "store/notices.h"
#include "store/reader.h"
#include "store/things.h"

namespace store {

struct StoreOptions {
  std::string database_file{};   // absolute or relative to the current folder
  std::string journal_folder{};  // files journal-0 … are made here
  std::size_t shards = 1;
  std::size_t journal_bytes = Journal::kDefaultBytes;
  std::chrono::milliseconds every{100};           // how often the journals are emptied
  std::chrono::milliseconds busy_timeout{1'000};  // a locked database is waited for so long
  // Called on the store thread when commits begin to fail (with what SQLite said) and when they
  // work again.
  std::function<void(bool up, const std::string& trouble)> changed{};
  // Called on the store thread when messages were left or changed: keys of their mailboxes.
  std::function<void(const std::set<std::string>& boxes)> messages_changed{};
  NoticeFilter notices{};           // also of what open() finds in the journals
  std::size_t max_waiting = 1'024;  // edits that wait at once
};

struct StoreFigures {
  bool up = true;       // the last commit worked
  std::string trouble;  // what SQLite said, if not
  std::uint64_t commits = 0, failed_commits = 0;
  std::uint64_t records_written = 0;
  std::uint64_t replayed = 0;     // journal entries found at the start
  std::uint64_t interrupted = 0;  // calls closed as interrupted at the start
  std::uint64_t undecodable = 0;  // journal entries of another version, skipped
  std::uint64_t waiting = 0;      // edits in the queue
  std::uint64_t commit_us = 0;    // the last commit with fsync
  JournalFigures journal;         // all shards together
};

// What was registered, what the strategies remembered and how mailboxes greet, when a former
// process ended.
struct Remembered {
  std::vector<facts::Binding> bindings;
  std::map<std::string, std::string> memories;   // group id -> hunt's text
  std::map<std::string, std::string> greetings;  // key of the mailbox -> file
  std::vector<facts::Text> texts{};              // that wait, the oldest first
};

class Store final {
 public:
  using Answer = std::function<void(base::Result<Committed, Refusal>)>;
  using Done = std::function<void(bool)>;

  // A database that can be read but not written now (locked, a full disk) is no error: the journals
  // keep what they hold, degraded() is true, and the store thread writes it when that is possible.
  [[nodiscard]] static base::Result<std::unique_ptr<Store>, std::string> open(StoreOptions options);
  // Stops the thread; what is in the journals is written first if the database takes it (else it
  // stays in the file for the next start).
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Between open() and start(): the tables, and on top what the journals could not write yet.
  [[nodiscard]] Read<Remembered> remembered(Reader& reader);
  void start();
  void stop();

  // The journal of one shard; its writer side belongs to that shard's thread.
  [[nodiscard]] Journal& journal(std::size_t shard);

  // ---- from any thread; answers come on the store thread ----
  // `answer` is called once. Refused as Unavailable at once when max_waiting edits wait already.
  void commit(Edit edit, Answer answer);
  // The same, waiting for the answer at most `limit`; after that the edit is withdrawn if it has
  // not begun (Unavailable then means: nothing was changed).
  [[nodiscard]] base::Result<Committed, Refusal> commit_and_wait(
      Edit edit, std::chrono::milliseconds limit = std::chrono::milliseconds{5'000});
  // Carries out a durable fact of no shard; `done` is called once, with whether it is true now.
  void write(facts::Fact fact, Done done);
  // Runs on the store thread when all that the journals hold now is in the tables, or could not be
  // written. False: not at all, too much waits.
  bool when_written(std::function<void()> run);
  // `done` is called once, with whether the change is true now.
  void change_notices(NoticeChange change, Done done);
  void change_deliveries(DeliveryChange change, Done done);
  void add_token(ApiToken token, Done done);
  void remove_token(std::string id, Done done);

  // What readiness reports: true while commits fail or a journal spills.
  [[nodiscard]] bool degraded() const;
  [[nodiscard]] StoreFigures figures() const;

 private:
  class Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace store
