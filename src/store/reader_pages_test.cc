// Lists of a hundred thousand call records: a page is there in a moment, however it is asked for.
#include <algorithm>
#include <chrono>
#include <ctime>
#include <limits>
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

constexpr double kPageSeconds = 0.2;

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

  // CPU seconds of the fastest of three tries: other programs are not measured.
  static double seconds(const RecordFilter& filter, std::size_t rows) {
    double best = std::numeric_limits<double>::max();
    for (int i = 0; i < 3; ++i) {
      const std::clock_t began = std::clock();
      const auto page = reader->records(filter);
      best = std::min(best, static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC);
      EXPECT_TRUE(page);
      if (page) {
        EXPECT_EQ(page->items.size(), rows);
      }
    }
    return best;
  }

  static inline std::unique_ptr<TestFolder> folder;
  static inline std::unique_ptr<Reader> reader;
};

TEST_F(Pages, NewestOldestAndADeepPage) {
  EXPECT_LT(seconds({}, 50), kPageSeconds);
  EXPECT_LT(seconds({.sort = "started"}, 50), kPageSeconds);
  RecordFilter deep;
  deep.until = base::WallTime{1'700'000'000'000 + 500'000};
  EXPECT_LT(seconds(deep, 50), kPageSeconds);
}

TEST_F(Pages, FiltersThatFindMuchLittleAndNothing) {
  EXPECT_LT(seconds({.group = "Group 7"}, 50), kPageSeconds);
  EXPECT_LT(seconds({.caller = "+48604711"}, 20), kPageSeconds);
  EXPECT_LT(seconds({.answered_by = "999"}, 0), kPageSeconds);
  EXPECT_LT(seconds({.outcome = "busy"}, 0), kPageSeconds);
}

TEST_F(Pages, SearchesInEveryTextAndOtherOrders) {
  EXPECT_LT(seconds({.q = "caller 4711"}, 20), kPageSeconds);
  EXPECT_LT(seconds({.q = "nobody has this"}, 0), kPageSeconds);
  EXPECT_LT(seconds({.sort = "-wait_ms"}, 50), kPageSeconds);
  EXPECT_LT(seconds({.sort = "from"}, 50), kPageSeconds);
}

TEST_F(Pages, FiguresOfAllGroups) {
  const std::clock_t began = std::clock();
  const auto figures = reader->figures(base::WallTime{0}, base::WallTime{2'000'000'000'000});
  EXPECT_LT(static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC, kPageSeconds);
  ASSERT_TRUE(figures);
  EXPECT_EQ(figures->size(), 60U);
}

}  // namespace
}  // namespace store
