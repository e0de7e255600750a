#include "dissect/messenger/msnp_command.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <vector>

#include "dissect/encoding/text.h"

namespace remora::messenger {
namespace {

/// Commands whose last word is the size of what follows, as the public descriptions of MSNP 8 to 15
/// list them.
constexpr std::array<std::string_view, 13> kWithPayload{
    "MSG", "UBX", "UUX", "UBN", "UUN", "UBM", "UUM", "NOT", "IPG", "GCF", "QRY", "ADL", "RML"};
constexpr std::size_t kMaxWords = 8;

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The words of a line without its end.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty() && words.size() < kMaxWords) {
    const auto end = std::min(line.find(' '), line.size());
    if (end > 0) { words.push_back(line.substr(0, end)); }
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

bool is_number(std::string_view word) {
  return !word.empty() && word.size() <= 10 && std::ranges::all_of(word, is_digit);
}

/// The first word that is an account, "alice@example.com".
std::string first_account(const std::vector<std::string_view>& words) {
  constexpr std::size_t kMostCharacters = 256;  // LIMIT: RFC 5321 4.5.3.1 has 254
  for (const auto word : words) {
    const bool fits = word.find('@') != std::string_view::npos && word.size() <= kMostCharacters;
    if (fits) { return encoding::to_utf8(as_bytes(word)); }
  }
  return {};
}

/// "USR 93 alice@example.com ...", "USR 93 OK alice@example.com", "VER 1 MSNP8 CVR0",
/// "MSG 97 N 178", "MSG alice@example.com Alice 97".
bool begins_conversation(const std::vector<std::string_view>& words) {
  const auto has_account = [](std::string_view word) {
    return word.find('@') != std::string_view::npos;
  };
  if (words.size() < 3) { return false; }
  if (words[0] == "VER") { return is_number(words[1]) && words[2].starts_with("MSNP"); }
  if (words[0] == "USR" || words[0] == "ANS") {
    return is_number(words[1]) && std::ranges::any_of(words, has_account);
  }
  return words[0] == "MSG" && words.size() == 4 && is_number(words[3]) &&
         (has_account(words[1]) || (is_number(words[1]) && words[2].size() == 1));
}

}  // namespace

Verdict recognise_msnp(ByteView first_bytes) {
  constexpr std::array<std::string_view, 4> kFirst{"VER ", "USR ", "ANS ", "MSG "};
  const auto text = as_text(first_bytes.first(std::min<std::size_t>(first_bytes.size(), 512)));
  const auto start = text.substr(0, 4);
  const bool may =
      std::ranges::any_of(kFirst, [&](std::string_view word) { return word.starts_with(start); });
  if (!may) { return Verdict::kNo; }
  const auto end = text.find("\r\n");
  const auto line = text.substr(0, end);
  const bool printable =
      std::ranges::all_of(line, [](char c) { return c == '\r' || (c >= ' ' && c < 0x7f); });
  if (!printable) { return Verdict::kNo; }
  if (end == std::string_view::npos) { return text.size() < 512 ? Verdict::kMore : Verdict::kNo; }
  return begins_conversation(words_of(line)) ? Verdict::kYes : Verdict::kNo;
}

Extent measure_msnp_line(ByteView bytes) {
  const auto text = as_text(bytes.first(std::min(bytes.size(), kMaxMsnpLine)));
  // Three letters, or the three digits of an error.
  for (std::size_t at = 0; at < std::min<std::size_t>(3, text.size()); ++at) {
    if (!is_upper(text[at]) && !is_digit(text[at])) { return Extent::lost("no MSNP command"); }
  }
  const auto end = text.find("\r\n");
  if (end != std::string_view::npos) { return Extent::whole(end + 2); }
  return text.size() == kMaxMsnpLine ? Extent::lost("line too long") : Extent::more();
}

MsnpCommand read_msnp_line(ByteView line) {
  const auto text = as_text(line);
  const auto words = words_of(text.substr(0, text.find("\r\n")));
  MsnpCommand command{.line_bytes = line.size()};
  if (words.empty()) { return command; }
  command.is_message = words[0] == "MSG";
  const auto account = first_account(words);
  if (words[0] == "USR" || words[0] == "ANS") { command.own_account = account; }
  if (words[0] == "JOI" || words[0] == "IRO") { command.joined = account; }
  if (words[0] == "BYE") { command.left = account; }
  // What the server passes on has its sender there, what a client sends has a number.
  command.passed_on = command.is_message && words.size() > 1 && !is_number(words[1]);
  if (command.passed_on) { command.sender = account; }
  const bool sized = std::ranges::find(kWithPayload, words[0]) != kWithPayload.end();
  // With one number alone, that number is the transaction's.
  if (sized && words.size() > 2 && is_number(words.back())) {
    (void)std::from_chars(words.back().data(), words.back().data() + words.back().size(),
                          command.payload_bytes);
  }
  return command;
}

}  // namespace remora::messenger
