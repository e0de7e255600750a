#include "dissect/gateway/chunked_dissector.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "dissect/gateway/family.h"

namespace remora::gateway {
namespace {

constexpr std::string_view kLineEnd{"\r\n"};
/// LIMIT: of the line before a chunk, its extensions included.
constexpr std::size_t kMaxLineBytes = 256;

}  // namespace

std::size_t ChunkedDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  auto& left = left_.at(index_of(from));
  if (left > 0) {
    const auto here = static_cast<std::size_t>(std::min<std::uint64_t>(left, bytes.size()));
    out.carry(kOneWay);
    out.pass_on(from, bytes.first(here));
    left -= here;
    return here;
  }
  const auto text = as_text(bytes).substr(0, kMaxLineBytes);
  const auto end = text.find(kLineEnd);
  if (end == std::string_view::npos && text.size() < kMaxLineBytes) { return 0; }
  if (end == 0) { return kLineEnd.size(); }  // behind a chunk
  std::uint64_t size = 0;
  const auto error = std::from_chars(text.data(), text.data() + text.size(), size, 16).ec;
  if (end == std::string_view::npos || error != std::errc{}) {
    out.give_up(at, from, "gateway.chunked",
                {.field = "chunk-size", .offset = 0, .reason = "no number"});
    return 0;
  }
  if (size == 0) { out.finish(); }
  left = size;
  return end + kLineEnd.size();
}

void ChunkedDissector::on_gap(Side from, std::uint64_t size, Instant /*at*/, Findings& out) {
  auto& left = left_.at(index_of(from));
  if (size > left) {
    out.finish();
    return;
  }
  left -= size;
  out.carry(kOneWay);
  out.pass_on_gap(from, size);
}

}  // namespace remora::gateway
