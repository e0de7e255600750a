#include "daemon/pipeline/batch.h"

namespace remora::pipeline {

capture::Packet& Batch::next_packet() {
  if (count_ == packets.size()) { packets.emplace_back(); }
  return packets[count_];
}

void Batch::keep_packet(std::size_t shard) {
  items.at(shard).push_back({.index = static_cast<std::uint32_t>(count_++), .is_tick = false});
}

void Batch::add_tick(Instant at) {
  for (auto& of_shard : items) {
    of_shard.push_back({.index = static_cast<std::uint32_t>(ticks.size()), .is_tick = true});
  }
  ticks.push_back(at);
}

void Batch::clear() {
  count_ = 0;
  ticks.clear();
  memory.clear();
  arena.clear();
  own_reports.clear();
  for (std::size_t shard = 0; shard < kShards; ++shard) {
    items.at(shard).clear();
    reports.at(shard).clear();
  }
}

}  // namespace remora::pipeline
