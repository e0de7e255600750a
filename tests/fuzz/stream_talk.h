#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dissect/conversation/conversation.h"
#include "tests/fuzz/demand.h"

namespace remora::fuzz {

/// The bytes of one flow as the input of a fuzzer gives them: each chunk has a header of two bytes,
/// little-endian: bit 15 is the side, bit 14 makes it a hole of that length, the rest is the
/// length; the last chunk may be shorter. make_seeds.py knows the format.
struct Chunk {
  Side from;
  bool hole;
  std::uint64_t size;
  ByteView bytes;
};

inline std::vector<Chunk> split_chunks(ByteView input) {
  std::vector<Chunk> chunks;
  while (input.size() >= 2) {
    const auto header = static_cast<std::uint32_t>(to_u8(input[0]) | (to_u8(input[1]) << 8U));
    input = input.subspan(2);
    Chunk chunk{.from = (header & 0x8000U) == 0 ? Side::kInitiator : Side::kAcceptor,
                .hole = (header & 0x4000U) != 0,
                .size = header & 0x3fffU,
                .bytes = {}};
    if (!chunk.hole) {
      chunk.bytes = input.first(std::min<std::size_t>(chunk.size, input.size()));
      input = input.subspan(chunk.bytes.size());
    }
    chunks.push_back(chunk);
  }
  return chunks;
}

/// Each chunk comes at a frame of its own, after `at`, which is then the last. Never are more than
/// `most_tail` bytes kept unread.
inline void lead(Conversation& conversation, std::span<const Chunk> chunks, bool byte_by_byte,
                 std::size_t most_tail, Instant& at, std::vector<Finding>& found) {
  for (const auto& chunk : chunks) {
    at.frame = FrameNumber{to_number(at.frame) + 1};
    if (chunk.hole) {
      conversation.on_gap(chunk.from, chunk.size, at, found);
    } else if (byte_by_byte) {
      for (std::size_t i = 0; i < chunk.bytes.size(); ++i) {
        conversation.on_bytes(chunk.from, chunk.bytes.subspan(i, 1), at, found);
      }
    } else {
      conversation.on_bytes(chunk.from, chunk.bytes, at, found);
    }
    demand(conversation.tail_bytes() <= most_tail, "tails are bounded");
  }
}

}  // namespace remora::fuzz
