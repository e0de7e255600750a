#include "dissect/ftp/recognise.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace remora::ftp {
namespace {

using namespace std::string_view_literals;

/// LIMIT: of the greeting looked at.
constexpr std::size_t kLookedAt = 1024;

[[nodiscard]] Verdict begins(std::string_view text, std::string_view start) {
  const auto shared = std::min(text.size(), start.size());
  if (text.substr(0, shared) != start.substr(0, shared)) { return Verdict::kNo; }
  return shared == start.size() ? Verdict::kYes : Verdict::kMore;
}

[[nodiscard]] Verdict judge_greeting(std::string_view text) {
  const auto code = begins(text, "220"sv);
  if (code != Verdict::kYes || text.size() == 3) {
    return code == Verdict::kNo ? code : Verdict::kMore;
  }
  if (text[3] != ' ' && text[3] != '-') { return Verdict::kNo; }
  std::string lower{text.substr(0, kLookedAt)};
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 'a' - 'A') : c;
  });
  const auto smtp = lower.find("smtp");
  const auto ftp = lower.find("ftp");
  if (ftp != std::string::npos && ftp < smtp) { return Verdict::kYes; }
  return smtp != std::string::npos || text.size() >= kLookedAt ? Verdict::kNo : Verdict::kMore;
}

}  // namespace

Verdict recognise(ByteView first_bytes) {
  const auto text = as_text(first_bytes);
  if (text.starts_with('2')) { return judge_greeting(text); }
  const auto upper = begins(text, "USER "sv);
  return upper == Verdict::kNo ? begins(text, "user "sv) : upper;
}

}  // namespace remora::ftp
