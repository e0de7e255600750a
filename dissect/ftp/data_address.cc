#include "dissect/ftp/data_address.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace remora::ftp {
namespace {

[[nodiscard]] bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A decimal number up to `most` at the start of `text`, which is stepped over it.
[[nodiscard]] std::optional<unsigned> take_number(std::string_view& text, unsigned most) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number > most) { return std::nullopt; }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// Six numbers with commas between them, right at the start.
[[nodiscard]] std::optional<DataAddress> read_six(std::string_view text) {
  std::array<unsigned, 6> numbers{};
  for (std::size_t at = 0; at < numbers.size(); ++at) {
    if (at > 0) {
      if (!text.starts_with(',')) { return std::nullopt; }
      text.remove_prefix(1);
    }
    const auto number = take_number(text, 255);
    if (!number.has_value()) { return std::nullopt; }
    numbers.at(at) = *number;
  }
  std::string dotted;
  for (std::size_t at = 0; at < 4; ++at) {
    dotted += (at > 0 ? "." : "") + std::to_string(numbers.at(at));
  }
  const auto port = numbers[4] * 256 + numbers[5];
  if (port == 0) { return std::nullopt; }
  return DataAddress{.address = IpAddress::parse(dotted),
                     .port = Port{static_cast<std::uint16_t>(port)}};
}

}  // namespace

std::optional<DataAddress> read_host_port(std::string_view text) {
  while (!text.empty()) {
    const auto first = std::ranges::find_if(text, is_digit);
    text.remove_prefix(static_cast<std::size_t>(first - text.begin()));
    if (const auto found = read_six(text)) { return found; }
    const auto behind = std::ranges::find_if_not(text, is_digit);
    text.remove_prefix(static_cast<std::size_t>(behind - text.begin()));
  }
  return std::nullopt;
}

std::optional<DataAddress> read_extended_address(std::string_view text) {
  const auto open = text.find('(');
  if (open != std::string_view::npos) { text.remove_prefix(open + 1); }
  if (text.empty()) { return std::nullopt; }
  const char mark = text.front();
  std::array<std::string_view, 3> fields{};
  text.remove_prefix(1);
  for (auto& field : fields) {
    const auto end = text.find(mark);
    if (end == std::string_view::npos) { return std::nullopt; }
    field = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  const auto port = take_number(fields[2], 0xffff);
  if (!port.has_value() || *port == 0 || !fields[2].empty()) { return std::nullopt; }
  return DataAddress{.address = IpAddress::parse(std::string{fields[1]}),
                     .port = Port{static_cast<std::uint16_t>(*port)}};
}

std::string read_quoted_path(std::string_view text) {
  if (!text.starts_with('"')) { return {}; }
  std::string path;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] != '"') {
      path.push_back(text[at]);
    } else if (text.substr(at + 1).starts_with('"')) {
      path.push_back(text[at++]);
    } else {
      return path;
    }
  }
  return {};
}

}  // namespace remora::ftp
