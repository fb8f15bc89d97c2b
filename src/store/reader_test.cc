// What a Reader says when the database cannot be read to its end.
#include "store/reader.h"

#include <atomic>
#include <chrono>
#include <fstream>
#include <ios>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "store/database.h"
#include "store/reader_pool.h"
#include "store/store.h"
#include "store/store_test_kit.h"

namespace store {
namespace {

using std::chrono::milliseconds;

// A database with everything in it, all of it in its one file.
std::string filled(const TestFolder& folder) {
  const std::string file = folder.file("harrier.db");
  {
    auto store = Store::open({.database_file = file, .journal_folder = folder.path()});
    EXPECT_TRUE(store);
    (*store)->journal(0).append(facts::CallEnded{record_of("1")});
    (*store)->journal(0).append(facts::RegistrationAdded{binding_of("101", "sip:a@192.0.2.7")});
    (*store)->start();
    Edit edit{.who = "a"};
    for (int i = 0; i < 200; ++i)
      edit.changes.push_back({"user", std::to_string(i), std::string(1'000, 'x')});
    EXPECT_TRUE((*store)->commit_and_wait(edit));
  }
  const auto database = Database::open(file, Database::Mode::ReadWrite, milliseconds{0});
  EXPECT_TRUE(database && database->execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  return file;
}

// Writes over the second half of a file.
void damage(const std::string& file) {
  std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out | std::ios::ate);
  const std::streamoff size = out.tellp();
  out.seekp(size / 2);
  const std::string rubbish(static_cast<std::size_t>(size - size / 2), '\xEE');
  out.write(rubbish.data(), static_cast<std::streamsize>(rubbish.size()));
}

TEST(Reader, ADamagedPageHalfwayIsAnErrorAndNotAShorterList) {
  const TestFolder folder;
  const std::string file = filled(folder);
  damage(file);
  const auto reader = Reader::open(file);
  ASSERT_TRUE(reader);

  const auto things = (*reader)->things();

  ASSERT_FALSE(things);
  EXPECT_TRUE(things.error().of_database);
  EXPECT_EQ(things.error().text,
            "the database " + file + " cannot be read: database disk image is malformed");
}

TEST(Reader, EveryQuestionToATableThatIsGoneIsAnError) {
  const TestFolder folder;
  const std::string file = filled(folder);
  {
    const auto database = Database::open(file, Database::Mode::ReadWrite, milliseconds{0});
    ASSERT_TRUE(database);
    for (const char* table : {"things", "meta", "audit", "bindings", "memories", "records",
                              "tokens", "messages", "greetings"})
      ASSERT_TRUE(database->execute((std::string{"DROP TABLE "} + table).c_str()));
  }
  const auto opened = Reader::open(file);
  ASSERT_TRUE(opened);
  Reader& reader = **opened;

  EXPECT_FALSE(reader.records({}));
  EXPECT_FALSE(reader.record("1"));
  EXPECT_FALSE(reader.record_by_sip_call_id("1"));
  EXPECT_FALSE(reader.things());
  EXPECT_FALSE(reader.revision());
  EXPECT_FALSE(reader.office_hash());
  EXPECT_FALSE(reader.audit(1));
  EXPECT_FALSE(reader.bindings());
  EXPECT_FALSE(reader.memories());
  EXPECT_FALSE(reader.messages({}));
  EXPECT_FALSE(reader.message("user/101", "1"));
  EXPECT_FALSE(reader.greetings());
  EXPECT_FALSE(reader.message_counts());
  EXPECT_FALSE(reader.token_by_hash("h"));
  EXPECT_FALSE(reader.tokens());
}

TEST(Reader, AWrongQuestionIsNoFaultOfTheDatabase) {
  const TestFolder folder;
  const auto reader = Reader::open(filled(folder));
  ASSERT_TRUE(reader);

  const auto page = (*reader)->records({.sort = "colour"});

  ASSERT_FALSE(page);
  EXPECT_FALSE(page.error().of_database);
}

TEST(Reader, AQuestionThatTakesTooLongIsCutOffAndTheNextOneIsAnswered) {
  const TestFolder folder;
  const std::string file = filled(folder);
  {
    const auto database = Database::open(file, Database::Mode::ReadWrite, milliseconds{0});
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<100000) "
        "INSERT INTO records SELECT 1000+i,'m'||i,'',i,NULL,i,'','','8001','','','busy','',0,0,"
        "'','',486,17,'c'||i,'','[]','{}' FROM n"));
  }
  const auto opened = Reader::open(file, milliseconds{1});
  ASSERT_TRUE(opened);

  const auto page = (*opened)->records({.q = "nobody", .sort = "from"});
  const auto record = (*opened)->record("1");

  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().text,
            "the question was cut off after 1 ms; ask for less: a shorter time, a filter, another "
            "order");
  EXPECT_TRUE(page.error().of_database);
  ASSERT_TRUE(record);
  EXPECT_EQ(*record, record_of("1"));
}

TEST(ReaderPool, AThreadThatAsksForLongHoldsUpNobodyElse) {
  const TestFolder folder;
  const auto pool = ReaderPool::open(filled(folder), 2, milliseconds{0});
  ASSERT_TRUE(pool);
  std::atomic<bool> had_one{false};

  std::thread third;
  {
    const auto searching = (*pool)->lease();
    EXPECT_TRUE((*pool)->lease()->token_by_hash("h")) << "while the search goes on";
    const auto other = (*pool)->lease();
    third = std::thread([&] {
      EXPECT_TRUE((*pool)->lease()->tokens());
      had_one = true;
    });
    EXPECT_FALSE(had_one) << "both are taken";
  }
  third.join();

  EXPECT_TRUE(had_one);
}

}  // namespace
}  // namespace store
