#include "capture/flow/flow_index.h"

#include <map>
#include <random>

#include <gtest/gtest.h>

namespace remora::capture {
namespace {

SlotNumber find(const FlowIndex& index, std::uint32_t hash, SlotNumber slot) {
  return index.find(hash, [slot](SlotNumber candidate) { return candidate == slot; });
}

TEST(FlowIndex, FindsAmongEqualHashesTheOneThatIsMeant) {
  FlowIndex index;
  for (SlotNumber slot = 0; slot < 10; ++slot) { EXPECT_TRUE(index.insert(7, slot).empty()); }
  EXPECT_EQ(find(index, 7, 9), 9U);
  EXPECT_EQ(find(index, 8, 9), kNoSlot);
  index.remove(7, 3);
  EXPECT_EQ(find(index, 7, 3), kNoSlot);
  EXPECT_EQ(find(index, 7, 9), 9U);
}

TEST(FlowIndex, HoldsWhatAMapHolds) {
  std::mt19937 random{1};
  FlowIndex index;
  std::map<SlotNumber, std::uint32_t> model;
  for (SlotNumber round = 0; round < 30'000; ++round) {
    // Few homes near the end of the table, so that runs are long and wrap.
    const auto hash = (random() % 4 == 0)
                          ? static_cast<std::uint32_t>(random())
                          : 0xffff'ffe0U + static_cast<std::uint32_t>(random() % 64);
    if (!model.empty() && random() % 3 == 0) {
      const auto gone = model.lower_bound(static_cast<SlotNumber>(random() % round));
      if (gone != model.end()) {
        index.remove(gone->second, gone->first);
        model.erase(gone);
      }
    }
    const auto crowd = index.insert(hash, round);
    if (crowd.empty()) {
      model.emplace(round, hash);
    } else {
      ASSERT_EQ(crowd.size(), FlowIndex::kReach);
      for (const auto slot : crowd) { ASSERT_TRUE(model.contains(slot)); }
    }
    ASSERT_EQ(index.size(), model.size());
    if (round % 3000 != 0) { continue; }
    for (const auto& [slot, its_hash] : model) { ASSERT_EQ(find(index, its_hash, slot), slot); }
  }
}

TEST(FlowIndex, NamesWhomToRemoveRatherThanProbeFurther) {
  FlowIndex index;
  SlotNumber slot = 0;
  while (index.insert(5, slot).empty()) { ++slot; }
  EXPECT_EQ(slot, FlowIndex::kReach);
  for (SlotNumber victim = 0; victim < FlowIndex::kReach; ++victim) {
    const auto crowd = index.insert(5, slot);
    ASSERT_EQ(crowd.size(), FlowIndex::kReach);
    index.remove(5, crowd.at(victim));
    ASSERT_TRUE(index.insert(5, slot).empty()) << "any of them makes room";
    ++slot;
  }
}

// Entries that would be pushed out of reach by others count as well.
TEST(FlowIndex, MakesRoomWhoeverGoes) {
  std::mt19937 random{2};
  FlowIndex index;
  std::map<SlotNumber, std::uint32_t> hashes;
  for (SlotNumber slot = 0; slot < 2000; ++slot) {
    const auto hash = static_cast<std::uint32_t>(random() % 80);
    for (auto crowd = index.insert(hash, slot); !crowd.empty(); crowd = index.insert(hash, slot)) {
      const auto victim = crowd.at(random() % crowd.size());
      index.remove(hashes.at(victim), victim);
      hashes.erase(victim);
    }
    hashes.emplace(slot, hash);
    for (const auto& [known, its_hash] : hashes) { ASSERT_EQ(find(index, its_hash, known), known); }
  }
}

TEST(FlowIndex, HasNoLongWaysByChance) {
  std::mt19937 random{3};
  FlowIndex index;
  for (SlotNumber slot = 0; slot < 1'500'000; ++slot) {
    ASSERT_TRUE(index.insert(static_cast<std::uint32_t>(random()), slot).empty());
  }
  EXPECT_LE(index.memory_bytes(), 1'500'000U * FlowIndex::kEntryBytes * 8 / 3);
}

}  // namespace
}  // namespace remora::capture
