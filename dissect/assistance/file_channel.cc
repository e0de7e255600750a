#include "dissect/assistance/file_channel.h"

#include <algorithm>
#include <cstddef>

namespace remora::assistance {
namespace {

using observation::FileStep;

constexpr std::string_view kAccepted{"FILEXFERACK"};
constexpr std::string_view kRejected{"FILEXFERREJECT"};
constexpr std::string_view kEnded{"FILEXFEREND"};

/// Progress is told when a sixteenth has been added: often while a file is small, seldom later.
constexpr std::uint64_t kPartsTold = 16;

/// UTF-16LE text that is this ASCII word, with its terminator or without.
bool equals(ByteView message, std::string_view word) {
  const auto size = 2 * word.size();
  if (message.size() != size && message.size() != size + 2) { return false; }
  for (std::size_t at = 0; at + 1 < message.size(); at += 2) {
    const auto expected = at < size ? static_cast<std::uint8_t>(word[at / 2]) : std::uint8_t{0};
    if (to_u8(message[at]) != expected || to_u8(message[at + 1]) != 0) { return false; }
  }
  return true;
}

}  // namespace

bool is_file_channel(std::string_view name) {
  if (name == "RA_FX") { return true; }
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return name.size() >= 3 && is_digit(name.front()) && is_digit(name.back()) &&
         name.find('.') != std::string_view::npos &&
         std::ranges::all_of(name, [&](char c) { return c == '.' || is_digit(c); });
}

void FileChannel::on_offer(Side sender, std::optional<std::uint64_t> size) {
  *this = FileChannel{std::move(name_)};
  sender_ = sender;
  announced_ = size;
}

/// A file may hold the words: while bytes of it are missing, a block of just so many is a block.
bool FileChannel::is_word(ByteView message, std::string_view word) const {
  if (!equals(message, word)) { return false; }
  return word != kEnded || announced_ != bytes_ + message.size();
}

void FileChannel::on_message(Side from, ByteView message, Instant at, Findings& out) {
  if (over_) { return; }
  const bool by_sender = sender_ == from;
  if (is_word(message, kAccepted) && !moving_ && !by_sender) {
    sender_ = other(from);
    moving_ = true;
    tell(FileStep::Kind::kAccepted, from, at, out);
  } else if (is_word(message, kRejected)) {
    over_ = true;
    tell(FileStep::Kind::kRejected, from, at, out);
  } else if (is_word(message, kEnded) && (by_sender || !sender_.has_value())) {
    over_ = true;
    tell(FileStep::Kind::kEnded, from, at, out);
  } else {
    on_block(from, message, true, at, out);
  }
}

void FileChannel::on_block(Side from, ByteView bytes, bool last, Instant at, Findings& out) {
  if (over_ || (sender_.has_value() && sender_ != from)) { return; }
  sender_ = from;
  if (!moving_) {
    // The answer was not to be read; but nobody sends before it.
    moving_ = true;
    tell(FileStep::Kind::kAccepted, other(from), at, out);
  }
  bytes_ += bytes.size();
  digest_.add(bytes);
  if (last && bytes_ - told_bytes_ > told_bytes_ / kPartsTold) {
    told_bytes_ = bytes_;
    tell(FileStep::Kind::kProgress, from, at, out);
  }
}

void FileChannel::on_loss(Side from) {
  if (sender_.value_or(from) == from) { whole_ = false; }
}

void FileChannel::tell(FileStep::Kind kind, Side from, Instant at, Findings& out) const {
  FileStep step{.kind = kind, .channel = name_};
  if (whole_) { step.bytes = bytes_; }
  if (whole_ && kind == FileStep::Kind::kEnded) { step.sha256 = digest_.digest(); }
  out.observe(at, from, "assistance.file", std::move(step));
}

}  // namespace remora::assistance
