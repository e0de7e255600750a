// The bytes of one flow, in chunks: the findings must be the same when the same bytes come one by
// one, up to the first damage or hole; behind those, dissectors look for a PDU where a segment
// begins. Each chunk of the input has a header of two bytes, little-endian: bit 15 is the side, bit
// 14 makes it a hole of that length, the rest is the length; the last chunk may be shorter.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "dissect/conversation/conversation.h"
#include "dissect/families.h"
#include "tests/fuzz/demand.h"

namespace remora {

bool operator==(const Finding& a, const Finding& b) {
  return a.at == b.at && a.from == b.from && std::string_view{a.rule} == b.rule && a.what == b.what;
}

namespace fuzz {
namespace {

struct Chunk {
  Side from;
  bool hole;
  std::uint64_t size;
  ByteView bytes;
};

std::vector<Chunk> split(ByteView input) {
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

std::vector<Finding> findings(std::span<const Chunk> chunks, bool byte_by_byte) {
  std::vector<Finding> found;
  Conversation conversation{all_families()};
  Instant at;
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
    // Two tails for each stream inside another.
    demand(conversation.tail_bytes() <= 2 * Conversation::kMaxTail * (Conversation::kMaxDepth + 1),
           "tails are bounded");
  }
  conversation.on_end(Side::kInitiator, at, found);
  conversation.on_end(Side::kAcceptor, at, found);
  return found;
}

bool is_damage(const Finding& finding) {
  return std::holds_alternative<observation::Damage>(finding.what);
}

/// Up to the first damage, that included.
std::span<const Finding> undamaged(const std::vector<Finding>& found) {
  const auto damage = std::ranges::find_if(found, is_damage);
  return {found.begin(), damage == found.end() ? damage : damage + 1};
}

void run(ByteView input) {
  const auto chunks = split(input);
  (void)findings(chunks, true);
  const auto hole = std::ranges::find_if(chunks, &Chunk::hole);
  const std::span<const Chunk> whole{chunks.begin(), hole};
  demand(std::ranges::equal(undamaged(findings(whole, false)), undamaged(findings(whole, true))),
         "the findings do not depend on how the bytes come");
  if (hole != chunks.end()) { (void)findings(chunks, false); }
}

}  // namespace
}  // namespace fuzz
}  // namespace remora

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  remora::fuzz::run(std::as_bytes(std::span{data, size}));
  return 0;
}
