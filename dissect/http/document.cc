#include "dissect/http/document.h"

#include <algorithm>
#include <array>
#include <utility>

namespace remora::http {
namespace {

constexpr const char* kCarrier = "HTTP";

[[nodiscard]] mime::PartHeaders headers_of(const Document::Description& description) {
  return mime::read_part_headers(
      {.content_type = std::string{description.content_type},
       .content_disposition = std::string{description.content_disposition},
       .content_transfer_encoding = {}},
      "application/octet-stream");
}

/// What is made of parts: forms with files, SOAP with attachments; and mails as files.
[[nodiscard]] bool has_parts(const mime::PartHeaders& headers) {
  return !headers.boundary.empty() || headers.media_type == "message/rfc822";
}

}  // namespace

std::uint64_t searched_bytes(std::string_view media_type) {
  constexpr std::array<std::string_view, 4> kMedia{"image/", "video/", "audio/", "font/"};
  constexpr std::array<std::string_view, 7> kPages{
      "text/html",        "text/css",         "text/javascript",      "application/javascript",
      "application/json", "application/wasm", "application/xhtml+xml"};
  const bool is_media = std::ranges::any_of(
      kMedia, [&](std::string_view type) { return media_type.starts_with(type); });
  if (is_media) { return ticket::kNotSearched; }
  const bool is_page = std::ranges::find(kPages, media_type) != kPages.end();
  return is_page ? ticket::kSearchedBriefly : ticket::kSearched;
}

Document::Document(const Description& description, const Context& context)
    : context_{&context}, codings_{description.content_encoding} {
  auto headers = headers_of(description);
  if (has_parts(headers)) {
    parts_ = std::make_unique<mime::MimeReader>(headers);
    return;
  }
  if (headers.file_name.empty()) { headers.file_name = description.file_name; }
  watch_.emplace(observation::Carriage{.protocol = kCarrier,
                                       .file_name = std::move(headers.file_name),
                                       .place = description.place},
                 searched_bytes(headers.media_type), *context_);
}

bool Document::wanted() const {
  return codings_.readable() && (parts_ != nullptr || watch_->wanted());
}

bool Document::take(ByteView decoded) {
  if (parts_ != nullptr) {
    parts_->on_bytes(decoded, *this);
    return true;
  }
  watch_->on_bytes(call_.from, decoded, call_.at, *call_.out);
  return watch_->wanted();
}

void Document::on_content(Side from, ByteView content, Instant at, Findings& out) {
  if (!wanted()) { return; }
  call_ = {.from = from, .at = at, .out = &out};
  codings_.decode(content, [this](ByteView decoded) { return take(decoded); });
  if (codings_.is_bomb()) {
    out.observe(at, from, "http.content_coding",
                observation::Anomaly{.code = "http.decompression_bomb",
                                     .detail = "a body that grows beyond any content",
                                     .shown_by = {}});
  }
}

void Document::on_gap(Side from, Instant at, Findings& out) {
  call_ = {.from = from, .at = at, .out = &out};
  codings_.on_gap();
  if (parts_ != nullptr) {
    parts_->on_gap(*this);
  } else {
    watch_->on_gap();
  }
}

void Document::on_end(Side from, Instant at, Findings& out) {
  call_ = {.from = from, .at = at, .out = &out};
  if (parts_ != nullptr) {
    parts_->on_end(*this);
  } else {
    watch_->on_end(from, at, out);
  }
}

bool Document::on_part(const mime::PartHeaders& headers) {
  watch_.emplace(
      observation::Carriage{.protocol = kCarrier, .file_name = headers.file_name, .place = {}},
      searched_bytes(headers.media_type), *context_);
  return true;
}

bool Document::on_part_bytes(ByteView bytes) {
  watch_->on_bytes(call_.from, bytes, call_.at, *call_.out);
  return watch_->wanted();
}

void Document::on_part_gap() {
  watch_->on_gap();
}

void Document::on_part_end() {
  watch_->on_end(call_.from, call_.at, *call_.out);
}

void Document::on_oddity(const char* code, const char* detail) {
  call_.out->observe(call_.at, call_.from, "http.parts",
                     observation::Anomaly{.code = code, .detail = detail, .shown_by = {}});
}

}  // namespace remora::http
