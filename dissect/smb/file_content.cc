#include "dissect/smb/file_content.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace remora::smb {

bool FileContent::wants(std::uint64_t offset) const {
  return !over_ && (offset <= next_ || offset - next_ < kWindow);
}

void FileContent::on_piece(const observation::Carriage& carriage, const Context& context, Side from,
                           std::uint64_t offset, ByteView bytes, Instant at, Findings& out) {
  if (!wants(offset) || bytes.empty()) { return; }
  if (!watch_.has_value()) { watch_.emplace(carriage, ticket::kNotSearched, context); }
  if (offset > next_) {
    keep_early(offset, bytes);
    return;
  }
  const auto known = next_ - offset;
  if (known >= bytes.size()) { return; }
  deliver(from, bytes.subspan(static_cast<std::size_t>(known)), at, out);
  deliver_early(from, at, out);
}

/// Of two claims to the same bytes the first counts, so that it does not matter how the pieces are
/// cut.
void FileContent::keep_early(std::uint64_t offset, ByteView bytes) {
  const auto behind = early_.upper_bound(offset);
  std::vector<std::byte>* before = nullptr;
  if (behind != early_.begin()) {
    auto& [start, piece] = *std::prev(behind);
    const auto end = start + piece.size();
    if (end >= offset) {
      const auto known = std::min<std::uint64_t>(end - offset, bytes.size());
      bytes = bytes.subspan(static_cast<std::size_t>(known));
      offset += known;
      before = &piece;
    }
  }
  const auto room = std::min(kWindow - early_bytes_, kWindow - std::min(kWindow, offset - next_));
  bytes = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), room)));
  if (bytes.empty()) { return; }
  if (before != nullptr) {
    before->insert(before->end(), bytes.begin(), bytes.end());
  } else if (early_.size() < kMaxPieces) {
    early_.emplace_hint(behind, offset, std::vector<std::byte>(bytes.begin(), bytes.end()));
  } else {
    return;
  }
  early_bytes_ += bytes.size();
}

void FileContent::deliver(Side from, ByteView bytes, Instant at, Findings& out) {
  next_ += bytes.size();
  watch_->on_bytes(from, bytes, at, out);
  if (!watch_->wanted()) { stop(); }
}

void FileContent::deliver_early(Side from, Instant at, Findings& out) {
  while (!early_.empty() && early_.begin()->first <= next_) {
    const auto piece = early_.extract(early_.begin());
    early_bytes_ -= piece.mapped().size();
    const auto known = next_ - piece.key();
    if (known < piece.mapped().size()) {
      deliver(from, ByteView{piece.mapped()}.subspan(static_cast<std::size_t>(known)), at, out);
    }
  }
}

void FileContent::stop() {
  if (watch_.has_value()) { keys_ = watch_->document().keys(); }
  over_ = true;
  watch_.reset();
  early_.clear();
  early_bytes_ = 0;
}

void FileContent::on_end(Side from, std::optional<std::uint64_t> size, Instant at, Findings& out) {
  const bool whole = early_.empty() && (!size.has_value() || next_ >= *size);
  if (watch_.has_value()) {
    if (!whole) { watch_->on_gap(); }
    watch_->on_end(from, at, out);
  }
  stop();
}

}  // namespace remora::smb
