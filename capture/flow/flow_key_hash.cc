#include "capture/flow/flow_key_hash.h"

#include <cstdint>
#include <cstring>

namespace remora::capture {
namespace {

/// Mixes one 64-bit word into a hash; constants of the splitmix64 finaliser.
std::uint64_t mix(std::uint64_t hash, std::uint64_t word) {
  hash ^= word;
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9U;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebU;
  return hash ^ (hash >> 31);
}

std::uint64_t mix(std::uint64_t hash, const SocketAddress& end) {
  const auto bytes = end.address.bytes();
  std::uint64_t word = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 4) {
    std::uint32_t part = 0;
    std::memcpy(&part, bytes.data() + at, sizeof part);
    word = (word << 32) | part;
    if (at % 8 == 4) {
      hash = mix(hash, word);
      word = 0;
    }
  }
  return mix(hash, (word << 16) | to_number(end.port));
}

}  // namespace

std::size_t FlowKeyHash::operator()(const FlowKey& key) const {
  return mix(mix(static_cast<std::uint64_t>(key.transport), key.low), key.high);
}

}  // namespace remora::capture
