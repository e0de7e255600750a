#include "dissect/assistance_offer/help_blob.h"

#include <charconv>
#include <cstddef>

namespace remora::assistance_offer {
namespace {

/// LIMIT: items of one blob; two are defined.
constexpr std::size_t kMaxItems = 16;

/// The first `count` characters of UTF-8 text, counted as UTF-16 has them: the blob's counts are
/// those of the string on the wire.
[[nodiscard]] std::size_t bytes_of(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  while (at < text.size() && count > 0) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    count -= size == 4 && count > 1 ? 2 : 1;
    at += size;
  }
  return at < text.size() ? at : text.size();
}

}  // namespace

Account parse_account(std::string_view text) {
  if (const auto slash = text.find('\\'); slash != std::string_view::npos) {
    // The specification's second example doubles the backslash.
    const auto user = text.find_first_not_of('\\', slash);
    return {.user = std::string{user == std::string_view::npos ? "" : text.substr(user)},
            .domain = std::string{text.substr(0, slash)}};
  }
  if (const auto at = text.rfind('@'); at != std::string_view::npos && at > 0) {
    return {.user = std::string{text.substr(0, at)}, .domain = std::string{text.substr(at + 1)}};
  }
  return {.user = std::string{text}, .domain = {}};
}

Account parse_help_blob(std::string_view blob) {
  for (std::size_t item = 0; item < kMaxItems && !blob.empty(); ++item) {
    std::size_t count = 0;
    const auto [end, error] = std::from_chars(blob.data(), blob.data() + blob.size(), count);
    const auto digits = static_cast<std::size_t>(end - blob.data());
    if (error != std::errc{} || digits >= blob.size() || blob[digits] != ';') { return {}; }
    blob.remove_prefix(digits + 1);
    const auto text = blob.substr(0, bytes_of(blob, count));
    if (text.starts_with("ID=")) { return parse_account(text.substr(3)); }
    blob.remove_prefix(text.size());
  }
  return {};
}

}  // namespace remora::assistance_offer
