#include "dissect/http/recognise.h"

#include <algorithm>
#include <array>

namespace remora::http {
namespace {

using namespace std::string_view_literals;

constexpr std::array kStarts{
    "GET "sv,       "POST "sv,  "HEAD "sv,      "PUT "sv,      "OPTIONS "sv,
    "DELETE "sv,    "PATCH "sv, "COPY "sv,      "MOVE "sv,     "LOCK "sv,
    "UNLOCK "sv,    "MKCOL "sv, "PROPFIND "sv,  "REPORT "sv,   "SEARCH "sv,
    "PROPPATCH "sv, "POLL "sv,  "SUBSCRIBE "sv, "HTTP/1.0 "sv, "HTTP/1.1 "sv,
};

}  // namespace

Verdict recognise(ByteView first_bytes) {
  const auto text = as_text(first_bytes);
  auto verdict = Verdict::kNo;
  for (const auto start : kStarts) {
    const auto shared = std::min(text.size(), start.size());
    if (text.substr(0, shared) != start.substr(0, shared)) { continue; }
    if (shared == start.size()) { return Verdict::kYes; }
    verdict = Verdict::kMore;
  }
  return verdict;
}

}  // namespace remora::http
