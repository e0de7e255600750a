#include "daemon/log/line.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

namespace remora::log {
namespace {

constexpr std::size_t kMaxValueBytes = 512;

[[nodiscard]] std::string_view word(Level level) {
  constexpr std::array<std::string_view, 4> kWords{"debug", "info", "warning", "error"};
  return kWords.at(static_cast<std::size_t>(level));
}

/// syslog(3): 3 error, 4 warning, 6 informational, 7 debug.
[[nodiscard]] std::string_view priority(Level level) {
  constexpr std::array<std::string_view, 4> kPriorities{"<7>", "<6>", "<4>", "<3>"};
  return kPriorities.at(static_cast<std::size_t>(level));
}

[[nodiscard]] std::string rfc3339(std::chrono::system_clock::time_point time) {
  using std::chrono::milliseconds;
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const auto rest = std::chrono::duration_cast<milliseconds>(time - whole).count();
  const auto seconds = std::chrono::system_clock::to_time_t(whole);
  std::tm utc{};
  (void)::gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  (void)std::snprintf(text.data() + size, text.size() - size, ".%03dZ", static_cast<int>(rest));
  return text.data();
}

[[nodiscard]] std::string cut(const std::string& value) {
  if (value.size() <= kMaxValueBytes) { return value; }
  return value.substr(0, kMaxValueBytes) + "...";
}

[[nodiscard]] bool is_plain(char letter) {
  return letter > ' ' && letter < 0x7f && letter != '"' && letter != '\\' && letter != '=';
}

/// As it is, or in quotation marks. Letters beyond ASCII are escaped, too: among them are controls
/// of terminals and of the direction of writing.
[[nodiscard]] std::string quoted(const std::string& value) {
  if (!value.empty() && std::ranges::all_of(value, is_plain)) { return value; }
  std::string text{'"'};
  for (const char letter : value) {
    if (letter == '\n') {
      text += "\\n";
    } else if (letter == '"' || letter == '\\') {
      text += {'\\', letter};
    } else if (letter >= ' ' && letter < 0x7f) {
      text += letter;
    } else {
      std::array<char, 8> escape{};
      (void)std::snprintf(escape.data(), escape.size(), "\\x%02x",
                          unsigned{static_cast<unsigned char>(letter)});
      text += escape.data();
    }
  }
  return text + '"';
}

[[nodiscard]] std::string text_line(const Record& record, Reader reader) {
  std::string line;
  if (reader == Reader::kAnybody) {
    line.append(rfc3339(record.time)).append(" ").append(word(record.level)).append(" ");
  }
  line.append(record.process).append(": ").append(record.text);
  for (const auto& [name, value] : record.fields) {
    line.append(" ").append(name.text()).append("=").append(quoted(cut(value.text())));
  }
  return line;
}

[[nodiscard]] std::string json_line(const Record& record, Reader reader) {
  nlohmann::ordered_json line;
  if (reader == Reader::kAnybody) { line["time"] = rfc3339(record.time); }
  line["level"] = word(record.level);
  line["process"] = record.process;
  line["message"] = record.text;
  for (const auto& [name, value] : record.fields) {
    // What is no text is a number or a truth value, which JSON writes the same.
    line[std::string{name.text()}] =
        value.is_text() ? nlohmann::ordered_json(cut(value.text()))
                        : nlohmann::ordered_json::parse(value.text(), nullptr, false);
  }
  return line.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

std::string to_line(const Record& record, Format format, Reader reader) {
  const auto line = format == Format::kJson ? json_line(record, reader) : text_line(record, reader);
  return reader == Reader::kJournal ? std::string{priority(record.level)} + line : line;
}

}  // namespace remora::log
