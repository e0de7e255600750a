#include "dissect/mime/leaf_body.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace remora::mime {
namespace {

/// Bytes decoded at a time, on the stack.
constexpr std::size_t kSlice = 4096;
constexpr std::string_view kBegin{"begin "};

/// Takes a transfer encoding off `bytes`, slice by slice.
template <typename Stream, typename Take>
void decode_slices(Stream& stream, ByteView bytes, Take take) {
  // Not cleared: bodies come in pieces of a segment, shorter than this.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
  std::array<std::byte, kSlice + Stream::kSlack> decoded;
  while (!bytes.empty()) {
    const auto slice = bytes.first(std::min(bytes.size(), kSlice));
    bytes = bytes.subspan(slice.size());
    const auto made = stream.decode(slice, decoded);
    if (made > 0) { take(ByteView{decoded}.first(made)); }
  }
}

}  // namespace

void LeafBody::begin(PartHeaders headers, PartSink& sink) {
  headers_ = std::move(headers);
  if (headers_.encoding == TransferEncoding::kBase64) {
    transfer_ = encoding::Base64Stream{};
  } else if (headers_.encoding == TransferEncoding::kQuotedPrintable) {
    transfer_ = encoding::QuotedPrintableStream{};
  } else {
    transfer_ = std::monostate{};
  }
  looks_for_begin_ =
      headers_.encoding == TransferEncoding::kUuencode || headers_.media_type == "text/plain";
  at_line_start_ = true;
  in_uuencoded_ = false;
  line_.clear();
  begin_part(headers_, sink);
}

void LeafBody::begin_part(const PartHeaders& headers, PartSink& sink) {
  begun_ = true;
  wanted_ = sink.on_part(headers);
}

void LeafBody::end_part(PartSink& sink) {
  if (std::exchange(begun_, false)) { sink.on_part_end(); }
}

void LeafBody::on_bytes(ByteView bytes, PartSink& sink) {
  if (!wanted_ && !looks_for_begin_) { return; }
  const auto take = [&](ByteView decoded) { on_decoded(decoded, sink); };
  if (auto* base64 = std::get_if<encoding::Base64Stream>(&transfer_)) {
    decode_slices(*base64, bytes, take);
  } else if (auto* quoted = std::get_if<encoding::QuotedPrintableStream>(&transfer_)) {
    decode_slices(*quoted, bytes, take);
  } else {
    take(bytes);
  }
}

void LeafBody::on_decoded(ByteView bytes, PartSink& sink) {
  if (!looks_for_begin_) {
    pass_on(bytes, sink);
    return;
  }
  while (!bytes.empty()) {
    const auto used = in_uuencoded_ ? on_uuencoded(bytes, sink) : on_text(bytes, sink);
    bytes = bytes.subspan(used);
  }
}

void LeafBody::pass_on(ByteView bytes, PartSink& sink) {
  if (wanted_ && !bytes.empty()) { wanted_ = sink.on_part_bytes(bytes); }
}

/// Text up to the next line that may announce a file.
std::size_t LeafBody::on_text(ByteView bytes, PartSink& sink) {
  if (at_line_start_) { return on_line_start(bytes, sink); }
  const auto text = as_text(bytes);
  std::size_t at = 0;
  while (true) {
    at = text.find('\n', at);
    if (at == std::string_view::npos) { break; }
    ++at;
    if (at == text.size() || text[at] == kBegin.front()) {
      at_line_start_ = true;
      break;
    }
  }
  const auto end = std::min(at, text.size());
  pass_on(bytes.first(end), sink);
  return end;
}

std::size_t LeafBody::on_line_start(ByteView bytes, PartSink& sink) {
  const auto text = as_text(bytes);
  const auto before = line_.size();
  std::size_t used = 0;
  while (used < text.size() && line_.size() < kMaxBeginLine) {
    const bool in_word = line_.size() < kBegin.size();
    if (in_word && text[used] != kBegin[line_.size()]) { break; }
    line_ += text[used++];
    if (line_.back() == '\n') { break; }
  }
  const bool open = used == text.size() && line_.size() < kMaxBeginLine &&
                    (line_.empty() || line_.back() != '\n');
  if (open) { return used; }
  at_line_start_ = false;
  const auto name = line_.ends_with('\n') ? encoding::uuencoded_name(line_) : std::nullopt;
  if (!name.has_value()) {
    const bool next_line = line_.ends_with('\n');
    give_back_line(sink);
    at_line_start_ = next_line;
    // Nothing of the line was taken: it is read as text from here.
    return used == 0 && before == 0 ? on_text(bytes, sink) : used;
  }
  end_part(sink);
  begin_part({.media_type = "application/octet-stream",
              .encoding = TransferEncoding::kUuencode,
              .file_name = to_file_name(*name)},
             sink);
  line_.clear();
  uuencode_ = {};
  in_uuencoded_ = true;
  return used;
}

void LeafBody::give_back_line(PartSink& sink) {
  pass_on(as_bytes(line_), sink);
  line_.clear();
}

std::size_t LeafBody::on_uuencoded(ByteView bytes, PartSink& sink) {
  std::array<std::byte, kSlice + encoding::UuencodeStream::kSlack> decoded{};
  const auto step = uuencode_.decode(bytes.first(std::min(bytes.size(), kSlice)), decoded);
  pass_on(ByteView{decoded}.first(step.made), sink);
  if (uuencode_.finished()) {
    in_uuencoded_ = false;
    at_line_start_ = true;
    end_part(sink);
    auto text = headers_;
    text.file_name.clear();
    begin_part(text, sink);
  }
  return step.used;
}

void LeafBody::on_gap(PartSink& sink) {
  line_.clear();
  at_line_start_ = false;
  if (begun_) { sink.on_part_gap(); }
  // Where a group begins is not known any more.
  if (!std::holds_alternative<std::monostate>(transfer_) || in_uuencoded_) {
    wanted_ = false;
    looks_for_begin_ = false;
  }
}

void LeafBody::end(PartSink& sink) {
  give_back_line(sink);
  end_part(sink);
}

}  // namespace remora::mime
