#include "store/store.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <signal.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/result.h"
#include "base/time.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "store/database.h"
#include "store/journal.h"
#include "store/reader.h"
#include "store/store_test_kit.h"
#include "store/things.h"

namespace store {
namespace {

using std::chrono::milliseconds;

StoreOptions options_in(const TestFolder& folder) {
  return {.database_file = folder.file("harrier.db"),
          .journal_folder = folder.path(),
          .journal_bytes = 1'048'576,
          .every = milliseconds{2},
          .busy_timeout = milliseconds{20}};
}

std::unique_ptr<Store> opened(const TestFolder& folder) {
  auto store = Store::open(options_in(folder));
  EXPECT_TRUE(store) << store.error();
  return std::move(*store);
}

std::unique_ptr<Reader> reader_of(const TestFolder& folder) {
  auto reader = Reader::open(folder.file("harrier.db"));
  EXPECT_TRUE(reader) << reader.error();
  return std::move(*reader);
}

// Waits at most 3 s.
template <class Done>
bool eventually(Done done) {
  const auto until = std::chrono::steady_clock::now() + milliseconds{3'000};
  while (std::chrono::steady_clock::now() < until) {
    if (done()) return true;
    std::this_thread::yield();
  }
  return done();
}

std::vector<std::string> ids_of(const RecordPage& page) {
  std::vector<std::string> ids;
  for (const facts::CallRecord& record : page.items) ids.push_back(record.id);
  return ids;
}

// The record as it stands when the call has arrived and was answered.
facts::CallRecord arriving(const std::string& id) {
  facts::CallRecord record;
  record.id = id;
  record.started = {5};
  return record;
}

TEST(Store, ARecordIsReadAsItWasTold) {
  const TestFolder folder;
  const auto store = opened(folder);
  const auto reader = reader_of(folder);
  store->start();

  store->journal(0).append(facts::CallArrived{arriving("1")});
  store->journal(0).append(facts::CallEnded{record_of("1")});

  ASSERT_TRUE(eventually([&] { return value_of(reader->record("1")).has_value(); }));
  EXPECT_EQ(value_of(reader->record("1")), record_of("1"));
  EXPECT_EQ(value_of(reader->record_by_sip_call_id("call-1@192.0.2.1")), record_of("1"));
  EXPECT_EQ(value_of(reader->record("2")), std::nullopt);
}

TEST(Store, WhatAKilledProcessLeftIsWrittenOnceAndCutCallsAreInterrupted) {
  const TestFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    auto store = Store::open(options_in(folder));
    if (!store) ::_exit(1);
    Journal& journal = (*store)->journal(0);
    journal.append(facts::CallArrived{arriving("done")});
    journal.append(facts::CallEnded{record_of("done")});
    journal.append(facts::CallArrived{arriving("ringing")});
    journal.append(facts::CallPlanned{"ringing", record_of("done").plan});
    journal.append(facts::CallPlanned{"done", {}});
    journal.append(facts::CallArrived{arriving("talking")});
    journal.append(facts::CallAnswered{"talking", {9}, "102", arriving("talking")});
    journal.append(facts::RegistrationAdded{binding_of("101", "sip:101@192.0.2.7")});
    journal.append(facts::MemoryChanged{"sales", "next 2"});
    (void)::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));

  StoreFigures first;
  {
    const auto store = opened(folder);
    first = store->figures();
  }
  const auto again = opened(folder);

  const auto reader = reader_of(folder);
  EXPECT_EQ(first.replayed, 9U);
  EXPECT_EQ(first.interrupted, 2U);
  EXPECT_EQ(again->figures().replayed, 0U);
  EXPECT_EQ(again->figures().interrupted, 0U);
  const auto all = reader->records({.sort = "wait_ms"});
  ASSERT_TRUE(all) << all.error().text;
  EXPECT_EQ(all->items.size(), 3U);
  EXPECT_EQ(value_of(reader->record("done")), record_of("done"));
  facts::CallRecord talking = arriving("talking");
  talking.answered = base::WallTime{9};
  talking.answered_by = "102";
  talking.outcome = facts::Outcome::Interrupted;
  talking.ended_by = facts::EndedBy::Server;
  talking.ended = base::WallTime{9};
  EXPECT_EQ(value_of(reader->record("talking")), talking);
  EXPECT_EQ(value_of(reader->record("ringing"))->outcome, facts::Outcome::Interrupted);
  EXPECT_EQ(value_of(reader->record("ringing"))->ended, base::WallTime{5});
  EXPECT_NE(record_of("done").plan, facts::PlanStory{});
  EXPECT_EQ(value_of(reader->record("ringing"))->plan, record_of("done").plan);
  EXPECT_EQ(value_of(reader->bindings()),
            std::vector<facts::Binding>{binding_of("101", "sip:101@192.0.2.7")});
  EXPECT_EQ(value_of(reader->memories()),
            (std::map<std::string, std::string>{{"sales", "next 2"}}));
}

TEST(Store, EmptiesTheJournalsAsOftenAsItPromises) {
  EXPECT_LE(StoreOptions{}.every, milliseconds{100});
}

TEST(Store, TheSameEndTwiceIsOneRecord) {
  const TestFolder folder;
  {
    const auto store = opened(folder);
    store->journal(0).append(facts::CallEnded{record_of("1")});
    store->journal(0).append(facts::CallEnded{record_of("1")});
    store->journal(0).append(facts::CallArrived{arriving("1")});
  }

  const auto store = opened(folder);

  const auto all = reader_of(folder)->records({});
  ASSERT_TRUE(all);
  EXPECT_EQ(ids_of(*all), std::vector<std::string>{"1"});
  EXPECT_EQ(store->figures().interrupted, 0U);
}

TEST(Store, BindingsGoByInstanceElseByContact) {
  const TestFolder folder;
  facts::Binding old_place = binding_of("101", "sip:101@192.0.2.7");
  old_place.instance = "<urn:uuid:1>";
  old_place.reg_id = 1;
  facts::Binding new_place = old_place;
  new_place.contact = "sip:101@192.0.2.8";
  const facts::Binding desk = binding_of("102", "sip:102@192.0.2.9");
  {
    const auto store = opened(folder);
    for (const facts::Binding& binding : {old_place, new_place, desk}) {
      store->journal(0).append(facts::RegistrationAdded{binding});
    }
    store->journal(0).append(facts::RegistrationRemoved{old_place});  // replaced, told late
    store->journal(0).append(facts::RegistrationRemoved{desk});
  }

  const auto store = opened(folder);

  EXPECT_EQ(value_of(reader_of(folder)->bindings()), std::vector<facts::Binding>{new_place});
}

TEST(Store, ALockedDatabaseDegradesAndEverythingIsWrittenAfterwards) {
  const TestFolder folder;
  std::vector<bool> changes;
  std::mutex mutex;
  auto options = options_in(folder);
  options.changed = [&](bool up, const std::string&) {
    const std::lock_guard lock(mutex);
    changes.push_back(up);
  };
  auto store = Store::open(options);
  ASSERT_TRUE(store) << store.error();
  const auto reader = reader_of(folder);
  auto blocker =
      Database::open(folder.file("harrier.db"), Database::Mode::ReadWrite, milliseconds{0});
  ASSERT_TRUE(blocker);
  ASSERT_TRUE(blocker->execute("BEGIN IMMEDIATE"));
  (*store)->start();

  for (int i = 0; i < 5; ++i) {
    (*store)->journal(0).append(facts::CallEnded{record_of(std::to_string(i))});
  }
  ASSERT_TRUE(eventually([&] { return (*store)->degraded(); }));
  EXPECT_EQ((*store)->figures().trouble, "database is locked");
  const auto refused = (*store)->commit_and_wait({.who = "a", .changes = {{"user", "1", "{}"}}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), Refusal::Unavailable);
  ASSERT_TRUE(blocker->execute("ROLLBACK"));

  ASSERT_TRUE(eventually([&] { return !(*store)->degraded(); }));
  EXPECT_EQ(reader->records({})->items.size(), 5U);
  EXPECT_TRUE(eventually([&] {  // it is called behind the change
    const std::lock_guard lock(mutex);
    return changes == std::vector<bool>{false, true};
  }));
}

TEST(Store, Wire_G8_AFullDiskLosesNoRecord) {
  const TestFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    (void)::signal(SIGXFSZ, SIG_IGN);
    auto store = Store::open(options_in(folder));
    if (!store) ::_exit(1);
    // No file may grow from here on: SQLite's log neither.
    const rlimit none{0, RLIM_INFINITY};
    (void)::setrlimit(RLIMIT_FSIZE, &none);
    (*store)->start();
    for (int i = 0; i < 50; ++i) {
      if (!(*store)->journal(0).append(facts::CallEnded{record_of(std::to_string(i))})) ::_exit(2);
    }
    if (!eventually([&] { return (*store)->degraded(); })) ::_exit(3);
    const rlimit enough{RLIM_INFINITY, RLIM_INFINITY};
    (void)::setrlimit(RLIMIT_FSIZE, &enough);
    if (!eventually([&] { return !(*store)->degraded(); })) ::_exit(4);
    ::_exit((*store)->figures().records_written == 50 ? 0 : 5);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);

  const auto store = opened(folder);

  EXPECT_EQ(reader_of(folder)->records({})->items.size(), 50U);
  EXPECT_EQ(reader_of(folder)->records({.limit = 100})->items.size(), 50U);
}

// A process that was killed with a call, a phone and a memory in its journal only.
void leave_a_journal(const TestFolder& folder) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto store = Store::open(options_in(folder));
    if (!store) ::_exit(1);
    Journal& journal = (*store)->journal(0);
    journal.append(facts::RegistrationAdded{binding_of("102", "sip:102@192.0.2.8")});
    journal.append(facts::CallArrived{arriving("cut")});
    journal.append(facts::RegistrationAdded{binding_of("101", "sip:101@192.0.2.7")});
    journal.append(facts::RegistrationRemoved{binding_of("102", "sip:102@192.0.2.8")});
    journal.append(facts::MemoryChanged{"sales", "next 2"});
    (void)::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
}

TEST(Store, ADatabaseThatIsLockedAtTheStartIsWrittenLater) {
  const TestFolder folder;
  leave_a_journal(folder);
  auto blocker =
      Database::open(folder.file("harrier.db"), Database::Mode::ReadWrite, milliseconds{0});
  ASSERT_TRUE(blocker);
  ASSERT_TRUE(blocker->execute("BEGIN IMMEDIATE"));

  const auto store = opened(folder);
  const auto reader = reader_of(folder);
  const Remembered remembered = value_of(store->remembered(*reader));
  const bool degraded = store->degraded();
  store->start();
  store->journal(0).append(facts::CallArrived{arriving("ours")});
  ASSERT_TRUE(blocker->execute("ROLLBACK"));

  EXPECT_TRUE(degraded);
  EXPECT_EQ(remembered.bindings,
            std::vector<facts::Binding>{binding_of("101", "sip:101@192.0.2.7")});
  EXPECT_EQ(remembered.memories, (std::map<std::string, std::string>{{"sales", "next 2"}}));
  ASSERT_TRUE(
      eventually([&] { return !store->degraded() && store->figures().journal.used_bytes == 0; }));
  ASSERT_TRUE(value_of(reader->record("cut")).has_value());
  EXPECT_EQ(value_of(reader->record("cut"))->outcome, facts::Outcome::Interrupted);
  EXPECT_EQ(value_of(reader->record("ours")), std::nullopt) << "a call of ours goes on";
  EXPECT_EQ(store->figures().replayed, 5U);
  EXPECT_EQ(store->figures().interrupted, 1U);
  EXPECT_EQ(value_of(reader->bindings()), remembered.bindings);
}

TEST(Store, ADatabaseThatCannotBeReadAtTheStartIsOneLineWithWhatToDo) {
  const TestFolder folder;
  leave_a_journal(folder);
  {
    auto blocker =
        Database::open(folder.file("harrier.db"), Database::Mode::ReadWrite, milliseconds{0});
    ASSERT_TRUE(blocker);
    ASSERT_TRUE(blocker->execute("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT"));
    const auto locked = Store::open(options_in(folder));
    ASSERT_FALSE(locked);
    EXPECT_EQ(locked.error(), "the database " + folder.file("harrier.db") +
                                  ": database is locked; end what holds it (a backup, an sqlite3 "
                                  "shell), then start again");
  }

  EXPECT_EQ(opened(folder)->figures().replayed, 5U) << "the journal was kept";
}

TEST(Store, AnEditIsAllOrNothingWithRevisionAndAudit) {
  const TestFolder folder;
  const auto store = opened(folder);
  const auto reader = reader_of(folder);
  store->start();
  const Edit edit{.who = "admin",
                  .what = "made",
                  .when = {7},
                  .changes = {{"user", "101", "{\"a\":1}"}, {"user", "102", "{}"}},
                  .office_hash = "h1"};

  const auto made = store->commit_and_wait(edit);
  const auto changed = store->commit_and_wait(
      {.who = "bob",
       .what = "changed",
       .when = {8},
       .base_revision = 1,
       .changes = {{"user", "102", "{\"b\":2}", std::nullopt, 1}, {"user", "101", std::nullopt}}});

  ASSERT_TRUE(made);
  ASSERT_TRUE(changed);
  EXPECT_EQ(made->revision, 1);
  EXPECT_EQ(changed->revision, 2);
  EXPECT_EQ(value_of(reader->revision()), 2);
  EXPECT_EQ(value_of(reader->office_hash()), "h1");
  EXPECT_EQ(value_of(reader->things("user")),
            (std::vector<Thing>{{"user", "102", 1, 2, "{\"b\":2}"}}));
  const auto audit = value_of(reader->audit(2));
  ASSERT_EQ(audit.size(), 2U);
  EXPECT_EQ(audit[0].who, "bob");
  EXPECT_EQ(audit[0].before, "{\"a\":1}");
  EXPECT_EQ(audit[0].after, std::nullopt);
  EXPECT_EQ(audit[1].before, "{}");
  EXPECT_EQ(audit[1].after, "{\"b\":2}");
}

TEST(Store, AnEditOnWrongGroundsChangesNothing) {
  const TestFolder folder;
  const auto store = opened(folder);
  const auto reader = reader_of(folder);
  store->start();
  ASSERT_TRUE(store->commit_and_wait({.who = "a", .changes = {{"user", "1", "{}"}}}));
  const auto refusal = [&](Edit edit) {
    edit.changes.insert(edit.changes.begin(), Change{"user", "new", "{}"});
    const auto done = store->commit_and_wait(std::move(edit));
    return done ? std::nullopt : std::optional{done.error()};
  };

  EXPECT_EQ(refusal({.base_revision = 0}), Refusal::Stale);
  EXPECT_EQ(refusal({.changes = {{"user", "1", "{}", std::nullopt, 9}}}), Refusal::Stale);
  EXPECT_EQ(refusal({.changes = {{"user", "1", "{}", std::nullopt, 0}}}), Refusal::Exists);
  EXPECT_EQ(refusal({.changes = {{"user", "2", "{}", std::nullopt, 1}}}), Refusal::NotFound);
  EXPECT_EQ(refusal({.changes = {{"user", "2", std::nullopt}}}), Refusal::NotFound);

  EXPECT_EQ(value_of(reader->revision()), 1);
  EXPECT_EQ(value_of(reader->things()).size(), 1U);
}

TEST(Store, TokensAreFoundByTheirHash) {
  const TestFolder folder;
  const auto store = opened(folder);
  const auto reader = reader_of(folder);
  store->start();
  std::promise<bool> added;
  std::promise<bool> again;
  std::promise<bool> removed;

  store->add_token({"t1", "ci", "hash", "*", {5}}, [&](bool ok) { added.set_value(ok); });
  store->add_token({"t2", "ci", "hash", "*", {5}}, [&](bool ok) { again.set_value(ok); });
  EXPECT_TRUE(added.get_future().get());
  EXPECT_FALSE(again.get_future().get());
  EXPECT_EQ(value_of(reader->token_by_hash("hash"))->id, "t1");
  EXPECT_EQ(value_of(reader->tokens()).size(), 1U);
  store->remove_token("t1", [&](bool ok) { removed.set_value(ok); });
  EXPECT_TRUE(removed.get_future().get());

  EXPECT_EQ(value_of(reader->token_by_hash("hash")), std::nullopt);
}

TEST(Store, RefusesADatabaseOfANewerVersion) {
  const TestFolder folder;
  {
    const auto store = opened(folder);
  }
  {
    auto database =
        Database::open(folder.file("harrier.db"), Database::Mode::ReadWrite, milliseconds{0});
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->execute("PRAGMA user_version=99"));
  }

  const auto store = Store::open(options_in(folder));

  ASSERT_FALSE(store);
  EXPECT_EQ(store.error(), "the database " + folder.file("harrier.db") +
                               ": the database was written by a newer Harrier (schema 99, this "
                               "one knows 5)");
}

class Records : public testing::Test {
 protected:
  void SetUp() override {
    const auto store = opened(folder);
    for (int i = 0; i < 10; ++i) {
      facts::CallRecord record = record_of(std::to_string(i), 1'000 * (i / 2));
      record.group = i % 2 == 0 ? "Sales" : "Support";
      record.outcome = i == 3 ? facts::Outcome::Busy : facts::Outcome::Answered;
      record.from_name = i == 4 ? "50%_off" : "Ann";
      record.wait_ms = 100 - i;
      store->journal(0).append(facts::CallEnded{record});
    }
    store->start();
  }
  // All pages of two.
  std::vector<std::string> all(RecordFilter filter) {
    std::vector<std::string> ids;
    filter.limit = 2;
    do {
      const auto page = reader->records(filter);
      EXPECT_TRUE(page) << page.error().text;
      if (!page) break;
      std::ranges::copy(ids_of(*page), std::back_inserter(ids));
      filter.cursor = page->next;
    } while (!filter.cursor.empty());
    return ids;
  }
  TestFolder folder;
  std::unique_ptr<Reader> reader;
};

TEST_F(Records, ArePagedWithoutGapsInEveryOrder) {
  reader = reader_of(folder);
  const std::vector<std::string> up{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  std::vector<std::string> down(up.rbegin(), up.rend());

  EXPECT_EQ(all({}), down);
  EXPECT_EQ(all({.sort = "started"}), up);
  EXPECT_EQ(all({.sort = "wait_ms"}), down);
  EXPECT_EQ(all({.sort = "-group"}),
            (std::vector<std::string>{"9", "7", "5", "3", "1", "8", "6", "4", "2", "0"}));
}

TEST_F(Records, AreFiltered) {
  reader = reader_of(folder);

  EXPECT_EQ(all({.outcome = "busy"}), std::vector<std::string>{"3"});
  EXPECT_EQ(all({.group = "Sales", .q = "%_OFF"}), std::vector<std::string>{"4"});
  EXPECT_EQ(all({.q = "no such text"}), std::vector<std::string>{});
  EXPECT_EQ(all({.from = base::WallTime{1'000}, .until = base::WallTime{2'000}}),
            (std::vector<std::string>{"3", "2"}));
}

TEST_F(Records, WrongArgumentsAreNamed) {
  reader = reader_of(folder);

  EXPECT_EQ(reader->records({.sort = "id; DROP TABLE records"}).error().text,
            "sort: records cannot be sorted by id; DROP TABLE records");
  EXPECT_EQ(reader->records({.cursor = "zz"}).error().text, "cursor: not one that was given out");
  EXPECT_EQ(reader->records({.limit = 0}).error().text, "limit: 1 to 1000");
}

}  // namespace
}  // namespace store
