#include "dissect/bulk/rdp80.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>

#include "capture/base/cursor.h"

namespace remora::bulk {
namespace {

/// A token of 3.1.9.1.2.4: what its first bits mean, and how many more follow.
struct Token {
  std::uint8_t prefix_bits{0};  ///< 0: reserved
  std::uint8_t value_bits{0};
  bool match{false};
  std::uint32_t base{0};
};

struct Prefix {
  std::uint16_t code{0};
  Token token;
};

constexpr unsigned kMostPrefixBits = 9;

constexpr Prefix literal(std::uint8_t bits, std::uint16_t code, std::uint32_t value) {
  return {.code = code, .token = {.prefix_bits = bits, .base = value}};
}
constexpr Prefix match(std::uint8_t bits, std::uint16_t code, std::uint8_t value_bits,
                       std::uint32_t base) {
  return {.code = code,
          .token = {.prefix_bits = bits, .value_bits = value_bits, .match = true, .base = base}};
}

// Distances beyond the history stand in no table; they would reach further than anything known.
constexpr std::array kPrefixes{
    Prefix{.code = 0, .token = {.prefix_bits = 1, .value_bits = 8}},
    match(5, 0b10001, 5, 0),
    match(5, 0b10010, 7, 32),
    match(5, 0b10011, 9, 160),
    match(5, 0b10100, 10, 672),
    match(5, 0b10101, 12, 1696),
    match(6, 0b101100, 14, 5792),
    match(6, 0b101101, 15, 22176),
    match(7, 0b1011100, 18, 54944),
    match(7, 0b1011101, 20, 317088),
    match(8, 0b10111100, 20, 1365664),
    match(8, 0b10111101, 21, 2414240),
    literal(5, 0b11000, 0x00),
    literal(5, 0b11001, 0x01),
    literal(6, 0b110100, 0x02),
    literal(6, 0b110101, 0x03),
    literal(6, 0b110110, 0xff),
    literal(7, 0b1101110, 0x04),
    literal(7, 0b1101111, 0x05),
    literal(7, 0b1110000, 0x06),
    literal(7, 0b1110001, 0x07),
    literal(7, 0b1110010, 0x08),
    literal(7, 0b1110011, 0x09),
    literal(7, 0b1110100, 0x0a),
    literal(7, 0b1110101, 0x0b),
    literal(7, 0b1110110, 0x3a),
    literal(7, 0b1110111, 0x3b),
    literal(7, 0b1111000, 0x3c),
    literal(7, 0b1111001, 0x3d),
    literal(7, 0b1111010, 0x3e),
    literal(7, 0b1111011, 0x3f),
    literal(7, 0b1111100, 0x40),
    literal(7, 0b1111101, 0x80),
    literal(8, 0b11111100, 0x0c),
    literal(8, 0b11111101, 0x38),
    literal(8, 0b11111110, 0x39),
    literal(8, 0b11111111, 0x66),
};

constexpr auto make_tokens() {
  std::array<Token, std::size_t{1} << kMostPrefixBits> tokens{};
  for (const auto& prefix : kPrefixes) {
    const auto rest = kMostPrefixBits - prefix.token.prefix_bits;
    for (std::size_t at = 0; at < std::size_t{1} << rest; ++at) {
      tokens[(std::size_t{prefix.code} << rest) + at] = prefix.token;
    }
  }
  return tokens;
}
constexpr auto kTokens = make_tokens();

ReadError error(const char* field, const char* reason) {
  return {.field = field, .offset = 0, .reason = reason};
}

}  // namespace

Rdp80::Segments::Segments(ByteView message) {
  Cursor in{message};
  const auto descriptor = in.u8("descriptor");
  if (descriptor == kSingle) {
    left_ = 1;
  } else if (descriptor == kMultipart) {
    multipart_ = true;
    left_ = in.u16le("segmentCount");
    announced_ = in.u32le("uncompressedSize");
  } else {
    in.fail("descriptor", "unexpected value");
  }
  rest_ = in.rest();
  if (!in.ok()) {
    wrong_ = in.error();
    left_ = 0;
  }
}

std::optional<ByteView> Rdp80::Segments::next() {
  if (left_ == 0) { return std::nullopt; }
  --left_;
  if (!multipart_) { return rest_; }
  Cursor in{rest_};
  const auto segment = in.bytes(in.u32le("size"), "bulkData");
  rest_ = in.rest();
  if (in.ok()) { return segment; }
  wrong_ = in.error();
  left_ = 0;
  return std::nullopt;
}

std::optional<ReadError> Rdp80::Segments::add(std::size_t bytes) {
  bytes_ += bytes;
  if (bytes_ > kMaxMessage) { return error("segmentArray", "more than a message may hold"); }
  if (multipart_ && bytes_ > announced_) { return error("uncompressedSize", "more than that"); }
  return std::nullopt;
}

std::optional<ReadError> Rdp80::Segments::end() const {
  if (wrong_.has_value()) { return wrong_; }
  if (multipart_ && bytes_ != announced_) { return error("uncompressedSize", "less than that"); }
  return std::nullopt;
}

Result<ByteView> Rdp80::decompress_segment(ByteView segment) {
  Cursor in{segment};
  const PacketFlags header{in.u8("header")};
  const auto data = in.rest();
  const auto wrong = [&]() -> const char* {
    if (!in.ok()) { return "missing"; }
    if (header.type() != form_.type) { return "of another compression type"; }
    if (header.compressed()) { return decode(data); }
    return data.size() > form_.segment ? "more than a segment may hold" : nullptr;
  }();
  if (wrong != nullptr) {
    lose();
    return tl::unexpected{error("RDP8_BULK_ENCODED_DATA", wrong)};
  }
  const auto bytes = header.compressed() ? ByteView{output_} : data;
  remember(bytes);
  return bytes;
}

/// Into the output. Says what is wrong, or nothing.
const char* Rdp80::decode(ByteView data) {
  output_.clear();
  if (data.empty()) { return "no trailer"; }
  // 3.1.9.1.2.4: the last byte says how many bits of the one before are not used.
  const std::size_t unused = to_u8(data.back()) & 0x07U;
  const auto stream = data.first(data.size() - 1);
  if (unused > stream.size() * 8) { return "fewer bits than are unused"; }
  HighBitsFirst bits{stream, stream.size() * 8 - unused};
  while (bits.left() > 0) {
    bits.refill();
    const auto& token = kTokens[bits.peek(kMostPrefixBits)];
    if (token.prefix_bits == 0) { return "a reserved token"; }
    bits.drop(token.prefix_bits);
    const auto value = token.base + bits.take(token.value_bits);
    if (!token.match) {
      if (bits.failed()) { return "a literal cut short"; }
      if (output_.size() >= form_.segment) { return "more than a segment may hold"; }
      output_.push_back(static_cast<std::byte>(value));
      continue;
    }
    bits.refill();
    const auto* wrong = value == 0 ? copy_run(bits) : copy_match(bits, value);
    if (wrong != nullptr) { return wrong; }
  }
  return nullptr;
}

/// A distance of zero: bytes that are not encoded follow.
const char* Rdp80::copy_run(HighBitsFirst& bits) {
  const auto count = bits.take(15);
  const auto raw = bits.take_bytes(count);
  if (bits.failed()) { return "an unencoded run cut short"; }
  if (raw.size() > form_.segment - output_.size()) { return "more than a segment may hold"; }
  output_.insert(output_.end(), raw.begin(), raw.end());
  return nullptr;
}

/// Its length: n ones, a zero, n + 1 bits.
const char* Rdp80::copy_match(HighBitsFirst& bits, std::size_t distance) {
  const auto ones = bits.ones();
  if (ones > 14) { return "a reserved length"; }
  bits.drop(ones + 1);
  const std::size_t length = ones == 0 ? 3 : (std::size_t{2} << ones) + bits.take(ones + 1);
  return bits.failed() ? "a match cut short" : copy(distance, length);
}

const char* Rdp80::copy(std::size_t distance, std::size_t length) {
  if (length > form_.segment - output_.size()) { return "more than a segment may hold"; }
  if (distance > form_.history) { return "beyond the history"; }
  auto at = output_.size();
  output_.resize(at + length);
  const auto end = at + length;
  if (distance > at) {
    const auto back = distance - at;
    if (back > reach_) { return "history not known"; }
    auto from = next_ >= back ? next_ - back : next_ + history_.size() - back;
    for (auto older = std::min(back, length); older > 0; --older) {
      output_[at++] = history_[from];
      if (++from == history_.size()) { from = 0; }
    }
  }
  for (; at < end; ++at) { output_[at] = output_[at - distance]; }
  return nullptr;
}

/// 3.1.9.1.2: all bytes of output are recorded in the history.
void Rdp80::remember(ByteView bytes) {
  reach_ = std::min(reach_ + bytes.size(), form_.history);
  // As long as the ring is not full it grows, so that a short session does not pay for a long one.
  const auto grown = std::min(bytes.size(), form_.history - history_.size());
  if (grown > 0) {
    const auto needed = history_.size() + grown;
    if (needed > history_.capacity()) {
      history_.reserve(std::min(form_.history, std::max(needed, history_.capacity() * 2)));
    }
    history_.insert(history_.end(), bytes.begin(),
                    bytes.begin() + static_cast<std::ptrdiff_t>(grown));
    next_ = history_.size() % form_.history;
    bytes = bytes.subspan(grown);
  }
  while (!bytes.empty()) {
    const auto size = std::min(bytes.size(), history_.size() - next_);
    std::memcpy(history_.data() + next_, bytes.data(), size);
    next_ = (next_ + size) % history_.size();
    bytes = bytes.subspan(size);
  }
}

}  // namespace remora::bulk
