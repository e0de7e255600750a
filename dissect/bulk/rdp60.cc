#include "dissect/bulk/rdp60.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "dissect/bulk/bits.h"
#include "dissect/bulk/rdp60_tables.h"

namespace remora::bulk {
namespace {

constexpr auto kLecTable = make_huffman_table<kMostLecBits>(kHuffLengthLec);
constexpr auto kLTable = make_huffman_table<kMostLBits>(kHuffLengthL);

tl::unexpected<ReadError> error(const char* field, const char* reason) {
  return tl::unexpected{ReadError{.field = field, .offset = 0, .reason = reason}};
}

}  // namespace

Result<ByteView> Rdp60::decompress(ByteView packet, PacketFlags flags) {
  if (flags.flushed()) { flush(); }
  if (flags.at_front()) { slide(); }
  if (!flags.compressed()) { return packet; }
  if (lost_) { return error("history", "not known"); }
  if (history_.empty()) { history_.resize(kHistory); }
  auto result = decode(packet);
  if (!result.has_value()) { lose(); }
  return result;
}

void Rdp60::flush() {
  std::fill_n(history_.begin(), written_, std::byte{0});
  written_ = 0;
  offset_ = 0;
  reach_ = kHistory;
  offset_cache_ = {};
  lost_ = false;
}

/// 3.1.8.1.3: what stood before HistoryOffset stands before the middle then.
void Rdp60::slide() {
  reach_ = std::min(reach_, kMiddle);
  if (!lost_ && written_ > 0) {
    auto* const history = history_.data();
    if (offset_ >= kMiddle) {
      std::memmove(history, history + offset_ - kMiddle, kMiddle);
    } else {
      // Never slid since it was flushed: zeros stand before the front.
      std::memmove(history + kMiddle - offset_, history, offset_);
      std::fill_n(history, kMiddle - offset_, std::byte{0});
    }
    written_ = std::max(written_, kMiddle);
  }
  offset_ = kMiddle;
  lost_ = false;
}

void Rdp60::lose() {
  lost_ = true;
  reach_ = 0;
  offset_cache_ = {};
}

/// Says what is wrong, or nothing.
const char* Rdp60::copy(std::size_t at, std::size_t distance, std::size_t length) {
  if (distance == 0) { return "not known"; }
  if (length > kHistory - at) { return "more than the history holds"; }
  if (distance > reach_ + (at - offset_) || distance >= kHistory) { return "history not known"; }
  auto* const history = history_.data();
  if (distance <= at && length <= distance) {
    std::memcpy(history + at, history + at - distance, length);
    return nullptr;
  }
  const auto from = at + kHistory - distance;
  for (std::size_t i = 0; i < length; ++i) { history[at + i] = history[(from + i) % kHistory]; }
  return nullptr;
}

Result<ByteView> Rdp60::decode(ByteView packet) {
  LowBitsFirst bits{packet};
  auto at = offset_;
  const auto end_at = [&](const char* field, const char* reason) {
    written_ = std::max(written_, at);
    return error(field, reason);
  };
  for (;;) {
    bits.refill();
    const auto [symbol, symbol_bits] = kLecTable.entries[bits.peek(kMostLecBits)];
    if (symbol_bits == 0) { return end_at("LiteralOrEosOrCopyOffset", "not one of the codes"); }
    bits.drop(symbol_bits);
    if (bits.failed()) { return end_at("LiteralOrEosOrCopyOffset", "cut short"); }
    if (symbol < kEndOfStream) {
      if (at == kHistory) { return end_at("literal", "more than the history holds"); }
      history_[at++] = static_cast<std::byte>(symbol);
      continue;
    }
    if (symbol == kEndOfStream) { break; }
    std::uint32_t distance = 0;
    if (symbol < kFirstCached) {
      const auto index = symbol - kFirstCopyOffset;
      distance = kCopyOffsetBase.at(index) + bits.take(kCopyOffsetBits.at(index)) - 1;
      std::shift_right(offset_cache_.begin(), offset_cache_.end(), 1);
      offset_cache_.front() = distance;
    } else {
      std::swap(offset_cache_.front(), offset_cache_.at(symbol - kFirstCached));
      distance = offset_cache_.front();
    }
    const auto [index, index_bits] = kLTable.entries[bits.peek(kMostLBits)];
    bits.drop(index_bits);
    if (index_bits == 0 || index >= kLengthBits.size()) {
      return end_at("LengthOfMatch", "not one of the codes");
    }
    const auto length = kLengthBase.at(index) + bits.take(kLengthBits.at(index));
    if (bits.failed()) { return end_at("LengthOfMatch", "cut short"); }
    if (const auto* wrong = copy(at, distance, length)) { return end_at("copy-offset", wrong); }
    at += length;
  }
  written_ = std::max(written_, at);
  const auto told = ByteView{history_}.subspan(offset_, at - offset_);
  reach_ = std::min(reach_ + told.size(), kHistory);
  offset_ = at;
  return told;
}

}  // namespace remora::bulk
