// The bytes of one flow, in chunks: the findings must be the same when the same bytes come one by
// one, up to the first damage or hole; behind those, dissectors look for a PDU where a segment
// begins. stream_talk.h has the format.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "dissect/conversation/conversation.h"
#include "dissect/families.h"
#include "tests/fuzz/demand.h"
#include "tests/fuzz/stream_talk.h"
#include "tests/support/finding_equality.h"

namespace remora {

namespace fuzz {
namespace {

std::vector<Finding> findings(std::span<const Chunk> chunks, bool byte_by_byte) {
  std::vector<Finding> found;
  Conversation conversation{all_families()};
  Instant at;
  // Two tails for each stream inside another.
  lead(conversation, chunks, byte_by_byte,
       2 * Conversation::kMaxTail * (Conversation::kMaxDepth + 1), at, found);
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
  const auto chunks = split_chunks(input);
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
