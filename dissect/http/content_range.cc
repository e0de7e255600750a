#include "dissect/http/content_range.h"

#include <charconv>

#include "dissect/encoding/host_name.h"

namespace remora::http {
namespace {

/// The number at the start of `text`, which is stepped over it.
[[nodiscard]] std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) { return std::nullopt; }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

[[nodiscard]] bool take(std::string_view& text, char mark) {
  if (!text.starts_with(mark)) { return false; }
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::optional<ContentRange> read_content_range(std::string_view value) {
  constexpr std::string_view kUnit{"bytes"};
  if (!encoding::same_name(value.substr(0, kUnit.size()), kUnit)) { return std::nullopt; }
  value.remove_prefix(kUnit.size());
  while (take(value, ' ')) {}
  const auto first = take_number(value);
  if (!first.has_value() || !take(value, '-')) { return std::nullopt; }
  const auto last = take_number(value);
  if (!last.has_value() || *last < *first || !take(value, '/')) { return std::nullopt; }
  return ContentRange{.first = *first, .last = *last, .complete_length = take_number(value)};
}

}  // namespace remora::http
