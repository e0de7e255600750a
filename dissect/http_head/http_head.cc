#include "dissect/http_head/http_head.h"

#include <algorithm>

namespace remora::http_head {
namespace {

constexpr std::string_view kVersionPrefix{"HTTP/"};
constexpr std::size_t kVersionSize = 8;  // "HTTP/1.1"

[[nodiscard]] bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
[[nodiscard]] char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
[[nodiscard]] std::string to_lower(std::string_view text) {
  std::string lower{text};
  std::ranges::transform(lower, lower.begin(), [](char c) { return to_lower(c); });
  return lower;
}

/// tchar, RFC 9110 5.6.2.
[[nodiscard]] bool is_token_character(char c) {
  constexpr std::string_view kMarks{"!#$%&'*+-.^_`|~"};
  const char lower = to_lower(c);
  return (lower >= 'a' && lower <= 'z') || is_digit(c) || kMarks.find(c) != std::string_view::npos;
}

[[nodiscard]] std::string_view trim(std::string_view text) {
  constexpr std::string_view kWhite{" \t\r\n"};
  const auto first = text.find_first_not_of(kWhite);
  if (first == std::string_view::npos) { return {}; }
  return text.substr(first, text.find_last_not_of(kWhite) - first + 1);
}

[[nodiscard]] std::string_view without_empty_lines_before(std::string_view text) {
  const auto first = text.find_first_not_of("\r\n");
  return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

/// The next line without its end, which `text` steps over.
[[nodiscard]] std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) { line.remove_suffix(1); }
  return line;
}

/// "HTTP/1.0", "HTTP/1.1"
[[nodiscard]] bool is_version(std::string_view text) {
  return text.size() == kVersionSize && text.starts_with(kVersionPrefix) && text[5] == '1' &&
         text[6] == '.' && is_digit(text[7]);
}

/// Whether a start line can go on from `text`, which need not be whole.
[[nodiscard]] bool may_begin_head(std::string_view text) {
  const auto shared = std::min(text.size(), kVersionPrefix.size());
  if (text.substr(0, shared) == kVersionPrefix.substr(0, shared)) { return true; }
  const auto method = text.substr(0, text.find(' '));
  // LIMIT: no method in use has more than 24 letters.
  constexpr std::size_t kLongestMethod = 24;
  return method.size() <= kLongestMethod && is_token(method);
}

/// status-line, RFC 9112 4: "HTTP/1.1 401 Unauthorized"
[[nodiscard]] bool read_status_line(std::string_view line, HttpHead& head) {
  if (line.size() < kVersionSize + 4 || !is_version(line.substr(0, kVersionSize)) ||
      line[kVersionSize] != ' ') {
    return false;
  }
  unsigned status = 0;
  for (const char c : line.substr(kVersionSize + 1, 3)) {
    if (!is_digit(c)) { return false; }
    status = status * 10 + static_cast<unsigned>(c - '0');
  }
  head.is_response = true;
  head.status = static_cast<std::uint16_t>(status);
  return status >= 100;
}

/// request-line, RFC 9112 3: "GET /path HTTP/1.1". The target may hold spaces, as some send them.
[[nodiscard]] bool read_request_line(std::string_view line, HttpHead& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) { return false; }
  head.method = line.substr(0, first);
  head.target = trim(line.substr(first + 1, last - first - 1));
  return is_token(head.method) && !head.target.empty() && is_version(line.substr(last + 1));
}

/// Digits only, up to 18 of them.
[[nodiscard]] std::optional<std::uint64_t> to_number(std::string_view text) {
  if (text.empty() || text.size() > 18 || !std::ranges::all_of(text, is_digit)) {
    return std::nullopt;
  }
  std::uint64_t value = 0;
  for (const char c : text) { value = value * 10 + static_cast<std::uint64_t>(c - '0'); }
  return value;
}

[[nodiscard]] bool has_no_body(std::uint16_t status) {
  return status < 200 || status == 204 || status == 304;
}

/// RFC 9112 6.3, without what depends on the request that is answered.
void set_framing(HttpHead& head) {
  if (head.is_response && has_no_body(head.status)) { return; }
  head.framing = head.is_response ? BodyFraming::kUnbounded : BodyFraming::kNone;
  if (const auto coding = head.find("transfer-encoding")) {
    const auto lower = to_lower(*coding);
    head.framing = lower.ends_with("chunked") ? BodyFraming::kChunked : BodyFraming::kUnbounded;
    return;
  }
  std::optional<std::uint64_t> length;
  for (const auto& header : head.headers) {
    if (header.name != "content-length") { continue; }
    const auto told = to_number(header.value);
    if (!told || (length && *length != *told)) {
      head.framing = BodyFraming::kUnbounded;
      return;
    }
    length = told;
  }
  if (length) {
    head.framing = *length == 0 ? BodyFraming::kNone : BodyFraming::kLength;
    head.content_length = *length;
  }
}

}  // namespace

std::optional<std::string_view> HttpHead::find(std::string_view lower_case_name) const {
  const auto found = std::ranges::find(headers, lower_case_name, &Header::name);
  if (found == headers.end()) { return std::nullopt; }
  return found->value;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_character);
}

Extent measure_http_head(ByteView bytes) {
  const auto text = as_text(bytes.first(std::min(bytes.size(), kMaxHeadBytes)));
  const auto head = without_empty_lines_before(text);
  if (!head.empty() && !may_begin_head(head)) { return Extent::lost("no start line"); }
  auto at = text.size() - head.size();
  while (true) {
    const auto end = text.find('\n', at);
    if (end == std::string_view::npos) { break; }
    const auto next = text.substr(end + 1, 2);
    if (next.starts_with('\n')) { return Extent::whole(end + 2); }
    if (next == "\r\n") { return Extent::whole(end + 3); }
    at = end + 1;
  }
  return bytes.size() >= kMaxHeadBytes ? Extent::lost("head without end") : Extent::more();
}

HttpHead read_http_head(Cursor& in) {
  HttpHead head;
  auto text = without_empty_lines_before(as_text(in.rest()));
  const auto start = take_line(text);
  const bool read = start.starts_with(kVersionPrefix) ? read_status_line(start, head)
                                                      : read_request_line(start, head);
  if (!read) {
    in.fail("start-line", "neither request nor status");
    return head;
  }
  while (!text.empty() && head.headers.size() < kMaxHeaders) {
    const auto line = take_line(text);
    if (line.empty()) { break; }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) { continue; }
    // Old servers let white space stand before the colon; a folded line begins with it.
    const auto name = line.substr(0, line.find_last_not_of(" \t", colon - 1) + 1);
    if (colon == 0 || !is_token(name)) { continue; }
    head.headers.push_back({.name = to_lower(name), .value = trim(line.substr(colon + 1))});
  }
  set_framing(head);
  return head;
}

}  // namespace remora::http_head
