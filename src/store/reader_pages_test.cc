// Lists of a hundred thousand call records: every page is found, however it is asked for, within
// the limit that the server gives a question.
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "base/time.h"
#include "store/database.h"
#include "store/reader.h"
#include "store/store.h"
#include "store/store_test_kit.h"

namespace store {
namespace {

class Pages : public ::testing::Test {
 protected:
  // Rows as long as real ones: their attempts and plan are the most of them.
  static void SetUpTestSuite() {
    folder = std::make_unique<TestFolder>();
    StoreOptions options;
    options.database_file = folder->file("harrier.db");
    options.journal_folder = folder->path();
    ASSERT_TRUE(Store::open(std::move(options)));
    auto database = Database::open(folder->file("harrier.db"), Database::Mode::ReadWrite,
                                   std::chrono::milliseconds{1'000});
    ASSERT_TRUE(database);
    const auto filled = database->execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<100000) "
        "INSERT INTO records(id,tenant,started,answered,ended,\"from\",from_name,dialled,\"group\","
        "crm_account,outcome,answered_by,wait_ms,talk_ms,final_destination,ended_by,sip_code,q850,"
        "sip_call_id,recording,attempts,plan) SELECT 'r'||i,'office',1700000000000+i*1000,NULL,"
        "1700000000000+i*1000,'+4860'||(i%5000),'Caller '||(i%5000),'8001','Group '||(i%20),'',"
        "CASE i%3 WHEN 0 THEN 'answered' WHEN 1 THEN 'no_answer' ELSE 'abandoned' END,"
        "CASE i%3 WHEN 0 THEN '1'||(i%50) ELSE '' END,i%30000,i%60000,'','caller',200,16,'c'||i,'',"
        "'['||printf('%.700c','x')||']','{'||printf('%.900c','x')||'}' FROM n");
    ASSERT_TRUE(filled);
    auto opened = Reader::open(folder->file("harrier.db"));
    ASSERT_TRUE(opened);
    reader = *std::move(opened);
  }
  static void TearDownTestSuite() {
    reader.reset();
    folder.reset();
  }

  static std::size_t rows(const RecordFilter& filter) {
    const auto page = reader->records(filter);
    EXPECT_TRUE(page);
    return page ? page->items.size() : 0;
  }

  static inline std::unique_ptr<TestFolder> folder;
  static inline std::unique_ptr<Reader> reader;
};

TEST_F(Pages, NewestOldestAndADeepPage) {
  EXPECT_EQ(rows({}), 50U);
  EXPECT_EQ(rows({.sort = "started"}), 50U);
  RecordFilter deep;
  deep.until = base::WallTime{1'700'000'000'000 + 500'000};
  EXPECT_EQ(rows(deep), 50U);
}

TEST_F(Pages, FiltersThatFindMuchLittleAndNothing) {
  EXPECT_EQ(rows({.group = "Group 7"}), 50U);
  EXPECT_EQ(rows({.caller = "+48604711"}), 20U);
  EXPECT_EQ(rows({.answered_by = "999"}), 0U);
  EXPECT_EQ(rows({.outcome = "busy"}), 0U);
}

TEST_F(Pages, SearchesInEveryTextAndOtherOrders) {
  EXPECT_EQ(rows({.q = "caller 4711"}), 20U);
  EXPECT_EQ(rows({.q = "nobody has this"}), 0U);
  EXPECT_EQ(rows({.sort = "-wait_ms"}), 50U);
  EXPECT_EQ(rows({.sort = "from"}), 50U);
}

TEST_F(Pages, FiguresOfAllGroups) {
  const auto figures = reader->figures(base::WallTime{0}, base::WallTime{2'000'000'000'000});
  ASSERT_TRUE(figures);
  EXPECT_EQ(figures->size(), 60U);
}

}  // namespace
}  // namespace store
