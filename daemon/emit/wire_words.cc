#include "daemon/emit/wire_words.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <span>

namespace remora::emit {
namespace {

using Protocol = v1::Negotiation;

struct Word {
  std::uint32_t value;
  std::string_view text;
};

struct ProtocolWord {
  std::uint32_t bit;
  v1::Negotiation::Protocol word;
};

// [MS-RDPBCGR] 2.2.1.1.1.
constexpr std::array kProtocols{
    ProtocolWord{0x01, Protocol::TLS},
    ProtocolWord{0x02, Protocol::CREDSSP},
    ProtocolWord{0x08, Protocol::CREDSSP_EARLY_AUTH},
    ProtocolWord{0x04, Protocol::RDSTLS},
    ProtocolWord{0x10, Protocol::RDSAAD},
};

// 2.2.1.1.1.
constexpr std::array kRequestFlags{
    Word{0x01, "RESTRICTED_ADMIN_MODE_REQUIRED"},
    Word{0x02, "REDIRECTED_AUTHENTICATION_MODE_REQUIRED"},
    Word{0x08, "CORRELATION_INFO_PRESENT"},
};

// 2.2.1.2.1.
constexpr std::array kResponseFlags{
    Word{0x01, "EXTENDED_CLIENT_DATA_SUPPORTED"},
    Word{0x02, "DYNVC_GFX_PROTOCOL_SUPPORTED"},
    Word{0x04, "NEGRSP_FLAG_RESERVED"},
    Word{0x08, "RESTRICTED_ADMIN_MODE_SUPPORTED"},
    Word{0x10, "REDIRECTED_AUTHENTICATION_MODE_SUPPORTED"},
};

// 2.2.1.4.3.
constexpr std::array kMethods{
    Word{0x00, "NONE"},    Word{0x01, "RC4_40"}, Word{0x08, "RC4_56"},
    Word{0x02, "RC4_128"}, Word{0x10, "FIPS"},
};
constexpr std::array kLevels{
    Word{0, "NONE"}, Word{1, "LOW"}, Word{2, "CLIENT_COMPATIBLE"}, Word{3, "HIGH"}, Word{4, "FIPS"},
};

constexpr std::array kTlsVersions{
    Word{0x0300, "SSL3.0"},  Word{0x0301, "TLS1.0"},  Word{0x0302, "TLS1.1"},
    Word{0x0303, "TLS1.2"},  Word{0x0304, "TLS1.3"},  Word{0xfeff, "DTLS1.0"},
    Word{0xfefd, "DTLS1.2"}, Word{0xfefc, "DTLS1.3"},
};

// 2.2.1.3.2.
constexpr std::array kCoreVersions{
    Word{0x00080001, "4.0"},   Word{0x00080005, "10.0"},  Word{0x00080006, "10.1"},
    Word{0x00080007, "10.2"},  Word{0x00080008, "10.3"},  Word{0x00080009, "10.4"},
    Word{0x0008000a, "10.5"},  Word{0x0008000b, "10.6"},  Word{0x0008000c, "10.7"},
    Word{0x0008000d, "10.8"},  Word{0x0008000e, "10.9"},  Word{0x0008000f, "10.10"},
    Word{0x00080010, "10.11"}, Word{0x00080011, "10.12"},
};

// T.125 7, Result.
constexpr std::array kMcsResults{
    Word{0, "SUCCESSFUL"},
    Word{1, "DOMAIN_MERGING"},
    Word{2, "DOMAIN_NOT_HIERARCHICAL"},
    Word{3, "NO_SUCH_CHANNEL"},
    Word{4, "NO_SUCH_DOMAIN"},
    Word{5, "NO_SUCH_USER"},
    Word{6, "NOT_ADMITTED"},
    Word{7, "OTHER_USER_ID"},
    Word{8, "PARAMETERS_UNACCEPTABLE"},
    Word{9, "TOKEN_NOT_AVAILABLE"},
    Word{10, "TOKEN_NOT_POSSESSED"},
    Word{11, "TOO_MANY_CHANNELS"},
    Word{12, "TOO_MANY_TOKENS"},
    Word{13, "TOO_MANY_USERS"},
    Word{14, "UNSPECIFIED_FAILURE"},
    Word{15, "USER_REJECTED"},
};

struct BuildWord {
  std::uint32_t build{0};
  ClientBuild words;
};

// protocols-rdp.md 2.5. The build is that of the client library, which ships with Windows.
constexpr std::array kBuilds{
    BuildWord{419, {"Windows NT 4.0 Terminal Server Edition", "4.0"}},
    BuildWord{2195, {"Windows 2000", "5.0"}},
    BuildWord{2221, {"Windows 2000", "5.0"}},
    BuildWord{2600, {"Windows XP", "5.1"}},
    BuildWord{3790, {"Windows Server 2003", "5.2"}},
    BuildWord{6000, {"Windows Vista", "6.0"}},
    BuildWord{6001, {"Windows Vista SP1 / Server 2008", "6.1"}},
    BuildWord{6002, {"Windows Vista SP2 / Server 2008 SP2", "6.1"}},
    BuildWord{7600, {"Windows 7 / Server 2008 R2", "7.0"}},
    BuildWord{7601, {"Windows 7 SP1 / Server 2008 R2 SP1", "7.1"}},
    BuildWord{9200, {"Windows 8 / Server 2012", "8.0"}},
    BuildWord{9600, {"Windows 8.1 / Server 2012 R2", "8.1"}},
    BuildWord{10240, {"Windows 10 1507", ""}},
    BuildWord{10586, {"Windows 10 1511", ""}},
    BuildWord{14393, {"Windows 10 1607 / Server 2016", ""}},
    BuildWord{15063, {"Windows 10 1703", ""}},
    BuildWord{16299, {"Windows 10 1709", ""}},
    BuildWord{17134, {"Windows 10 1803", ""}},
    BuildWord{17763, {"Windows 10 1809 / Server 2019", ""}},
    BuildWord{18362, {"Windows 10 1903", ""}},
    BuildWord{18363, {"Windows 10 1909", ""}},
    BuildWord{19041, {"Windows 10 2004", ""}},
    BuildWord{19042, {"Windows 10 20H2", ""}},
    BuildWord{19043, {"Windows 10 21H1", ""}},
    BuildWord{19044, {"Windows 10 21H2", ""}},
    BuildWord{19045, {"Windows 10 22H2", ""}},
    BuildWord{20348, {"Windows Server 2022", ""}},
    BuildWord{22000, {"Windows 11 21H2", ""}},
    BuildWord{22621, {"Windows 11 22H2", ""}},
    BuildWord{22631, {"Windows 11 23H2", ""}},
    BuildWord{25189, {"macOS", "8.0"}},
    BuildWord{25282, {"macOS", "8.0"}},
    BuildWord{26100, {"Windows 11 24H2 / Server 2025", ""}},
};

std::string as_hex(std::uint32_t value) {
  std::array<char, 12> text{};
  (void)std::snprintf(text.data(), text.size(), "0x%02x", value);
  return text.data();
}

std::string_view find(std::span<const Word> words, std::uint32_t value) {
  const auto place = std::ranges::find(words, value, &Word::value);
  return place == words.end() ? std::string_view{} : place->text;
}

std::string word_or_hex(std::span<const Word> words, std::uint32_t value) {
  const auto text = find(words, value);
  return text.empty() ? as_hex(value) : std::string{text};
}

std::vector<std::string> words_of_bits(std::span<const Word> words, std::uint32_t bits) {
  std::vector<std::string> found;
  for (const auto& word : words) {
    if (word.value != 0 && (bits & word.value) != 0) {
      found.emplace_back(word.text);
      bits &= ~word.value;
    }
  }
  for (std::uint32_t bit = 1; bits != 0; bit <<= 1) {
    if ((bits & bit) != 0) { found.push_back(as_hex(bit)); }
    bits &= ~bit;
  }
  return found;
}

}  // namespace

std::vector<v1::Negotiation::Protocol> requested_protocols(std::uint32_t bits) {
  if (bits == 0) { return {Protocol::STANDARD}; }
  std::vector<v1::Negotiation::Protocol> words;
  for (const auto& protocol : kProtocols) {
    if ((bits & protocol.bit) != 0) { words.push_back(protocol.word); }
  }
  return words;
}

v1::Negotiation::Protocol selected_protocol(std::uint32_t value) {
  if (value == 0) { return Protocol::STANDARD; }
  const auto place = std::ranges::find(kProtocols, value, &ProtocolWord::bit);
  return place == kProtocols.end() ? Protocol::PROTOCOL_UNSPECIFIED : place->word;
}

std::vector<std::string> request_flags(std::uint8_t bits) {
  return words_of_bits(kRequestFlags, bits);
}

std::vector<std::string> response_flags(std::uint8_t bits) {
  return words_of_bits(kResponseFlags, bits);
}

std::string encryption_method(std::uint32_t value) {
  return word_or_hex(kMethods, value);
}
std::string encryption_level(std::uint32_t value) {
  return word_or_hex(kLevels, value);
}

std::vector<std::string> encryption_methods(std::uint32_t bits) {
  return words_of_bits(kMethods, bits);
}

std::string tls_version(std::uint16_t version) {
  return word_or_hex(kTlsVersions, version);
}

ClientBuild client_build(std::uint32_t build) {
  const auto place = std::ranges::find(kBuilds, build, &BuildWord::build);
  return place == kBuilds.end() ? ClientBuild{} : place->words;
}

std::string_view core_version(std::uint32_t version) {
  return find(kCoreVersions, version);
}

std::string_view mcs_result_name(std::uint32_t result) {
  return find(kMcsResults, result);
}

}  // namespace remora::emit
