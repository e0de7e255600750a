#include "dissect/encoding/file_stretches.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "dissect/encoding/digest.h"

namespace remora::encoding {
namespace {

/// The end of a stretch; an offset from a stranger may lie anywhere.
std::uint64_t end_of(std::uint64_t offset, std::size_t size) {
  constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
  return size > kMost - offset ? kMost : offset + size;
}

}  // namespace

void FileStretches::add_read(std::uint64_t offset, ByteView bytes) {
  digest(offset, bytes);
  count(offset, end_of(offset, bytes.size()));
}

void FileStretches::add_written(std::uint64_t offset, ByteView bytes) {
  if (!bytes.empty() && offset < digested_) { spoilt_ = true; }
  add_read(offset, bytes);
}

void FileStretches::digest(std::uint64_t offset, ByteView bytes) {
  if (spoilt_ || offset > digested_ || bytes.size() <= digested_ - offset) { return; }
  if (!running_.has_value()) { running_.emplace(); }
  const auto fresh = bytes.subspan(digested_ - offset);
  running_->add(fresh);
  digested_ += fresh.size();
}

/// One file is read from front to back, so that the last stretch is nearly always the one.
void FileStretches::count(std::uint64_t begin, std::uint64_t end) {
  if (begin >= end) { return; }
  end_ = std::max(end_, end);
  auto at = stretches_.end();
  while (at != stretches_.begin() && std::prev(at)->end >= begin) { --at; }
  auto behind = at;
  std::uint64_t known = 0;
  auto merged = Stretch{.begin = begin, .end = end};
  while (behind != stretches_.end() && behind->begin <= end) {
    const auto from = std::max(begin, behind->begin);
    const auto to = std::min(end, behind->end);
    known += to > from ? to - from : 0;
    merged.begin = std::min(merged.begin, behind->begin);
    merged.end = std::max(merged.end, behind->end);
    ++behind;
  }
  bytes_ += end - begin - known;
  if (at != behind) {
    *at = merged;
    stretches_.erase(at + 1, behind);
  } else if (stretches_.size() < kMaxApart) {
    stretches_.insert(at, merged);
  }
}

bool FileStretches::covers(std::uint64_t size) const {
  return size == 0 ||
         (!stretches_.empty() && stretches_.front().begin == 0 && stretches_.front().end >= size);
}

std::optional<std::array<std::byte, 32>> FileStretches::digest_of(std::uint64_t size) const {
  if (spoilt_ || digested_ != size || bytes_ != size) { return std::nullopt; }
  return running_.has_value() ? running_->digest() : sha256({});
}

}  // namespace remora::encoding
