#include "dissect/encoding/base64_stream.h"

#include <array>
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

[[nodiscard]] std::uint32_t digit(std::byte b) {
  return kDigits[to_u8(b)];
}

}  // namespace

std::size_t Base64Stream::decode(ByteView in, std::span<std::byte> out) {
  std::size_t made = 0;
  for (std::size_t at = 0; at < in.size(); ++at) {
    // Whole groups at once, as long as they are pure.
    while (held_ == 0 && at + 4 <= in.size()) {
      const auto a = digit(in[at]);
      const auto b = digit(in[at + 1]);
      const auto c = digit(in[at + 2]);
      const auto d = digit(in[at + 3]);
      if ((a | b | c | d) >= kForeign) { break; }
      const auto group = (a << 18U) | (b << 12U) | (c << 6U) | d;
      out[made] = static_cast<std::byte>(group >> 16U);
      out[made + 1] = static_cast<std::byte>((group >> 8U) & 0xffU);
      out[made + 2] = static_cast<std::byte>(group & 0xffU);
      made += 3;
      at += 4;
    }
    if (at == in.size()) { break; }
    const auto value = digit(in[at]);
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
