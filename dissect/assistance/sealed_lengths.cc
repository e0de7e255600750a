#include "dissect/assistance/sealed_lengths.h"

namespace remora::assistance {
namespace {

/// CHANNEL_CHUNK_LENGTH, [MS-RDPBCGR] 2.2.6.1: a chunk that is not so long is the last of its
/// message.
constexpr std::uint32_t kChunkBytes = 1600;

/// Smaller ones are commands, of which each counts.
constexpr std::uint64_t kSmallestBlock = 256;

}  // namespace

void SealedLengths::on_chunk(Side from, std::uint32_t bytes, bool compressible, Instant at,
                             Findings& out) {
  auto& side = sides_.at(index_of(from));
  side.message += bytes;
  if (bytes >= kChunkBytes) { return; }
  const auto size = side.message;
  side.message = 0;
  if (size == side.size && size >= kSmallestBlock) {
    ++side.again;
    side.last = at;
    return;
  }
  if (side.again > 0) { tell(from, side.size, side.again, compressible, side.last, out); }
  side.size = size;
  side.again = 0;
  tell(from, size, 1, compressible, at, out);
}

void SealedLengths::tell(Side from, std::uint64_t bytes, std::uint64_t messages, bool compressible,
                         Instant at, Findings& out) const {
  out.observe(
      at, from, "assistance.sealed",
      observation::SealedAssistance{
          .channel = channel_, .bytes = bytes, .messages = messages, .compressible = compressible});
}

}  // namespace remora::assistance
