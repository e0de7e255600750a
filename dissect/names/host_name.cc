#include "dissect/names/host_name.h"

#include <algorithm>

#include "capture/base/address.h"
#include "capture/base/bytes.h"
#include "dissect/encoding/text.h"
#include "dissect/names/domain_name.h"

namespace remora::names {
namespace {

constexpr std::string_view kNeverInNames{" \"*/:<>?\\|"};

bool has_good_labels(std::string_view text) {
  while (true) {
    const auto dot = text.find('.');
    const auto label = text.substr(0, dot);
    if (label.empty() || label.size() > kMaxLabelBytes) { return false; }
    if (dot == std::string_view::npos) { return true; }
    text.remove_prefix(dot + 1);
  }
}

/// RFC 6761 6.3, and what Linux calls itself until it is told better.
bool is_localhost(std::string_view text) {
  return is_same_name(text, "localhost") || is_same_name(text, "localhost.localdomain");
}

}  // namespace

std::optional<std::string> to_host_name(std::string_view text) {
  if (text.ends_with('.')) { text.remove_suffix(1); }
  const bool good = !text.empty() && text.size() <= kMaxNameBytes &&
                    text.find_first_of(kNeverInNames) == std::string_view::npos &&
                    has_good_labels(text) && encoding::is_printable(as_bytes(text)) &&
                    !is_localhost(text) && !IpAddress::parse(text).has_value();
  return good ? std::optional{std::string{text}} : std::nullopt;
}

}  // namespace remora::names
