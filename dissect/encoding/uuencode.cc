#include "dissect/encoding/uuencode.h"

#include <algorithm>

namespace remora::encoding {
namespace {

[[nodiscard]] bool is_octal(char c) {
  return c >= '0' && c <= '7';
}
[[nodiscard]] bool is_line_end(std::byte b) {
  return b == std::byte{'\r'} || b == std::byte{'\n'};
}
/// From blank to grave accent, which stands for a blank.
[[nodiscard]] bool is_data(std::byte b) {
  return to_u8(b) >= 0x20 && to_u8(b) <= 0x60;
}
[[nodiscard]] std::uint8_t value_of(std::byte b) {
  return static_cast<std::uint8_t>((to_u8(b) - 0x20U) & 0x3fU);
}

}  // namespace

std::optional<std::string_view> uuencoded_name(std::string_view line) {
  constexpr std::string_view kBegin{"begin "};
  if (!line.starts_with(kBegin)) { return std::nullopt; }
  line.remove_prefix(kBegin.size());
  const auto mode = line.find(' ');
  if (mode != 3 && mode != 4) { return std::nullopt; }
  if (!std::ranges::all_of(line.substr(0, mode), is_octal)) { return std::nullopt; }
  line.remove_prefix(mode + 1);
  const auto last = line.find_last_not_of(" \t\r\n");
  if (last == std::string_view::npos) { return std::nullopt; }
  return line.substr(0, last + 1);
}

UuencodeStream::Step UuencodeStream::decode(ByteView in, std::span<std::byte> out) {
  Step step;
  while (step.used < in.size() && !finished_) {
    const auto b = in[step.used];
    if (!in_line_) {
      finished_ = !is_data(b) && !is_line_end(b);
      if (finished_) { break; }
      in_line_ = is_data(b);
      left_ = in_line_ ? value_of(b) : 0;
    } else if (b == std::byte{'\n'}) {
      step.made += close_group(out.subspan(step.made));
      in_line_ = false;
    } else if (left_ > 0 && is_data(b)) {
      group_.at(in_group_++) = value_of(b);
      if (in_group_ == group_.size()) { step.made += close_group(out.subspan(step.made)); }
    }
    ++step.used;
  }
  return step;
}

/// What the group's characters give, as far as the line has bytes left; missing ones are blanks.
std::size_t UuencodeStream::close_group(std::span<std::byte> out) {
  if (in_group_ == 0) { return 0; }
  std::fill(group_.begin() + in_group_, group_.end(), std::uint8_t{0});
  const std::array<unsigned, 3> bytes{
      static_cast<unsigned>(group_[0]) << 2U | static_cast<unsigned>(group_[1]) >> 4U,
      static_cast<unsigned>(group_[1]) << 4U | static_cast<unsigned>(group_[2]) >> 2U,
      static_cast<unsigned>(group_[2]) << 6U | static_cast<unsigned>(group_[3])};
  const auto size = std::min<std::size_t>(left_, bytes.size());
  for (std::size_t at = 0; at < size; ++at) {
    out[at] = static_cast<std::byte>(bytes.at(at) & 0xffU);
  }
  left_ -= static_cast<unsigned>(size);
  in_group_ = 0;
  return size;
}

}  // namespace remora::encoding
