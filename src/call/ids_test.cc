#include "call/detail/ids.h"

#include <string>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace call {
namespace {

TEST(Names, WhatIsWrittenIsReadAgain) {
  base::SplitMix rng(1);
  const Names names(3, rng);
  const Id id{0x1234, 0xFEDCBA9876543210ULL};

  EXPECT_EQ(names.read_plain(names.plain(id)), id);
  EXPECT_EQ(names.read_tag(names.tag(id)), id);
}

TEST(Names, TagThatIsNotOursIsRefused) {
  base::SplitMix rng(1);
  const Names names(0, rng);
  std::string tag = names.tag({7, 8});
  tag.back() = tag.back() == '0' ? '1' : '0';

  EXPECT_FALSE(names.read_tag(tag).has_value());
  EXPECT_FALSE(names.read_tag("7f3a").has_value());
  EXPECT_FALSE(names.read_plain(names.plain({7, 8}).substr(1) + "0x").has_value());
}

TEST(Names, OtherShardsAndStartsHaveOtherTags) {
  base::SplitMix rng(1);
  const Names ours(0, rng);
  const Names theirs(1, rng);

  EXPECT_FALSE(theirs.read_tag(ours.tag({7, 8})).has_value());
  EXPECT_FALSE(theirs.read_plain(ours.plain({7, 8})).has_value());
}

TEST(SlotTable, OldIdFindsNobodyAfterTheSlotIsUsedAgain) {
  base::SplitMix rng(1);
  SlotTable<int> table;
  int first = 1;
  int second = 2;
  const Id old = table.add(first, rng);
  table.remove(old);

  const Id fresh = table.add(second, rng);

  EXPECT_EQ(fresh.slot, old.slot);
  EXPECT_EQ(table.find(old), nullptr);
  EXPECT_EQ(table.find(fresh), &second);
  EXPECT_EQ(table.size(), 1U);
}

}  // namespace
}  // namespace call
