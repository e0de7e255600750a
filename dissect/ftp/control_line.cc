#include "dissect/ftp/control_line.h"

#include <algorithm>

namespace remora::ftp {
namespace {

[[nodiscard]] bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
[[nodiscard]] bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
[[nodiscard]] std::string_view without_end(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) { line.remove_suffix(1); }
  return line;
}

}  // namespace

Extent measure_line(ByteView bytes) {
  const auto end = as_text(bytes).substr(0, kMaxLineBytes).find('\n');
  if (end != std::string_view::npos) { return Extent::whole(end + 1); }
  return bytes.size() < kMaxLineBytes ? Extent::more() : Extent::lost("line without end");
}

std::optional<Command> read_command(std::string_view line) {
  // IAC and what may follow it, RFC 854: no verb has such bytes.
  while (!line.empty() && static_cast<unsigned char>(line.front()) >= 0xf0) {
    line.remove_prefix(1);
  }
  line = without_end(line);
  const auto space = std::min(line.find(' '), line.size());
  Command command{.verb = std::string{line.substr(0, space)}, .argument = {}};
  if (command.verb.size() < 3 || command.verb.size() > 4 ||
      !std::ranges::all_of(command.verb, is_letter)) {
    return std::nullopt;
  }
  for (auto& c : command.verb) { c = static_cast<char>(c & ~0x20); }
  command.argument = line.substr(std::min(space + 1, line.size()));
  return command;
}

std::optional<Reply> read_reply(std::string_view line) {
  line = without_end(line);
  if (line.size() < 3 || !std::ranges::all_of(line.substr(0, 3), is_digit)) { return std::nullopt; }
  const auto code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  const bool ended = line.size() == 3 || line[3] == ' ' || line[3] == '-';
  if (!ended || code < 100 || code > 599) { return std::nullopt; }
  return Reply{.code = static_cast<std::uint16_t>(code),
               .has_more = line.size() > 3 && line[3] == '-',
               .text = line.substr(std::min<std::size_t>(4, line.size()))};
}

}  // namespace remora::ftp
