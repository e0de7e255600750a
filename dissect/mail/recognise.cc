#include "dissect/mail/recognise.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "dissect/mail/line.h"

namespace remora::mail {
namespace {

using namespace std::string_view_literals;

/// LIMIT: of a greeting's first line; RFC 5321 4.5.3.1.5 says 512.
constexpr std::size_t kMaxGreeting = 512;
/// LIMIT: of a tag of IMAP, which may have any length.
constexpr std::size_t kMaxTag = 32;
/// LIMIT: lines without meaning before the first that tells.
constexpr int kMaxNeutralLines = 4;

/// With a blank or colon at the end where an argument must follow, else the line may end.
constexpr std::array kSmtpCommands{
    "EHLO "sv, "HELO "sv,     "LHLO "sv,    "MAIL FROM:"sv, "RCPT TO:"sv, "DATA"sv,
    "BDAT "sv, "RSET"sv,      "QUIT"sv,     "NOOP"sv,       "STARTTLS"sv, "AUTH "sv,
    "HELP"sv,  "VRFY "sv,     "EXPN "sv,    "ETRN "sv,      "BURL "sv,    "XCLIENT "sv,
    "TURN"sv,  "XFORWARD "sv, "XEXCH50 "sv, "HELO"sv,       "EHLO"sv,     "X-ANONYMOUSTLS"sv,
};
/// Those that FTP and POP3 have too, or that say nothing.
constexpr std::array kNeutral{"NOOP"sv, "RSET"sv, "HELP"sv, "QUIT"sv, "AUTH"sv};
constexpr std::array kPop3Commands{"CAPA"sv, "STLS"sv, "APOP "sv, "UIDL"sv};
constexpr std::array kImapCommands{
    "CAPABILITY"sv, "LOGIN"sv,     "AUTHENTICATE"sv, "STARTTLS"sv, "ID"sv,     "NOOP"sv,
    "SELECT"sv,     "EXAMINE"sv,   "UID"sv,          "FETCH"sv,    "APPEND"sv, "LIST"sv,
    "LSUB"sv,       "NAMESPACE"sv, "STATUS"sv,       "ENABLE"sv,   "IDLE"sv,   "COMPRESS"sv,
    "STORE"sv,      "LOGOUT"sv,    "EXPUNGE"sv,      "CLOSE"sv,    "CHECK"sv,  "SEARCH"sv,
};

/// A word by itself: its end, a blank or a line end follows.
[[nodiscard]] Verdict word_at(std::string_view text, std::string_view word) {
  switch (begins_with(text, word)) {
    case Match::kNo:
      return Verdict::kNo;
    case Match::kMore:
      return Verdict::kMore;
    case Match::kYes:
      break;
  }
  if (word.ends_with(' ') || word.ends_with(':')) { return Verdict::kYes; }
  if (text.size() == word.size()) { return Verdict::kMore; }
  return " \r\n"sv.find(text[word.size()]) == std::string_view::npos ? Verdict::kNo : Verdict::kYes;
}

[[nodiscard]] Verdict any_word(std::string_view text, std::span<const std::string_view> words) {
  auto verdict = Verdict::kNo;
  for (const auto word : words) {
    const auto judged = word_at(text, word);
    if (judged == Verdict::kYes) { return judged; }
    if (judged == Verdict::kMore) { verdict = judged; }
  }
  return verdict;
}

[[nodiscard]] Verdict judge_greeting(std::string_view text) {
  const auto end = text.substr(0, kMaxGreeting).find('\n');
  const auto line = to_upper(text.substr(0, std::min(end, kMaxGreeting)));
  if (line.find("SMTP") != std::string::npos) { return Verdict::kYes; }
  const bool whole = end != std::string_view::npos;
  if (whole && line.find("FTP") != std::string::npos) { return Verdict::kNo; }
  return !whole && text.size() >= kMaxGreeting ? Verdict::kNo : Verdict::kMore;
}

/// Characters of a tag, RFC 9051 9.
[[nodiscard]] bool is_tag_character(char c) {
  return c > ' ' && c < '\x7f' && "(){%*\"\\+]"sv.find(c) == std::string_view::npos;
}

}  // namespace

Verdict smtp_command(std::string_view text) {
  return any_word(text, kSmtpCommands);
}

Verdict recognise_smtp(ByteView first_bytes) {
  auto text = as_text(first_bytes);
  for (const auto greeting : {"220 "sv, "220-"sv}) {
    const auto judged = begins_with(text, greeting);
    if (judged == Match::kYes) { return judge_greeting(text); }
    if (judged == Match::kMore) { return Verdict::kMore; }
  }
  for (int lines = 0; lines < kMaxNeutralLines; ++lines) {
    if (any_word(text, kNeutral) != Verdict::kYes) { break; }
    const auto end = text.find('\n');
    if (end == std::string_view::npos) {
      return text.size() < kMaxGreeting ? Verdict::kMore : Verdict::kNo;
    }
    text.remove_prefix(end + 1);
    if (text.empty()) { return Verdict::kMore; }
  }
  const auto verdict = smtp_command(text);
  if (verdict != Verdict::kYes) { return verdict; }
  return any_word(text, kNeutral) == Verdict::kYes ? Verdict::kNo : verdict;
}

Verdict recognise_pop3(ByteView first_bytes) {
  const auto text = as_text(first_bytes);
  const auto verdict = any_word(text, kPop3Commands);
  if (verdict != Verdict::kNo) { return verdict; }
  switch (begins_with(text, "+OK")) {
    case Match::kNo:
      return Verdict::kNo;
    case Match::kMore:
      return Verdict::kMore;
    case Match::kYes:
      break;
  }
  // A bare "+OK" is also what a Redis server says.
  if (text.size() > 3 && text[3] == ' ') { return Verdict::kYes; }
  return text.size() == 3 || text == "+OK\r" || text == "+OK\r\n" ? Verdict::kMore : Verdict::kNo;
}

Verdict recognise_imap(ByteView first_bytes) {
  const auto text = as_text(first_bytes);
  if (text.starts_with('*')) { return any_word(text, std::array{"* OK"sv, "* PREAUTH"sv}); }
  const auto head = text.substr(0, kMaxTag + 1);
  const auto end =
      static_cast<std::size_t>(std::ranges::find_if_not(head, is_tag_character) - head.begin());
  // A word without digit is rather a command of another protocol, unless it is very short.
  const bool number = std::ranges::any_of(
      head.substr(0, end), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  if (end == 0 || end > kMaxTag || (end > 2 && !number && end < head.size())) {
    return Verdict::kNo;
  }
  if (end == text.size()) { return Verdict::kMore; }
  return text[end] == ' ' ? any_word(text.substr(end + 1), kImapCommands) : Verdict::kNo;
}

}  // namespace remora::mail
