#include "dissect/mail/section_watch.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "dissect/encoding/base64_stream.h"
#include "dissect/ticket/document_start.h"

namespace remora::mail {
namespace {

using mime::TransferEncoding;

/// Enough for the declaration of a ticket in any encoding.
constexpr std::size_t kGuessedFrom = 128;
/// What a kept piece costs beside its bytes.
constexpr std::size_t kPieceCost = 96;

[[nodiscard]] bool is_base64(std::string_view text) {
  constexpr std::string_view kAlphabet{
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n"};
  return text.find_first_not_of(kAlphabet) == std::string_view::npos;
}

}  // namespace

SectionWatch::SectionWatch(observation::Carriage carriage, const Context& context)
    : context_{&context} {
  watch_.emplace(std::move(carriage), context);
}

SectionWatch::SectionWatch(observation::Carriage carriage, std::optional<mime::PartHeaders> headers,
                           const Context& context)
    : carriage_{std::move(carriage)}, context_{&context} {
  if (headers.has_value()) { watch_.emplace(carriage_, *headers, context); }
}

void SectionWatch::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  offset_ += bytes.size();
  if (watch_.has_value()) {
    watch_->on_bytes(from, bytes, at, out);
    return;
  }
  first_bytes_.insert(first_bytes_.end(), bytes.begin(), bytes.end());
  if (guess_encoding(false)) { begin_guessed(from, at, out); }
}

/// False while there are too few bytes to tell.
bool SectionWatch::guess_encoding(bool last) {
  if (first_bytes_.size() < kGuessedFrom && !last) { return false; }
  const auto text = as_text(first_bytes_).substr(0, kGuessedFrom);
  guessed_ = {.media_type = "text/plain"};
  if (text.starts_with("--")) {
    // The body of a multipart begins with its boundary; RFC 2046 5.1.1.
    const auto end = std::min(text.find_first_of("\r\n"), text.size());
    guessed_ = {.media_type = "multipart/mixed", .boundary = std::string{text.substr(2, end - 2)}};
  } else if (is_base64(text)) {
    std::vector<std::byte> decoded(text.size());
    const auto made = encoding::Base64Stream{}.decode(as_bytes(text), decoded);
    const auto start = ticket::judge_start(ByteView{decoded}.first(made));
    if (start != ticket::DocumentStart::kOther) {
      guessed_ = {.media_type = "application/octet-stream", .encoding = TransferEncoding::kBase64};
    }
  } else if (text.find("=3D") != std::string_view::npos) {
    guessed_.encoding = TransferEncoding::kQuotedPrintable;
  }
  return true;
}

void SectionWatch::begin_guessed(Side from, Instant at, Findings& out) {
  watch_.emplace(carriage_, guessed_, *context_);
  watch_->on_bytes(from, first_bytes_, at, out);
  first_bytes_ = {};
}

void SectionWatch::on_bytes_at(std::uint64_t offset, Side from, ByteView bytes, Instant at,
                               Findings& out) {
  if (offset > offset_) {
    keep_early(offset, bytes);
    return;
  }
  const auto known = offset_ - offset;
  if (known >= bytes.size()) { return; }
  on_bytes(from, bytes.subspan(static_cast<std::size_t>(known)), at, out);
  if (!early_.empty()) { take_early(from, at, out); }
}

/// Behind a kept piece the next goes on where that ends, so that it does not matter how they are
/// cut.
void SectionWatch::keep_early(std::uint64_t offset, ByteView bytes) {
  auto place = early_.upper_bound(offset);
  const bool continues = place != early_.begin() &&
                         std::prev(place)->first + std::prev(place)->second.size() == offset;
  if (!continues) {
    if (early_bytes_ + kPieceCost >= kMaxEarly || early_.contains(offset)) { return; }
    early_bytes_ += kPieceCost;
    place = std::next(early_.try_emplace(offset).first);
  }
  auto& kept = std::prev(place)->second;
  const auto room = bytes.first(std::min(bytes.size(), kMaxEarly - early_bytes_));
  kept.insert(kept.end(), room.begin(), room.end());
  early_bytes_ += room.size();
}

void SectionWatch::take_early(Side from, Instant at, Findings& out) {
  while (!early_.empty() && early_.begin()->first <= offset_) {
    const auto [offset, bytes] = std::move(*early_.begin());
    early_.erase(early_.begin());
    early_bytes_ -= bytes.size() + kPieceCost;
    const auto known = offset_ - offset;
    if (known < bytes.size()) {
      on_bytes(from, ByteView{bytes}.subspan(static_cast<std::size_t>(known)), at, out);
    }
  }
}

void SectionWatch::on_gap(std::uint64_t size) {
  offset_ += size;
  if (!watch_.has_value()) {
    (void)guess_encoding(true);
    watch_.emplace(carriage_, guessed_, *context_);
    first_bytes_ = {};
  }
  watch_->on_gap();
}

void SectionWatch::on_end(Side from, Instant at, Findings& out) {
  if (!watch_.has_value()) {
    (void)guess_encoding(true);
    begin_guessed(from, at, out);
  }
  watch_->on_end(from, at, out);
}

std::vector<observation::Sha256> SectionWatch::keys() const {
  return watch_.has_value() ? watch_->keys() : std::vector<observation::Sha256>{};
}

}  // namespace remora::mail
