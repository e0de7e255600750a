#include "tests/support/hex.h"

#include <cctype>
#include <stdexcept>

namespace remora::testing {

std::vector<std::byte> hex(std::string_view text) {
  std::vector<std::byte> bytes;
  int high = -1;
  for (const char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) != 0) { continue; }
    if (std::isxdigit(static_cast<unsigned char>(c)) == 0) {
      throw std::invalid_argument{"hex: not a hexadecimal digit"};
    }
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<std::byte>(high * 16 + digit));
      high = -1;
    }
  }
  if (high >= 0) { throw std::invalid_argument{"hex: odd number of digits"}; }
  return bytes;
}

}  // namespace remora::testing
