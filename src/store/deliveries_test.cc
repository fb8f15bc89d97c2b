#include "store/deliveries.h"

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/time.h"
#include "facts/call_record.h"
#include "facts/fact.h"
#include "store/reader.h"
#include "store/store.h"
#include "store/store_test_kit.h"

namespace store {
namespace {

class Deliveries : public ::testing::Test {
 protected:
  void open() {
    auto opened =
        Store::open({.database_file = folder.file("harrier.db"),
                     .journal_folder = folder.path(),
                     .notices = {.of_end = [this](const facts::CallRecord&) { return wanted; }}});
    ASSERT_TRUE(opened) << opened.error();
    store = *std::move(opened);
    store->start();
    auto read = Reader::open(folder.file("harrier.db"));
    ASSERT_TRUE(read) << read.error();
    reader = *std::move(read);
  }

  void change(DeliveryChange what) {
    std::promise<bool> done;
    store->change_deliveries(std::move(what), [&](bool good) { done.set_value(good); });
    ASSERT_TRUE(done.get_future().get());
  }

  void write(facts::Fact fact) {
    std::promise<bool> done;
    store->write(std::move(fact), [&](bool good) { done.set_value(good); });
    ASSERT_TRUE(done.get_future().get());
  }

  std::vector<std::int64_t> due(std::int64_t now, std::size_t of_one = 10) {
    std::vector<std::int64_t> ids;
    for (const Delivery& one : value_of(reader->deliveries_due({now}, of_one)))
      ids.push_back(one.id);
    return ids;
  }

  TestFolder folder;
  bool wanted = true;
  std::unique_ptr<Store> store;
  std::unique_ptr<Reader> reader;
};

Delivery to(const std::string& webhook, std::int64_t due) {
  return {.webhook = webhook, .event_id = "e", .type = "call.ended", .body = "{}", .due = {due}};
}

TEST_F(Deliveries, TheEndOfACallIsKeptOnceWithItsRecord) {
  open();

  write(facts::CallEnded{record_of("c1")});
  write(facts::CallEnded{record_of("c1")});

  const auto open_ones = value_of(reader->deliveries_unsettled(10));
  ASSERT_EQ(open_ones.size(), 1U);
  EXPECT_EQ(open_ones[0].call, "c1");
  EXPECT_EQ(open_ones[0].type, "call.ended");
  EXPECT_EQ(value_of(reader->deliveries_waiting()), 1);
  EXPECT_TRUE(value_of(reader->deliveries({})).empty());
}

TEST_F(Deliveries, NobodyIsToldOfWhatNobodyWants) {
  wanted = false;
  open();

  write(facts::CallEnded{record_of("c1")});

  EXPECT_TRUE(value_of(reader->deliveries_unsettled(10)).empty());
}

TEST_F(Deliveries, WhatIsDueComesInOrderAndOfEachSoManyAtMost) {
  open();
  change({.added = {to("a", 300), to("a", 100), to("a", 200), to("b", 250), to("b", 900)}});

  EXPECT_EQ(due(500), (std::vector<std::int64_t>{2, 3, 4, 1}));
  EXPECT_EQ(due(500, 2), (std::vector<std::int64_t>{2, 3, 4}));
}

TEST_F(Deliveries, WhatIsDoneIsALogUntilItIsForgotten) {
  open();
  change({.added = {to("a", 100), to("a", 100)}});
  Delivery first = value_of(reader->delivery(1)).value_or(Delivery{});
  first.state = DeliveryState::Delivered;
  first.tries = 1;
  first.status = 204;
  first.done = base::WallTime{500};

  change({.updated = {first}});

  EXPECT_EQ(due(1'000), (std::vector<std::int64_t>{2}));
  EXPECT_EQ(value_of(reader->deliveries({.state = "delivered"})), (std::vector<Delivery>{first}));
  EXPECT_EQ(value_of(reader->deliveries({.webhook = "b"})), (std::vector<Delivery>{}));
  EXPECT_EQ(value_of(reader->deliveries({.limit = 1})).at(0).id, 2);
  EXPECT_EQ(value_of(reader->deliveries({.limit = 1, .before = 2})).at(0).id, 1);
  change({.forget_before = base::WallTime{501}});
  EXPECT_EQ(value_of(reader->deliveries({})).size(), 1U);
}

}  // namespace
}  // namespace store
