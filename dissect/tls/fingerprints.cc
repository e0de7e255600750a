#include "dissect/tls/fingerprints.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <functional>

#include "dissect/encoding/digest.h"
#include "dissect/encoding/text.h"
#include "dissect/tls/extension.h"

namespace remora::tls {
namespace {

template <typename List>
std::string joined_decimals(const List& values) {
  std::string text;
  for (const auto value : values) {
    if (is_grease(value)) { continue; }
    if (!text.empty()) { text += '-'; }
    text += std::to_string(value);
  }
  return text;
}

std::string four_hex(std::uint16_t value) {
  std::array<char, 5> text{};
  (void)std::snprintf(text.data(), text.size(), "%04x", static_cast<unsigned>(value));
  return text.data();
}

std::string joined_hex(const std::vector<std::uint16_t>& values) {
  std::string text;
  for (const auto value : values) {
    if (!text.empty()) { text += ','; }
    text += four_hex(value);
  }
  return text;
}

std::vector<std::uint16_t> without_grease(std::vector<std::uint16_t> values) {
  std::erase_if(values, is_grease);
  return values;
}

std::string two_digits(std::size_t count) {
  std::array<char, 8> text{};
  (void)std::snprintf(text.data(), text.size(), "%02zu", std::min<std::size_t>(count, 99));
  return text.data();
}

/// The versions of DTLS count down from feff (RFC 6347 4.1).
bool is_dtls(const ClientHello& hello) {
  return hello.legacy_version >> 8U == 0xfe;
}

std::string ja4_version(const ClientHello& hello) {
  auto version = hello.legacy_version;
  const auto offered = without_grease(hello.supported_versions);
  if (!offered.empty()) {
    version = is_dtls(hello) ? std::ranges::min(offered) : std::ranges::max(offered);
  }
  switch (version) {
    case 0x0304:
      return "13";
    case 0x0303:
      return "12";
    case 0x0302:
      return "11";
    case 0x0301:
      return "10";
    case 0x0300:
      return "s3";
    case 0x0002:
      return "s2";
    case 0xfeff:
      return "d1";
    case 0xfefd:
      return "d2";
    case 0xfefc:
      return "d3";
    default:
      return "00";
  }
}

/// First and last character of the first protocol; of its hexadecimal form where either is not
/// alphanumeric.
std::string ja4_alpn(const ClientHello& hello) {
  if (hello.alpn.empty() || hello.alpn.front().empty()) { return "00"; }
  const auto& name = hello.alpn.front();
  const auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  if (plain(name.front()) && plain(name.back())) { return {name.front(), name.back()}; }
  const auto hex = encoding::to_hex(as_bytes(name));
  return {hex.front(), hex.back()};
}

/// Empty where there is no MD5.
std::string md5_text(const std::string& text) {
  const auto digest = encoding::md5(as_bytes(text));
  return digest.has_value() ? encoding::to_hex(*digest) : std::string{};
}

}  // namespace

std::string ja4_hash(const std::string& text) {
  if (text.empty()) { return "000000000000"; }
  return encoding::to_hex(encoding::sha256(as_bytes(text))).substr(0, 12);
}

std::string ja3(const ClientHello& hello) {
  const auto text = std::to_string(hello.legacy_version) + ',' +
                    joined_decimals(hello.cipher_suites) + ',' + joined_decimals(hello.extensions) +
                    ',' + joined_decimals(hello.supported_groups) + ',' +
                    joined_decimals(hello.ec_point_formats);
  return md5_text(text);
}

std::string ja3s(const ServerHello& hello) {
  const auto text = std::to_string(hello.legacy_version) + ',' +
                    std::to_string(hello.cipher_suite) + ',' + joined_decimals(hello.extensions);
  return md5_text(text);
}

std::string ja4(const ClientHello& hello) {
  auto ciphers = without_grease(hello.cipher_suites);
  auto extensions = without_grease(hello.extensions);
  const auto start = (is_dtls(hello) ? 'd' : 't') + ja4_version(hello) +
                     (hello.server_name.has_value() ? 'd' : 'i') + two_digits(ciphers.size()) +
                     two_digits(extensions.size()) + ja4_alpn(hello);
  std::ranges::sort(ciphers);
  std::erase_if(extensions, [](std::uint16_t type) {
    return type == static_cast<std::uint16_t>(ExtensionType::kServerName) ||
           type == static_cast<std::uint16_t>(ExtensionType::kAlpn);
  });
  std::ranges::sort(extensions);
  auto last = joined_hex(extensions);
  const auto algorithms = joined_hex(without_grease(hello.signature_algorithms));
  if (!algorithms.empty()) { last += '_' + algorithms; }
  return start + '_' + ja4_hash(joined_hex(ciphers)) + '_' + ja4_hash(last);
}

}  // namespace remora::tls
