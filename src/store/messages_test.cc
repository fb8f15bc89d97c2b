// Messages of mailboxes in the store: left, changed, listed, and through a kill -9.

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <set>
#include <signal.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "facts/fact.h"
#include "facts/mailbox.h"
#include "store/reader.h"
#include "store/store.h"
#include "store/store_test_kit.h"

namespace store {
namespace {

std::unique_ptr<Store> opened(const TestFolder& folder) {
  auto store =
      Store::open({.database_file = folder.file("harrier.db"), .journal_folder = folder.path()});
  EXPECT_TRUE(store) << store.error();
  return std::move(*store);
}

std::unique_ptr<Reader> reader_of(const TestFolder& folder) {
  auto reader = Reader::open(folder.file("harrier.db"));
  EXPECT_TRUE(reader) << reader.error();
  return std::move(*reader);
}

facts::MessageChanged change_of(const std::string& id) {
  facts::MessageChanged change;
  change.box = "user/101";
  change.id = id;
  return change;
}

std::vector<std::string> ids_of(const MessagePage& page) {
  std::vector<std::string> ids;
  for (const facts::Message& message : page.items) ids.push_back(message.id);
  return ids;
}

// What is written by the store's thread while `test` waits for it.
bool written(Store& store, facts::Fact fact) {
  std::promise<bool> done;
  store.write(std::move(fact), [&](bool good) { done.set_value(good); });
  return done.get_future().get();
}

TEST(Messages, AMessageSurvivesKill9AndIsTheSameAfterTwoReplays) {
  const TestFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    auto store =
        Store::open({.database_file = folder.file("harrier.db"), .journal_folder = folder.path()});
    if (!store) ::_exit(1);
    Journal& journal = (*store)->journal(0);
    journal.append(facts::MessageLeft{"101", message_of("1")});
    journal.append(facts::MessageLeft{"101", message_of("1")});
    journal.append(facts::GreetingSet{"101", "user/101", "greetings/1.wav"});
    (void)::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);

  const auto store = opened(folder);

  const auto reader = reader_of(folder);
  EXPECT_EQ(value_of(reader->messages({.box = "user/101"})).items,
            std::vector<facts::Message>{message_of("1")});
  EXPECT_EQ(value_of(reader->greetings()).at("user/101"), "greetings/1.wav");
  EXPECT_EQ(value_of(store->remembered(*reader)).greetings.at("user/101"), "greetings/1.wav");
}

TEST(Messages, AChangeTouchesWhatItNamesAndADeletionOnlyItsMailbox) {
  const TestFolder folder;
  const auto store = opened(folder);
  store->start();
  facts::MessageChanged handled = change_of("1");
  handled.heard = true;
  handled.handled_by = "102";
  facts::MessageChanged saved = change_of("1");
  saved.saved = true;
  facts::MessageChanged foreign = change_of("2");
  foreign.deleted = true;

  EXPECT_TRUE(written(*store, facts::MessageLeft{"101", message_of("1")}));
  EXPECT_TRUE(written(*store, facts::MessageLeft{"general", message_of("2", "general/office")}));
  EXPECT_TRUE(written(*store, handled));
  EXPECT_TRUE(written(*store, saved));
  EXPECT_TRUE(written(*store, foreign));

  facts::Message expected = message_of("1");
  expected.heard = expected.saved = true;
  expected.handled_by = "102";
  const auto reader = reader_of(folder);
  EXPECT_EQ(value_of(reader->message("user/101", "1")), expected);
  EXPECT_EQ(value_of(reader->message("user/101", "2")), std::nullopt);
  EXPECT_TRUE(value_of(reader->message("general/office", "2")).has_value());
  foreign.box = "general/office";
  EXPECT_TRUE(written(*store, foreign));
  EXPECT_EQ(value_of(reader->message("general/office", "2")), std::nullopt);
}

TEST(Messages, AreListedNewestFirstInPagesAndSearchedByTheCaller) {
  const TestFolder folder;
  const auto store = opened(folder);
  store->start();
  for (const char* id : {"1", "2", "3"})
    EXPECT_TRUE(written(*store, facts::MessageLeft{"101", message_of(id)}));
  facts::Message other = message_of("4");
  other.from_name = "Ann_1";
  EXPECT_TRUE(written(*store, facts::MessageLeft{"101", other}));
  const auto reader = reader_of(folder);

  const MessagePage first = value_of(reader->messages({.box = "user/101", .limit = 3}));
  const MessagePage second =
      value_of(reader->messages({.box = "user/101", .limit = 3, .cursor = first.next}));

  EXPECT_EQ(ids_of(first), (std::vector<std::string>{"4", "3", "2"}));
  EXPECT_EQ(ids_of(second), (std::vector<std::string>{"1"}));
  EXPECT_EQ(second.next, "");
  EXPECT_EQ(ids_of(value_of(reader->messages({.box = "user/101", .sort = "at", .limit = 1}))),
            (std::vector<std::string>{"1"}));
  EXPECT_EQ(ids_of(value_of(reader->messages({.box = "user/101", .q = "n_1"}))),
            (std::vector<std::string>{"4"}));
  EXPECT_FALSE(reader->messages({.box = "user/101", .sort = "from"}));
  EXPECT_FALSE(reader->messages({.box = "user/101", .cursor = "x"}));
  EXPECT_FALSE(reader->messages({.box = "user/101", .limit = 0}));
}

TEST(Messages, AreCountedByMailboxAndAChangeNamesIt) {
  const TestFolder folder;
  std::set<std::string> changed;
  auto options =
      StoreOptions{.database_file = folder.file("harrier.db"), .journal_folder = folder.path()};
  options.messages_changed = [&](const std::set<std::string>& boxes) { changed = boxes; };
  auto store = Store::open(options);
  ASSERT_TRUE(store);
  (*store)->start();
  facts::MessageChanged heard = change_of("1");
  heard.heard = true;

  EXPECT_TRUE(written(**store, facts::MessageLeft{"101", message_of("1")}));
  EXPECT_TRUE(written(**store, facts::MessageLeft{"101", message_of("2")}));
  EXPECT_EQ(changed, std::set<std::string>{"user/101"});
  EXPECT_TRUE(written(**store, facts::MessageLeft{"general", message_of("3", "general/office")}));
  EXPECT_TRUE(written(**store, heard));

  const auto counts = value_of(reader_of(folder)->message_counts());
  EXPECT_EQ(counts.at("user/101"), (facts::MailboxCounts{1, 1}));
  EXPECT_EQ(counts.at("general/office"), (facts::MailboxCounts{1, 0}));
}

TEST(Messages, WhoAsksAfterTheJournalsAreWrittenSeesWhatTheyHeld) {
  const TestFolder folder;
  auto options =
      StoreOptions{.database_file = folder.file("harrier.db"), .journal_folder = folder.path()};
  options.every = std::chrono::hours{1};
  auto store = Store::open(options);
  ASSERT_TRUE(store);
  (*store)->start();
  const auto reader = reader_of(folder);
  (*store)->journal(0).append(facts::MessageLeft{"101", message_of("1")});

  std::promise<bool> seen;
  EXPECT_TRUE((*store)->when_written(
      [&] { seen.set_value(value_of(reader->message("user/101", "1")).has_value()); }));

  EXPECT_TRUE(seen.get_future().get());
}

TEST(Messages, AWishToBeCalledBackIsInTheCallsRecordAlsoAfterKill9) {
  const TestFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    auto store =
        Store::open({.database_file = folder.file("harrier.db"), .journal_folder = folder.path()});
    if (!store) ::_exit(1);
    Journal& journal = (*store)->journal(0);
    journal.append(facts::CallBackWanted{"1", "Sales", "+48600100200", {5}});
    journal.append(facts::CallEnded{record_of("1")});
    journal.append(facts::CallEnded{record_of("2")});
    (void)::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);

  const auto store = opened(folder);

  const auto reader = reader_of(folder);
  EXPECT_EQ(value_of(reader->record("1"))->call_back, "+48600100200");
  EXPECT_EQ(value_of(reader->record("2"))->call_back, "");
  const auto page = value_of(reader->records({.sort = "-ended", .limit = 1}));
  EXPECT_EQ(
      value_of(reader->records({.sort = "-ended", .limit = 1, .cursor = page.next})).items.at(0).id,
      page.items.at(0).id == "1" ? "2" : "1");
}

}  // namespace
}  // namespace store
