#include "daemon/emit/community_id.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include <openssl/evp.h>

#include "dissect/encoding/digest.h"

namespace remora::emit {
namespace {

void append_u16be(std::vector<std::byte>& to, std::uint16_t value) {
  to.push_back(static_cast<std::byte>(value >> 8));
  to.push_back(static_cast<std::byte>(value & 0xff));
}

}  // namespace

std::string community_id(Transport transport, const SocketAddress& a, const SocketAddress& b,
                         std::uint16_t seed) {
  const auto& [low, high] = std::minmax(a, b);
  std::vector<std::byte> bytes;
  append_u16be(bytes, seed);
  for (const auto* end : {&low, &high}) {
    const auto address = end->address.bytes();
    bytes.insert(bytes.end(), address.begin(), address.end());
  }
  bytes.push_back(static_cast<std::byte>(transport));
  bytes.push_back(std::byte{0});
  append_u16be(bytes, to_number(low.port));
  append_u16be(bytes, to_number(high.port));

  const auto digest = encoding::sha1(bytes);
  std::array<unsigned char, 29> text{};  // 4 * ceil(20 / 3) and the final NUL
  const int length =
      EVP_EncodeBlock(text.data(), reinterpret_cast<const unsigned char*>(digest.data()),
                      static_cast<int>(digest.size()));
  return "1:" + std::string{text.begin(), text.begin() + length};
}

}  // namespace remora::emit
