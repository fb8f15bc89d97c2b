// Notices: once for what is told of, in the transaction that makes it true, and kept.

#include "store/notices.h"

#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <signal.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "facts/mailbox.h"
#include "store/reader.h"
#include "store/store.h"
#include "store/store_test_kit.h"

namespace store {
namespace {

using Refs = std::vector<std::string>;

std::unique_ptr<Store> opened(const TestFolder& folder, NoticeFilter filter = {}) {
  auto store = Store::open({.database_file = folder.file("harrier.db"),
                            .journal_folder = folder.path(),
                            .notices = std::move(filter)});
  EXPECT_TRUE(store) << store.error();
  return std::move(*store);
}

std::unique_ptr<Reader> reader_of(const TestFolder& folder) {
  auto reader = Reader::open(folder.file("harrier.db"));
  EXPECT_TRUE(reader) << reader.error();
  return std::move(*reader);
}

facts::CallRecord missed_of(const std::string& id) {
  facts::CallRecord record = record_of(id);
  record.answered.reset();
  record.answered_by.clear();
  record.outcome = facts::Outcome::NoAnswer;
  return record;
}

// What is written by the store's thread while the test waits for it.
void write(Store& store, facts::Fact fact) {
  std::promise<bool> done;
  store.write(std::move(fact), [&](bool good) { done.set_value(good); });
  EXPECT_TRUE(done.get_future().get());
}

void change(Store& store, NoticeChange what) {
  std::promise<bool> done;
  store.change_notices(std::move(what), [&](bool good) { done.set_value(good); });
  EXPECT_TRUE(done.get_future().get());
}

Refs open_refs(Reader& reader) {
  Refs refs;
  for (const Notice& notice : value_of(reader.notices_without_recipient(100)))
    refs.push_back(notice.kind + " " + notice.ref);
  return refs;
}

TEST(Notices, ACallToAGroupThatNobodyAnsweredHasOneHoweverOftenItIsWritten) {
  const TestFolder folder;
  const auto store = opened(folder);
  store->start();
  facts::CallRecord direct = missed_of("3");
  direct.group.clear();
  facts::CallRecord given_up = missed_of("4");
  given_up.outcome = facts::Outcome::Abandoned;

  write(*store, facts::CallEnded{missed_of("1")});
  write(*store, facts::CallEnded{missed_of("1")});
  write(*store, facts::CallEnded{record_of("2")});
  write(*store, facts::CallEnded{direct});
  write(*store, facts::CallEnded{given_up});

  EXPECT_EQ(open_refs(*reader_of(folder)), (Refs{"missed 1", "missed 4"}));
}

TEST(Notices, AMessageHasOneAlsoAfterKill9) {
  const TestFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    auto store =
        Store::open({.database_file = folder.file("harrier.db"), .journal_folder = folder.path()});
    if (!store) ::_exit(1);
    (*store)->journal(0).append(facts::MessageLeft{"101", message_of("7")});
    (*store)->journal(0).append(facts::CallEnded{missed_of("8")});
    (void)::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);

  const auto first = opened(folder);
  EXPECT_EQ(open_refs(*reader_of(folder)), (Refs{"message user/101\n7", "missed 8"}));
}

TEST(Notices, WhatNobodyIsToldOfHasNone) {
  const TestFolder folder;
  const auto store =
      opened(folder, {.of_call = [](const facts::CallRecord& call) { return call.id == "2"; },
                      .of_message = [](const facts::Message&) { return false; }});
  store->start();

  write(*store, facts::CallEnded{missed_of("1")});
  write(*store, facts::CallEnded{missed_of("2")});
  write(*store, facts::MessageLeft{"101", message_of("7")});

  EXPECT_EQ(open_refs(*reader_of(folder)), (Refs{"missed 2"}));
}

TEST(Notices, OneOfSomethingBecomesOneForEachAddressAndIsDueWhenItWasPutOffTo) {
  const TestFolder folder;
  const auto store = opened(folder);
  store->start();
  write(*store, facts::CallEnded{missed_of("1")});
  const auto reader = reader_of(folder);
  Notice alice = value_of(reader->notices_without_recipient(1)).at(0);
  Notice bob = alice;
  alice.recipient = "alice@office.example";
  bob.recipient = "bob@office.example";

  change(*store, {.removed = {alice.id}, .added = {alice, bob}});
  auto due = value_of(reader->notices_due({100'000}, 10));
  ASSERT_EQ(due.size(), 2U);
  EXPECT_EQ(due[0].recipient, "alice@office.example");
  due[0].due = {900'000};
  due[0].tries = 1;
  change(*store, {.postponed = {due[0]}});

  EXPECT_EQ(value_of(reader->notices_due({100'000}, 10)), (std::vector<Notice>{due[1]}));
  EXPECT_EQ(value_of(reader->notices_due({900'000}, 10)), (std::vector<Notice>{due[1], due[0]}));
  EXPECT_EQ(value_of(reader->notice_count()), 2);
  EXPECT_EQ(open_refs(*reader), Refs{});
}

TEST(Notices, ADayBeginsTogetherWithItsNotices) {
  const TestFolder folder;
  const auto store = opened(folder);
  store->start();
  const auto reader = reader_of(folder);
  EXPECT_EQ(value_of(reader->days_until()), std::nullopt);

  change(*store, {.added = {{.kind = kGroupsDay, .ref = "g", .at = {5}, .due = {5}}},
                  .days_until = base::WallTime{5}});

  EXPECT_EQ(value_of(reader->days_until()), base::WallTime{5});
  EXPECT_EQ(open_refs(*reader), (Refs{"day g"}));
}

TEST(Notices, AMissedCallFindsTheMessageThatItsCallerLeft) {
  const TestFolder folder;
  const auto store = opened(folder);
  store->start();
  write(*store, facts::MessageLeft{"101", message_of("7")});

  const auto reader = reader_of(folder);
  EXPECT_EQ(value_of(reader->message_of_call("call-7")), message_of("7"));
  EXPECT_EQ(value_of(reader->message_of_call("call-8")), std::nullopt);
}

}  // namespace
}  // namespace store
