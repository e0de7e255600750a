#include "dissect/rdp/security/client_random.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace remora::rdp {
namespace {

constexpr std::size_t kRandomBytes = 32;

bool is_zero(ByteView bytes) {
  return std::ranges::all_of(bytes, [](std::byte b) { return b == std::byte{0}; });
}

}  // namespace

std::optional<keys::Secret> open_client_random(const keys::RsaKey& key, ByteView encrypted) {
  const auto size = std::min(key.modulus.size(), encrypted.size());
  if (size < kRandomBytes || !is_zero(encrypted.subspan(size))) { return {}; }
  const std::vector<std::byte> number{
      std::make_reverse_iterator(encrypted.begin() + static_cast<std::ptrdiff_t>(size)),
      std::make_reverse_iterator(encrypted.begin())};
  const auto opened = keys::open_raw(key, number);
  const auto bytes = opened.bytes();
  if (bytes.size() < kRandomBytes) { return {}; }
  const auto above = bytes.first(bytes.size() - kRandomBytes);
  if (!is_zero(above)) { return {}; }
  std::array<std::byte, kRandomBytes> random{};
  std::ranges::reverse_copy(bytes.last(kRandomBytes), random.begin());
  std::optional<keys::Secret> result{keys::Secret{random}};
  keys::wipe(random);
  return result;
}

}  // namespace remora::rdp
