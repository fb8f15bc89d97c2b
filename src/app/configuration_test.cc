// Edits of the running configuration over a real store: who comes second, what is refused.
#include "app/configuration.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "api/backend.h"
#include "base/result.h"
#include "base/time.h"
#include "facts/fact.h"
#include "model/edit.h"
#include "model/office.h"
#include "model/snapshot.h"
#include "model/thing.h"
#include "store/database.h"
#include "store/reader.h"
#include "store/secrets.h"
#include "store/store.h"
#include "store/store_test_kit.h"

namespace app {
namespace {

constexpr base::WallTime kNow{1'772'366'400'000};

// A configuration over a fresh database.
class Office {
 public:
  Office() {
    secrets_ = std::make_unique<store::Secrets>(*store::Secrets::open(folder_.file("secrets.key")));
    store_ = *store::Store::open(
        {.database_file = folder_.file("harrier.db"), .journal_folder = folder_.path()});
    reader_ = *store::Reader::open(folder_.file("harrier.db"));
    configuration_ = std::make_unique<Configuration>(
        *store_, *secrets_,
        [](const std::shared_ptr<const model::Snapshot>&, const std::string&,
           const facts::ConfigChange&) {},
        folder_.path());
    EXPECT_TRUE(configuration_->load(*reader_));
    store_->start();
  }
  [[nodiscard]] Configuration& configuration() { return *configuration_; }
  // The status of the refusal; 200 when the edit was made.
  int edit(model::Edit edit, std::optional<std::int64_t> expected) {
    const auto done =
        configuration_->edit({std::move(edit), "local", "", {}, expected, false}, kNow);
    return done ? 200 : done.error().status;
  }
  [[nodiscard]] std::optional<model::User> user(const std::string& id) {
    const auto found =
        model::find_thing(configuration_->snapshot()->office(), model::Kind::User, id);
    if (!found.has_value()) return {};
    return std::get<model::User>(*found);
  }

 private:
  store::TestFolder folder_;
  std::unique_ptr<store::Secrets> secrets_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::Reader> reader_;
  std::unique_ptr<Configuration> configuration_;
};

model::PutThing put_user(const std::string& extension, const std::string& name) {
  model::User user;
  user.id = extension;
  user.extension = extension;
  user.name = name;
  return {std::move(user)};
}

TEST(Configuration, OfTwoEditsFromTheSameRevisionTheSecondIsRefused) {
  Office office;
  ASSERT_EQ(office.edit(put_user("101", "Alice"), 0), 200);
  const std::int64_t seen = office.user("101")->revision;

  const int first = office.edit(put_user("101", "Alice B."), seen);
  const int second = office.edit(put_user("101", "Alice C."), seen);

  EXPECT_EQ(first, 200);
  EXPECT_EQ(second, 412);
  EXPECT_EQ(office.user("101")->name, "Alice B.");
}

TEST(Configuration, OfTwoThatAddTheSameIdTheSecondIsToldThatItExists) {
  Office office;

  const int first = office.edit(put_user("101", "Alice"), 0);
  const int second = office.edit(put_user("101", "Bob"), 0);

  EXPECT_EQ(first, 200);
  EXPECT_EQ(second, 409);
  EXPECT_EQ(office.user("101")->name, "Alice");
}

TEST(Configuration, WhatWasChangedOrRemovedMeanwhileIsNotRemovedOrPutBack) {
  Office office;
  ASSERT_EQ(office.edit(put_user("101", "Alice"), 0), 200);
  const std::int64_t seen = office.user("101")->revision;
  ASSERT_EQ(office.edit(put_user("101", "Alice B."), seen), 200);

  const int stale_removal = office.edit(model::RemoveThing{model::Kind::User, "101"}, seen);
  const int removal =
      office.edit(model::RemoveThing{model::Kind::User, "101"}, office.user("101")->revision);
  const int put_back = office.edit(put_user("101", "Alice C."), seen);

  EXPECT_EQ(stale_removal, 412);
  EXPECT_EQ(removal, 200);
  EXPECT_EQ(put_back, 404);
  EXPECT_FALSE(office.user("101").has_value());
}

TEST(Configuration, AnOfficeMadeFromAnOlderOneDoesNotUndoWhatCameBetween) {
  Office office;
  const auto seen = office.configuration().snapshot();
  ASSERT_EQ(office.edit(put_user("101", "Alice"), 0), 200);

  const int whole = office.edit(model::ReplaceOffice{seen->office()}, seen->revision());

  EXPECT_EQ(whole, 412);
  EXPECT_TRUE(office.user("101").has_value());
}

TEST(Configuration, OfManyThreadsWithOneRevisionExactlyOneWins) {
  Office office;
  ASSERT_EQ(office.edit(put_user("101", "Alice"), 0), 200);
  const std::int64_t seen = office.user("101")->revision;
  std::atomic<int> won{0};
  std::atomic<int> stale{0};

  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      const int status = office.edit(put_user("101", "Alice " + std::to_string(i)), seen);
      if (status == 200) ++won;
      if (status == 412) ++stale;
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(won, 1);
  EXPECT_EQ(stale, 3);
}

TEST(Configuration, ADatabaseThatCannotBeReadIsNotTakenForAnEmptyOffice) {
  const store::TestFolder folder;
  const std::string file = folder.file("harrier.db");
  const auto secrets = store::Secrets::open(folder.file("secrets.key"));
  const auto store = store::Store::open({.database_file = file, .journal_folder = folder.path()});
  const auto reader = store::Reader::open(file);
  ASSERT_TRUE(secrets && store && reader);
  {
    const auto database =
        store::Database::open(file, store::Database::Mode::ReadWrite, std::chrono::milliseconds{0});
    ASSERT_TRUE(database && database->execute("DROP TABLE things"));
  }
  Configuration configuration{**store, *secrets, {}, {}};

  const auto loaded = configuration.load(**reader);

  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error(), "the database " + file +
                                " cannot be read: no such table: things; end what holds it or put "
                                "back a backup of it, then start again");
  EXPECT_EQ(configuration.snapshot(), nullptr);
}

}  // namespace
}  // namespace app
