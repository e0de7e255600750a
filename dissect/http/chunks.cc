#include "dissect/http/chunks.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace remora::http {
namespace {

[[nodiscard]] Extent measure_line(std::string_view text) {
  const auto end = text.substr(0, kMaxChunkLineBytes).find('\n');
  if (end != std::string_view::npos) { return Extent::whole(end + 1); }
  return text.size() < kMaxChunkLineBytes ? Extent::more() : Extent::lost("line without end");
}

}  // namespace

ChunkLine read_chunk_line(ByteView bytes) {
  const auto text = as_text(bytes);
  const auto extent = measure_line(text);
  if (!extent.is_whole()) { return {.extent = extent}; }
  auto line = text.substr(0, extent.size() - 1);
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
  const auto behind = line.substr(static_cast<std::size_t>(end - line.data()));
  constexpr std::string_view kMayFollow{" \t\r;"};
  const bool ended = behind.empty() || kMayFollow.find(behind.front()) != std::string_view::npos;
  if (error != std::errc{} || !ended) { return {.extent = Extent::lost("chunk-size: no number")}; }
  return {.extent = extent, .size = size};
}

TrailerLine read_trailer_line(ByteView bytes) {
  const auto text = as_text(bytes);
  const auto extent = measure_line(text);
  return {.extent = extent,
          .is_last = extent.is_whole() && text.substr(0, extent.size()).find_first_not_of("\r\n") ==
                                              std::string_view::npos};
}

}  // namespace remora::http
