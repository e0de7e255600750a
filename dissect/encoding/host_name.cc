#include "dissect/encoding/host_name.h"

#include <algorithm>
#include <cstddef>

#include "capture/base/address.h"

namespace remora::encoding {
namespace {

constexpr std::size_t kLongestName = 255;  // RFC 1035 2.3.4
constexpr std::string_view kReplacement{"\xef\xbf\xbd"};

[[nodiscard]] char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool may_be_host_name(std::string_view text) {
  // Not in names of any kind ([MS-DTYP] 2.2.30, RFC 1123 2.1); an IPv6 literal has a colon.
  constexpr std::string_view kForbidden{" \t\"*/:;<=>?@[\\]|,"};
  return !text.empty() && text.size() <= kLongestName && text != "." &&
         text.find_first_of(kForbidden) == std::string_view::npos &&
         text.find(kReplacement) == std::string_view::npos && !IpAddress::parse(text).has_value();
}

bool same_name(std::string_view one, std::string_view two) {
  return std::ranges::equal(one, two, {}, to_lower, to_lower);
}

}  // namespace remora::encoding
