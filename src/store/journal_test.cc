#include "store/journal.h"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <signal.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "base/result.h"
#include "facts/fact.h"
#include "store/store_test_kit.h"

namespace store {
namespace {

constexpr std::size_t kSmall = 65'536;

std::unique_ptr<Journal> opened(const std::string& file, std::size_t bytes = kSmall) {
  auto journal = Journal::open(file, bytes);
  EXPECT_TRUE(journal) << journal.error();
  return std::move(*journal);
}

facts::MemoryChanged numbered(int i, std::size_t size = 10) {
  return {.group_id = std::to_string(i), .memory = std::string(size, 'm')};
}

// The numbers of the entries, in their order.
std::vector<int> numbers_of(const std::vector<Journal::Entry>& entries) {
  std::vector<int> all;
  for (const Journal::Entry& entry : entries) {
    all.push_back(std::atoi(std::get<facts::MemoryChanged>(entry.fact).group_id.c_str()));
  }
  return all;
}

TEST(Journal, GivesEntriesInTheirOrderAndFreesThem) {
  const TestFolder folder;
  const auto journal = opened(folder.file("j"));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(journal->append(numbered(i)));

  EXPECT_EQ(numbers_of(journal->take(2)), (std::vector<int>{0, 1}));
  EXPECT_EQ(numbers_of(journal->take(2)), (std::vector<int>{2}));
  journal->rewind();
  EXPECT_EQ(numbers_of(journal->take(9)), (std::vector<int>{0, 1, 2}));
  journal->free_until(journal->taken());

  EXPECT_EQ(journal->figures().used_bytes, 0U);
  journal->rewind();
  EXPECT_TRUE(journal->take(9).empty());
}

TEST(Journal, FactsThatNeedNotSurviveAreIgnored) {
  const TestFolder folder;
  const auto journal = opened(folder.file("j"));

  EXPECT_TRUE(journal->append(facts::AttemptRinging{}));

  EXPECT_EQ(journal->figures().appended, 0U);
}

TEST(Journal, GoesRoundTheRingManyTimes) {
  const TestFolder folder;
  const auto journal = opened(folder.file("j"));

  for (int i = 0; i < 5'000; ++i) {
    ASSERT_TRUE(journal->append(numbered(i, static_cast<std::size_t>(i) % 1'777)));
    const auto taken = journal->take(9);
    ASSERT_EQ(numbers_of(taken), std::vector<int>{i});
    journal->free_until(taken.back().end);
  }

  EXPECT_EQ(journal->figures().appended, 5'000U);
}

TEST(Journal, SurvivesKill9OfItsWriter) {
  const TestFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    auto journal = Journal::open(folder.file("j"), kSmall);
    if (!journal) ::_exit(1);
    for (int i = 0; i < 20; ++i) (void)(*journal)->append(numbered(i));
    (void)::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));

  const auto journal = opened(folder.file("j"));

  std::vector<int> expected;
  for (int i = 0; i < 20; ++i) expected.push_back(i);
  EXPECT_EQ(numbers_of(journal->take(100)), expected);
}

TEST(Journal, ATornEntryEndsWhatIsFoundAgain) {
  const TestFolder folder;
  std::uint64_t third = 0;
  {
    const auto journal = opened(folder.file("j"));
    for (int i = 0; i < 5; ++i) (void)journal->append(numbered(i));
    third = journal->take(3).back().end;
  }
  const int file = ::open(folder.file("j").c_str(), O_RDWR | O_CLOEXEC);
  // One byte inside the fourth entry's text, behind the first page and the entry's head.
  ASSERT_EQ(::pwrite(file, "X", 1, static_cast<off_t>(4'096 + third + 16 + 6)), 1);
  (void)::close(file);

  const auto journal = opened(folder.file("j"));

  EXPECT_EQ(numbers_of(journal->take(9)), (std::vector<int>{0, 1, 2}));
  EXPECT_TRUE(journal->append(numbered(7)));
  EXPECT_EQ(numbers_of(journal->take(9)), (std::vector<int>{7}));
}

TEST(Journal, WhatDoesNotFitWaitsInMemoryInOrder) {
  const TestFolder folder;
  const auto journal = opened(folder.file("j"));
  int appended = 0;
  while (journal->append(numbered(appended, 1'000))) ++appended;
  EXPECT_FALSE(journal->append(numbered(appended + 1)));
  EXPECT_EQ(journal->figures().spilled, 2U);

  std::vector<int> all;
  for (int lap = 0; lap < 2; ++lap) {
    const auto taken = numbers_of(journal->take(1'000));
    all.insert(all.end(), taken.begin(), taken.end());
    journal->free_until(journal->taken());
    journal->settle();
  }

  std::vector<int> expected;
  for (int i = 0; i <= appended + 1; ++i) expected.push_back(i);
  EXPECT_EQ(all, expected);
  EXPECT_EQ(journal->figures().spilled, 0U);
  EXPECT_EQ(journal->figures().lost, 0U);
}

TEST(Journal, BeyondRingAndMemoryFactsAreLostAndCounted) {
  const TestFolder folder;
  const auto journal = opened(folder.file("j"));

  for (int i = 0; i < 40; ++i) (void)journal->append(numbered(i, 1'000'000));

  const JournalFigures figures = journal->figures();
  EXPECT_LE(figures.spilled_bytes, Journal::kMaxSpillBytes);
  EXPECT_EQ(figures.lost + figures.spilled, 40U);
  EXPECT_GT(figures.lost, 0U);
}

TEST(Journal, Wire_G8_AFullDiskCannotTouchWhatIsReserved) {
  const TestFolder folder;
  const auto journal = opened(folder.file("j"));
  const pid_t child = ::fork();
  if (child == 0) {
    // From here on no file of this process may grow at all.
    const rlimit none{0, 0};
    (void)::setrlimit(RLIMIT_FSIZE, &none);
    for (int i = 0; i < 20; ++i) {
      if (!journal->append(numbered(i))) ::_exit(1);
    }
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);

  EXPECT_EQ(status, 0);
  EXPECT_EQ(opened(folder.file("j"))->take(100).size(), 20U);
}

TEST(Journal, ADiskWithoutRoomForItIsOneClearLine) {
  const TestFolder folder;
  const std::string file = folder.file("j");
  const pid_t child = ::fork();
  if (child == 0) {
    (void)::signal(SIGXFSZ, SIG_IGN);
    const rlimit little{10'000, 10'000};
    (void)::setrlimit(RLIMIT_FSIZE, &little);
    const auto journal = Journal::open(file, kSmall);
    const bool told = !journal && journal.error() ==
                                      "the journal " + file + " cannot be reserved: File too large";
    ::_exit(told ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);

  EXPECT_EQ(status, 0);
}

TEST(Journal, OneThreadWritesWhileAnotherTakes) {
  const TestFolder folder;
  const auto journal = opened(folder.file("j"));
  constexpr int kCount = 20'000;
  std::atomic<bool> written{false};
  std::thread writer([&] {
    for (int i = 0; i < kCount; ++i) (void)journal->append(numbered(i, 30));
    while (journal->figures().spilled > 0) journal->settle();
    written = true;
  });

  std::vector<int> all;
  while (true) {
    const bool last = written;
    const auto taken = numbers_of(journal->take(100));
    all.insert(all.end(), taken.begin(), taken.end());
    journal->free_until(journal->taken());
    if (last && taken.empty()) break;
  }
  writer.join();

  ASSERT_EQ(all.size(), static_cast<std::size_t>(kCount));
  for (int i = 0; i < kCount; ++i) ASSERT_EQ(all.at(static_cast<std::size_t>(i)), i);
}

}  // namespace
}  // namespace store
