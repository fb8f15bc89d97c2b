#include "base/hash_table.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/keyed_hash.h"
#include "base/rng.h"

namespace base {
namespace {

constexpr HashSeed kSeed{0x0706050403020100ULL, 0x0F0E0D0C0B0A0908ULL};

std::string key_of(std::uint64_t number) {
  return "call-" + std::to_string(number) + "@phone.example";
}

TEST(KeyedHash, GivesThePublishedValuesOfSipHash24) {
  const std::string zero_to_fourteen{"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e",
                                     15};

  EXPECT_EQ(keyed_hash_2_4(kSeed, ""), 0x726FDB47DD0E0E31ULL);
  EXPECT_EQ(keyed_hash_2_4(kSeed, zero_to_fourteen.substr(0, 1)), 0x74F839C593DC67FDULL);
  EXPECT_EQ(keyed_hash_2_4(kSeed, zero_to_fourteen), 0xA129CA6149BE45E5ULL);
}

TEST(KeyedHash, AnotherSeedGivesAnotherOrder) {
  EXPECT_NE(keyed_hash({1, 2}, "a@b"), keyed_hash({1, 3}, "a@b"));
  EXPECT_NE(keyed_hash({1, 2}, "a@b"), keyed_hash({2, 2}, "a@b"));
  EXPECT_NE(keyed_hash({1, 2}, std::string_view{"\0", 1}), keyed_hash({1, 2}, ""));
}

TEST(HashTable, FindsWhatWasInsertedAndNothingElse) {
  HashTable<int> table{kSeed, 10};

  const auto first = table.insert("a", 1);
  const auto again = table.insert("a", 2);

  EXPECT_TRUE(first.fresh);
  EXPECT_FALSE(again.fresh);
  EXPECT_EQ(*again.value, 1);
  ASSERT_NE(table.find("a"), nullptr);
  EXPECT_EQ(*table.find("a"), 1);
  EXPECT_EQ(table.find("A"), nullptr);
  EXPECT_TRUE(table.erase("a"));
  EXPECT_FALSE(table.erase("a"));
  EXPECT_TRUE(table.empty());
}

TEST(HashTable, RefusesMoreThanItsBound) {
  HashTable<int> table{kSeed, 2};
  table.insert("a", 1);
  table.insert("b", 2);

  EXPECT_TRUE(table.full());
  EXPECT_EQ(table.insert("c", 3).value, nullptr);
  EXPECT_EQ(table.find("c"), nullptr);
  EXPECT_EQ(*table.insert("b", 9).value, 2);
  table.erase("a");
  EXPECT_TRUE(table.insert("c", 3).fresh);
}

TEST(HashTable, VisitsInTheOrderOfInsertionWhateverTheSeed) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    HashTable<int> table{{seed, ~seed}, 100};
    for (int i = 0; i < 40; ++i) table.insert(key_of(static_cast<std::uint64_t>(i)), i);
    for (int i = 0; i < 40; i += 2) table.erase(key_of(static_cast<std::uint64_t>(i)));
    table.insert("late", 99);

    std::vector<int> seen;
    table.for_each([&](std::string_view, int value) { seen.push_back(value); });

    std::vector<int> odd;
    for (int i = 1; i < 40; i += 2) odd.push_back(i);
    odd.push_back(99);
    EXPECT_EQ(seen, odd);
  }
}

TEST(HashTable, AVisitorMayEraseWhatItIsGiven) {
  HashTable<int> table{kSeed, 1'000};
  for (int i = 0; i < 500; ++i) table.insert(key_of(static_cast<std::uint64_t>(i)), i);

  table.for_each([&](std::string_view key, int) { table.erase(std::string{key}); });

  EXPECT_TRUE(table.empty());
  EXPECT_TRUE(table.insert("again", 1).fresh);
}

TEST(HashTable, KeepsAValueInItsPlaceUntilItIsErased) {
  HashTable<std::unique_ptr<int>> table{kSeed, 10'000};
  const std::unique_ptr<int>* held = table.insert("held", std::make_unique<int>(7)).value;

  for (std::uint64_t i = 0; i < 5'000; ++i) table.insert(key_of(i), nullptr);
  for (std::uint64_t i = 0; i < 5'000; ++i) table.erase(key_of(i));

  ASSERT_NE(held, nullptr);
  EXPECT_EQ(table.find("held"), held);
  ASSERT_NE(*held, nullptr);
  EXPECT_EQ(**held, 7);
}

// A table and the map that says what it should hold.
struct Pair {
  HashTable<int> table{kSeed, 300};
  std::map<std::string, int> model;

  // True if both did the same.
  bool insert(const std::string& key, int value) {
    const bool expected = model.size() < 300 && model.emplace(key, value).second;
    return table.insert(key, value).fresh == expected && table.size() == model.size();
  }
  bool erase(const std::string& key) {
    return table.erase(key) == (model.erase(key) == 1) && table.size() == model.size();
  }
  [[nodiscard]] bool same(const std::string& key) const {
    const auto there = model.find(key);
    const int* found = table.find(key);
    return there == model.end() ? found == nullptr : found != nullptr && *found == there->second;
  }
};

TEST(HashTable, AgreesWithAMapOverRandomSteps) {
  SplitMix rng{42};
  Pair pair;

  for (int step = 0; step < 50'000; ++step) {
    const std::string key = key_of(below(rng, 600));
    ASSERT_TRUE(below(rng, 2) == 0 ? pair.insert(key, step) : pair.erase(key)) << "step " << step;
  }

  for (std::uint64_t i = 0; i < 600; ++i) EXPECT_TRUE(pair.same(key_of(i))) << i;
}

TEST(HashTable, TheOldestGoesFirst) {
  HashTable<int> table({1, 2}, 3);
  for (int i = 0; i < 3; ++i) (void)table.insert(std::to_string(i), i);

  table.erase_oldest();

  EXPECT_EQ(table.find("0"), nullptr);
  ASSERT_NE(table.oldest(), nullptr);
  EXPECT_EQ(*table.oldest(), 1);
  table.erase_oldest();
  table.erase_oldest();
  table.erase_oldest();
  EXPECT_TRUE(table.empty());
  EXPECT_EQ(table.oldest(), nullptr);
}

}  // namespace
}  // namespace base
