#include "dissect/assistance/expert_blob.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "dissect/encoding/utf16.h"

namespace remora::assistance {
namespace {

/// LIMIT: properties looked at; there are two.
constexpr int kMaxProperties = 8;
/// LIMIT: digits of a count.
constexpr int kMaxDigits = 6;

/// UTF-16LE text, unit by unit. Ends at the terminator.
class Units {
 public:
  explicit Units(ByteView bytes) : bytes_{bytes}, size_{bytes.size() / 2} {
    for (std::size_t at = 0; at < size_; ++at) {
      if ((*this)[at] == 0) { size_ = at; }
    }
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::uint32_t operator[](std::size_t at) const {
    return to_u8(bytes_[2 * at]) | (static_cast<std::uint32_t>(to_u8(bytes_[2 * at + 1])) << 8);
  }
  [[nodiscard]] bool is_digit(std::size_t at) const {
    return at < size_ && (*this)[at] >= '0' && (*this)[at] <= '9';
  }
  /// Whether ASCII `text` stands at `at`.
  [[nodiscard]] bool stands(std::size_t at, std::string_view text) const {
    if (at > size_ || size_ - at < text.size()) { return false; }
    for (std::size_t i = 0; i < text.size(); ++i) {
      if ((*this)[at + i] != static_cast<unsigned char>(text[i])) { return false; }
    }
    return true;
  }
  [[nodiscard]] std::string text(std::size_t from, std::size_t to) const {
    return encoding::utf16le_to_utf8(bytes_.subspan(2 * from, 2 * (to - from)));
  }

 private:
  ByteView bytes_;
  std::size_t size_;
};

/// Where the count of the PASS property begins, behind `from`; else the end. Counts are wrong where
/// a peer counts the bytes of UTF-8: a name must not swallow the proof.
std::size_t before_pass(const Units& blob, std::size_t from) {
  for (std::size_t at = from; at < blob.size(); ++at) {
    if (!blob.stands(at, ";PASS=")) { continue; }
    while (at > from && blob.is_digit(at - 1)) { --at; }
    return at;
  }
  return blob.size();
}

}  // namespace

std::string expert_name(ByteView utf16) {
  constexpr std::string_view kName{"NAME="};
  const Units blob{utf16};
  std::size_t at = 0;
  for (int property = 0; property < kMaxProperties && at < blob.size(); ++property) {
    std::size_t count = 0;
    for (int digit = 0; digit < kMaxDigits && blob.is_digit(at); ++digit, ++at) {
      count = count * 10 + (blob[at] - '0');
    }
    if (!blob.stands(at, ";")) { return {}; }
    ++at;
    const auto end = std::min(at + count, blob.size());
    if (blob.stands(at, kName)) {
      const auto from = at + kName.size();
      return blob.text(from, std::max(from, std::min(end, before_pass(blob, from))));
    }
    at = end;
  }
  return {};
}

}  // namespace remora::assistance
