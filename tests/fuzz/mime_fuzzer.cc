// A message, or a body whose headers came by another way. The first byte of the input says which,
// whether each part is wanted, and whether bytes are missing in the middle. The parts and what is
// found in them must be the same however the rest is cut.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dissect/mime/message_watch.h"
#include "dissect/mime/mime_reader.h"
#include "tests/fuzz/demand.h"

namespace remora {

bool operator==(const Finding& a, const Finding& b) {
  return a.from == b.from && std::string_view{a.rule} == b.rule && a.what == b.what;
}

namespace fuzz {
namespace {

using mime::PartHeaders;

/// By bits 0 to 2 of the first byte, from 1 on; 0 is a whole message.
const std::array<PartHeaders, 7>& bodies() {
  static const std::array<PartHeaders, 7> all{
      PartHeaders{.media_type = "multipart/mixed", .boundary = "b"},
      PartHeaders{.media_type = "multipart/digest", .boundary = "b"},
      PartHeaders{.media_type = "multipart/form-data", .boundary = "b"},
      PartHeaders{.media_type = "message/rfc822", .encoding = mime::TransferEncoding::kBase64},
      PartHeaders{.media_type = "text/plain"},
      PartHeaders{.media_type = "application/octet-stream",
                  .encoding = mime::TransferEncoding::kQuotedPrintable,
                  .file_name = "a.msrcIncident"},
      PartHeaders{.media_type = "text/plain", .encoding = mime::TransferEncoding::kUuencode}};
  return all;
}

/// What a sink was told. Where a part's bytes are cut does not count.
struct Part {
  PartHeaders headers;
  std::string bytes;
  std::size_t gaps{0};
  bool ended{false};
  bool operator==(const Part&) const = default;
};

class Recorder final : public mime::PartSink {
 public:
  explicit Recorder(bool wants_each) : wants_each_{wants_each} {}

  [[nodiscard]] bool on_part(const PartHeaders& headers) override {
    demand(parts_.empty() || parts_.back().ended, "no part is inside another");
    demand(!headers.media_type.empty(), "a part has a type");
    demand(headers.boundary.size() <= mime::kMaxBoundary, "boundaries are bounded");
    demand(headers.file_name.size() <= mime::kMaxFileName, "names are bounded");
    parts_.push_back({.headers = headers, .bytes = {}});
    wanted_ = wants_each_ || parts_.size() % 2 == 1;
    return wanted_;
  }
  [[nodiscard]] bool on_part_bytes(ByteView bytes) override {
    demand(!parts_.empty() && !parts_.back().ended, "bytes are of a part");
    demand(wanted_, "what is not wanted is not told");
    parts_.back().bytes += as_text(bytes);
    return true;
  }
  void on_part_gap() override {
    demand(!parts_.empty() && !parts_.back().ended, "a hole is in a part");
    ++parts_.back().gaps;
  }
  void on_part_end() override {
    demand(!parts_.empty() && !parts_.back().ended, "a part that ends has begun");
    parts_.back().ended = true;
  }
  void on_oddity(const char* code, const char* /*detail*/) override {
    if (std::ranges::find(oddities_, code) == oddities_.end()) { oddities_.emplace_back(code); }
  }

  void demand_sense(std::size_t input_bytes) const {
    demand(parts_.empty() || parts_.back().ended, "every part ends");
    demand(parts_.size() <= mime::MimeReader::kMaxParts, "parts are bounded");
    std::size_t told = 0;
    for (const auto& part : parts_) { told += part.bytes.size(); }
    demand(told <= input_bytes, "no coding makes more of its bytes");
  }

  /// The parts, and the codes of what was odd.
  [[nodiscard]] std::pair<std::vector<Part>, std::vector<std::string>> take() {
    return {std::move(parts_), std::move(oddities_)};
  }

 private:
  std::vector<Part> parts_;
  std::vector<std::string> oddities_;
  bool wants_each_;
  bool wanted_{false};
};

/// Hands out `bytes` in pieces; a hole in the middle where `with_hole`.
template <typename OnBytes, typename OnGap>
void in_pieces(ByteView bytes, std::size_t piece, bool with_hole, OnBytes on_bytes, OnGap on_gap) {
  const auto before_hole = with_hole ? bytes.size() / 2 : bytes.size();
  for (const auto part : {bytes.first(before_hole), bytes.subspan(before_hole)}) {
    for (auto rest = part; !rest.empty();) {
      const auto next = rest.first(std::min(piece, rest.size()));
      const std::vector<std::byte> copy(next.begin(), next.end());
      on_bytes(copy);
      rest = rest.subspan(next.size());
    }
    if (with_hole && part.data() == bytes.data()) { on_gap(); }
  }
}

auto parts_of(unsigned choice, ByteView bytes, std::size_t piece) {
  const auto kind = choice & 7U;
  auto reader = kind == 0 ? mime::MimeReader{} : mime::MimeReader{bodies().at(kind - 1)};
  Recorder recorder{(choice & 8U) == 0};
  in_pieces(
      bytes, piece, (choice & 0x10U) != 0, [&](ByteView next) { reader.on_bytes(next, recorder); },
      [&] { reader.on_gap(recorder); });
  reader.on_end(recorder);
  recorder.demand_sense(bytes.size());
  return recorder.take();
}

std::vector<Finding> found_in(unsigned choice, ByteView bytes, std::size_t piece) {
  const auto kind = choice & 7U;
  const observation::Carriage carriage{.protocol = "SMTP", .file_name = {}, .place = {}};
  auto watch = kind == 0 ? mime::MessageWatch{carriage, nothing_given()}
                         : mime::MessageWatch{carriage, bodies().at(kind - 1), nothing_given()};
  Findings out;
  in_pieces(
      bytes, piece, (choice & 0x10U) != 0,
      [&](ByteView next) { watch.on_bytes(Side::kInitiator, next, {}, out); },
      [&] { watch.on_gap(); });
  watch.on_end(Side::kInitiator, {}, out);
  demand(watch.keys().size() <= mime::MessageWatch::kMaxKeys, "keys are bounded");
  return std::move(out.found());
}

void run(ByteView input) {
  if (input.empty()) { return; }
  const auto choice = std::to_integer<unsigned>(input[0]);
  const auto bytes = input.subspan(1);
  const auto all = bytes.size() + 1;
  const std::size_t piece = (choice >> 5U) + 1;
  demand(parts_of(choice, bytes, all) == parts_of(choice, bytes, piece),
         "the parts do not depend on how the bytes come");
  demand(std::ranges::equal(found_in(choice, bytes, all), found_in(choice, bytes, piece)),
         "the findings do not depend on how the bytes come");
}

}  // namespace
}  // namespace fuzz
}  // namespace remora

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  remora::fuzz::run(std::as_bytes(std::span{data, size}));
  return 0;
}
