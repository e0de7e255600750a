#include "dissect/encoding/base64_stream.h"

#include <array>
#include <bit>
#include <cstring>
#include <string_view>

namespace remora::encoding {
namespace {

constexpr std::uint8_t kForeign = 0x40;
constexpr std::uint8_t kPadding = 0x80;

/// RFC 2045 6.8, table 1.
constexpr auto kDigits = [] {
  constexpr std::string_view kAlphabet{
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"};
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kForeign);
  for (std::size_t value = 0; value < kAlphabet.size(); ++value) {
    digits.at(static_cast<std::uint8_t>(kAlphabet[value])) = static_cast<std::uint8_t>(value);
  }
  digits.at('=') = kPadding;
  return digits;
}();

/// Three bytes as they lie in memory, and a fourth that is set where there are none.
using Group = std::uint32_t;
constexpr std::size_t kGroupBytes = 3;
constexpr std::size_t kGroupDigits = 4;

[[nodiscard]] constexpr Group group(std::uint32_t bits, std::uint8_t foreign) {
  return std::bit_cast<Group>(std::array{static_cast<std::uint8_t>(bits >> 16U),
                                         static_cast<std::uint8_t>(bits >> 8U),
                                         static_cast<std::uint8_t>(bits), foreign});
}
constexpr Group kForeignGroup = group(0, 1);

/// What a digit at each of the four places of a group adds to it.
constexpr auto kAdded = [] {
  std::array<std::array<Group, 256>, kGroupDigits> added{};
  for (std::size_t place = 0; place < kGroupDigits; ++place) {
    const auto shift = 6U * (kGroupDigits - 1 - place);
    for (std::size_t c = 0; c < 256; ++c) {
      const std::uint32_t digit = kDigits.at(c);
      added.at(place).at(c) = digit < kForeign ? group(digit << shift, 0) : kForeignGroup;
    }
  }
  return added;
}();

[[nodiscard]] Group group_at(const std::byte* four) {
  return kAdded[0][to_u8(four[0])] | kAdded[1][to_u8(four[1])] | kAdded[2][to_u8(four[2])] |
         kAdded[3][to_u8(four[3])];
}

/// Decodes whole groups as long as they are pure, two at once; `in` has lost them. Writes up to
/// the byte behind what it made, and no further than `in` is long.
std::size_t decode_groups(ByteView& in, std::byte* out) {
  std::size_t made = 0;
  while (in.size() >= 2 * kGroupDigits) {
    const auto one = group_at(in.data());
    const auto two = group_at(in.data() + kGroupDigits);
    if (((one | two) & kForeignGroup) != 0) { break; }
    std::memcpy(out + made, &one, sizeof one);
    std::memcpy(out + made + kGroupBytes, &two, sizeof two);
    made += 2 * kGroupBytes;
    in = in.subspan(2 * kGroupDigits);
  }
  while (in.size() >= kGroupDigits) {
    const auto one = group_at(in.data());
    if ((one & kForeignGroup) != 0) { break; }
    std::memcpy(out + made, &one, sizeof one);
    made += kGroupBytes;
    in = in.subspan(kGroupDigits);
  }
  return made;
}

}  // namespace

std::size_t Base64Stream::decode(ByteView in, std::span<std::byte> out) {
  std::size_t made = 0;
  while (!in.empty()) {
    if (held_ == 0) {
      made += decode_groups(in, out.data() + made);
      if (in.empty()) { break; }
    }
    const std::uint32_t value = kDigits[to_u8(in.front())];
    in = in.subspan(1);
    if (value == kPadding) { held_ = 0; }
    if (value >= kForeign) { continue; }
    bits_ = (bits_ << 6U) | value;
    held_ += 6;
    if (held_ >= 8) {
      held_ -= 8;
      out[made++] = static_cast<std::byte>((bits_ >> held_) & 0xffU);
    }
  }
  return made;
}

}  // namespace remora::encoding
