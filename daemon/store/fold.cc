#include "daemon/store/fold.h"

#include <arpa/inet.h>
#include <array>
#include <clocale>
#include <cwctype>
#include <netinet/in.h>

namespace remora::store {
namespace {

struct CodePoint {
  char32_t value;
  std::size_t bytes;  ///< 0: no UTF-8
};

CodePoint read_code_point(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned lead = byte(0);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xc2 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                                           : 4;
  if (length == 1) { return {lead, 1}; }
  if (length == 0 || lead > 0xf4 || text.size() < length) { return {0, 0}; }
  char32_t value = lead & (0x7fU >> length);
  for (std::size_t at = 1; at < length; ++at) {
    if ((byte(at) & 0xc0U) != 0x80U) { return {0, 0}; }
    value = value << 6U | (byte(at) & 0x3fU);
  }
  return {value, length};
}

void append(char32_t value, std::string& to) {
  const auto push = [&to](unsigned byte) { to += static_cast<char>(byte); };
  const auto follow = [&](unsigned shift) { push(0x80U | (value >> shift & 0x3fU)); };
  if (value < 0x80) {
    push(value);
  } else if (value < 0x800) {
    push(0xc0U | value >> 6U);
    follow(0);
  } else if (value < 0x10000) {
    push(0xe0U | value >> 12U);
    follow(6);
    follow(0);
  } else {
    push(0xf0U | value >> 18U);
    follow(12);
    follow(6);
    follow(0);
  }
}

/// The letters of all scripts, whatever the environment says; built into the C library.
char32_t lower(char32_t letter) {
  static const locale_t letters = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (letter < 0x80 || letters == nullptr) {
    return letter >= U'A' && letter <= U'Z' ? letter + 32 : letter;
  }
  return static_cast<char32_t>(towlower_l(static_cast<wint_t>(letter), letters));
}

}  // namespace

std::string fold(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  while (!text.empty()) {
    const auto [value, bytes] = read_code_point(text);
    if (bytes == 0) {
      folded += text.front();
      text.remove_prefix(1);
      continue;
    }
    append(lower(value), folded);
    text.remove_prefix(bytes);
  }
  return folded;
}

std::string fold_host(std::string_view text) {
  auto host = fold(text);
  if (host.find(':') != std::string::npos) {
    in6_addr address{};
    std::array<char, INET6_ADDRSTRLEN> written{};
    if (inet_pton(AF_INET6, host.c_str(), &address) == 1 &&
        inet_ntop(AF_INET6, &address, written.data(), written.size()) != nullptr) {
      return written.data();
    }
  }
  if (host.size() > 1 && host.back() == '.') { host.pop_back(); }
  return host;
}

}  // namespace remora::store
