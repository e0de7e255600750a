#include "tests/support/der.h"

#include <cstddef>

#include "tests/support/hex.h"

namespace remora::testing {
namespace {

/// Big-endian, in as many bytes as it needs.
std::string number(std::size_t value) {
  std::string bytes;
  for (; value > 0; value >>= 8U) { bytes.insert(bytes.begin(), static_cast<char>(value & 0xffU)); }
  return hex_of(bytes);
}

}  // namespace

std::string hex_of(std::string_view text) {
  constexpr std::string_view kDigits{"0123456789abcdef"};
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    result += {kDigits[byte >> 4U], kDigits[byte & 0x0fU]};
  }
  return result;
}

std::string utf16_of(std::string_view text) {
  std::string result;
  for (const char c : text) { result += hex_of({&c, 1}) + "00"; }
  return result;
}

std::string der(std::string_view tag, std::string_view content) {
  const auto size = hex(content).size();
  std::string length = size == 0 ? "00" : number(size);
  if (size > 127) { length = number(0x80 + length.size() / 2) + length; }
  return std::string{tag} + length + std::string{content};
}

}  // namespace remora::testing
