#include "capture/source/byte_reader.h"

#include <algorithm>
#include <utility>

namespace remora::capture {
namespace {

constexpr std::size_t kBufferBytes = 256U << 10U;
static_assert(kBufferBytes <= ReadAhead::kBufferBytes,
              "else ReadAhead would have none of them again");
constexpr long kOurs = 2;  ///< of the buffer's owners: `buffer_` and `memory_`

}  // namespace

ByteReader::ByteReader(std::unique_ptr<ByteSource> source)
    : source_{std::move(source)},
      buffer_{std::make_shared<Buffer>(kBufferBytes)},
      memory_{buffer_} {}

std::shared_ptr<ByteReader::Buffer> ByteReader::spare() {
  const auto free = std::ranges::find_if(given_, [](const auto& b) { return b.use_count() == 1; });
  if (free == given_.end()) { return std::make_shared<Buffer>(kBufferBytes); }
  auto buffer = std::move(*free);
  given_.erase(free);
  return buffer;
}

void ByteReader::fill(std::size_t size) {
  if (ended_) { return; }
  if (ahead_ != nullptr) {
    fill_from_ahead(size);
    return;
  }
  const auto rest = ByteView{*buffer_}.subspan(begin_, end_ - begin_);
  if (buffer_.use_count() > kOurs) {
    auto next = spare();
    if (next->size() < rest.size()) { next->resize(rest.size()); }
    std::ranges::copy(rest, next->begin());
    go_on_in(std::move(next));
  } else {
    std::ranges::copy(rest, buffer_->begin());
  }
  end_ -= begin_;
  begin_ = 0;
  while (end_ < size) {
    // LIMIT: a length on the wire reserves nothing; the buffer doubles once it is full.
    if (end_ == buffer_->size()) { buffer_->resize(buffer_->size() * 2); }
    const auto count = source_->read(std::span{*buffer_}.subspan(end_));
    if (!count.has_value()) { error_ = count.error(); }
    if (count.value_or(0) == 0) {
      ended_ = true;
      return;
    }
    end_ += *count;
  }
}

void ByteReader::go_on_in(std::shared_ptr<Buffer> next) {
  const bool is_large = ahead_ != nullptr && buffer_->size() > ReadAhead::kBufferBytes;
  (is_large ? large_ : given_).push_back(std::exchange(buffer_, std::move(next)));
  memory_ = buffer_;
}

std::function<bool()> ByteReader::share_reading() {
  if (ahead_ != nullptr || source_->may_wait()) { return nullptr; }
  ahead_ = std::make_unique<ReadAhead>(std::move(source_));
  return [ahead = ahead_.get()] { return ahead->read_next(); };
}

void ByteReader::fill_from_ahead(std::size_t size) {
  while (end_ - begin_ < size) {
    const auto block = ahead_->take([this] { return spare(); });
    if (!block.has_value()) {
      error_ = ahead_->error();
      ended_ = true;
      return;
    }
    append(*block);
  }
}

/// Puts what is left in front of the block, where there is room for it. What is larger is put
/// together in a buffer of its own, which doubles, so that each byte is copied a few times at most.
void ByteReader::append(const ReadAhead::Block& block) {
  const auto rest = ByteView{*buffer_}.subspan(begin_, end_ - begin_);
  const auto more = ByteView{*block.buffer}.first(block.end).subspan(ReadAhead::kRoom);
  if (rest.size() <= ReadAhead::kRoom) {
    begin_ = ReadAhead::kRoom - rest.size();
    end_ = block.end;
    std::ranges::copy(rest, block.buffer->begin() + static_cast<std::ptrdiff_t>(begin_));
    go_on_in(block.buffer);
    return;
  }
  if (buffer_.use_count() > kOurs || buffer_->size() - end_ < more.size()) {
    auto next = large_spare(std::max(2 * rest.size(), rest.size() + ReadAhead::kBlockBytes));
    std::ranges::copy(rest, next->begin());
    go_on_in(std::move(next));
    end_ -= begin_;
    begin_ = 0;
  }
  std::ranges::copy(more, buffer_->begin() + static_cast<std::ptrdiff_t>(end_));
  end_ += more.size();
  given_.push_back(block.buffer);
}

/// Those that are too small are not needed again soon.
std::shared_ptr<ByteReader::Buffer> ByteReader::large_spare(std::size_t size) {
  const auto is_free = [](const auto& buffer) { return buffer.use_count() == 1; };
  const auto fits = std::ranges::find_if(
      large_, [&](const auto& buffer) { return is_free(buffer) && buffer->size() >= size; });
  auto spare = fits == large_.end() ? nullptr : std::move(*fits);
  std::erase_if(large_, [&](const auto& buffer) { return buffer == nullptr || is_free(buffer); });
  return spare != nullptr ? spare : std::make_shared<Buffer>(size);
}

std::size_t ByteReader::memory_bytes() const {
  auto bytes = buffer_->size();
  for (const auto* some : {&given_, &large_}) {
    for (const auto& buffer : *some) { bytes += buffer->size(); }
  }
  return ahead_ == nullptr ? bytes : bytes + ReadAhead::kBlocks * ReadAhead::kBufferBytes;
}

bool ByteReader::skip_far(std::uint64_t size) {
  while (size > 0) {
    const auto here = static_cast<std::size_t>(std::min<std::uint64_t>(size, peek(1).size()));
    if (here == 0) { return false; }
    skip(here);
    size -= here;
  }
  return true;
}

Shortage explain_shortage(const ByteReader& bytes, std::string_view what, std::size_t have,
                          std::uint64_t need) {
  const auto& error = bytes.error();
  if (error.has_value()) {
    return {.status = error->ended_early ? ReadStatus::kTruncated : ReadStatus::kFailed,
            .reason = error->reason};
  }
  return {.status = ReadStatus::kTruncated,
          .reason = "the file ends inside " + std::string{what} + ": " + std::to_string(have) +
                    " of " + std::to_string(need) + " bytes"};
}

}  // namespace remora::capture
