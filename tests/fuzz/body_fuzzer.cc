// The body of an HTTP message. The first byte of the input says what the head would: bits 0 and 1
// the framing, bits 2 and 3 the content coding, bits 4 and 5 the type. The findings must be the
// same however the rest is cut.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "dissect/http/body_frames.h"
#include "dissect/http/chunks.h"
#include "dissect/http/document.h"
#include "tests/fuzz/demand.h"

namespace remora {

bool operator==(const Finding& a, const Finding& b) {
  return a.from == b.from && std::string_view{a.rule} == b.rule && a.what == b.what;
}

namespace fuzz {
namespace {

using http_head::BodyFraming;

constexpr std::array kFramings{BodyFraming::kNone, BodyFraming::kLength, BodyFraming::kChunked,
                               BodyFraming::kUnbounded};
constexpr std::array<std::string_view, 4> kCodings{"", "gzip", "deflate", "deflate, gzip"};
constexpr std::array<std::string_view, 4> kTypes{"", "text/html", "multipart/form-data; boundary=b",
                                                 "message/rfc822"};

std::vector<Finding> findings(std::uint8_t choice, ByteView bytes, std::size_t piece) {
  http::BodyFrames frames{kFramings.at(choice & 3U), bytes.size()};
  http::Document document{{.content_type = kTypes.at(choice >> 4U & 3U),
                           .content_disposition = {},
                           .content_encoding = kCodings.at(choice >> 2U & 3U),
                           .file_name = (choice & 0x40U) == 0 ? "" : "a.msrcIncident",
                           .place = {}},
                          nothing_given()};
  Findings out;
  std::vector<std::byte> tail;
  for (std::size_t at = 0; at < bytes.size() && !frames.done() && !frames.broken(); at += piece) {
    const auto next = bytes.subspan(at, std::min(piece, bytes.size() - at));
    tail.insert(tail.end(), next.begin(), next.end());
    while (!tail.empty() && !frames.done() && !frames.broken()) {
      const auto step = frames.next(tail);
      document.on_content(Side::kAcceptor, step.content, {}, out);
      if (step.used == 0) { break; }
      tail.erase(tail.begin(), tail.begin() + static_cast<std::ptrdiff_t>(step.used));
    }
    demand(tail.size() <= http::kMaxChunkLineBytes + piece, "little is kept");
  }
  document.on_end(Side::kAcceptor, {}, out);
  return std::move(out.found());
}

}  // namespace
}  // namespace fuzz
}  // namespace remora

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = std::as_bytes(std::span{data, size});
  if (input.empty()) { return 0; }
  const auto choice = remora::to_u8(input[0]);
  const auto body = input.subspan(1);
  const auto whole = remora::fuzz::findings(choice, body, body.size() + 1);
  remora::fuzz::demand(std::ranges::equal(whole, remora::fuzz::findings(choice, body, 1)),
                       "the findings do not depend on how the bytes come");
  return 0;
}
