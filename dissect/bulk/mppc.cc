#include "dissect/bulk/mppc.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace remora::bulk {
namespace {

/// Copy-offset encoding of RDP 4.0, 3.1.8.4.1.2.1: by how many ones it begins with, two or more.
struct Form8K {
  static constexpr std::size_t kHistory = Mppc::kHistory8K;
  static constexpr unsigned kMostOnes = 4;
  static constexpr unsigned kMostLengthOnes = 11;
  static constexpr std::array kPrefixBits{3U, 4U, 4U};
  static constexpr std::array kOffsetBits{13U, 8U, 6U};
  static constexpr std::array kOffsetBase{320U, 64U, 0U};
};

/// Of RDP 5.0, 3.1.8.4.2.2.1.
struct Form64K {
  static constexpr std::size_t kHistory = Mppc::kHistory64K;
  static constexpr unsigned kMostOnes = 5;
  static constexpr unsigned kMostLengthOnes = 14;
  static constexpr std::array kPrefixBits{3U, 4U, 5U, 5U};
  static constexpr std::array kOffsetBits{16U, 11U, 8U, 6U};
  static constexpr std::array kOffsetBase{2368U, 320U, 64U, 0U};
};

/// Length-of-match encoding, 3.1.8.4.1.2.2 and 3.1.8.4.2.2.2: n ones, a zero, n + 1 bits. 0: none
/// of those.
template <typename Form>
std::size_t take_length(HighBitsFirst& bits) {
  const auto ones = bits.ones();
  if (ones == 0) {
    bits.drop(1);
    return 3;
  }
  if (ones > Form::kMostLengthOnes) { return 0; }
  bits.drop(ones + 1);
  return (std::size_t{2} << ones) + bits.take(ones + 1);
}

}  // namespace

Result<ByteView> Mppc::decompress(ByteView packet, PacketFlags flags) {
  // 3.1.8.3: in this order
  if (flags.flushed()) { flush(); }
  if (flags.at_front()) {
    lost_ = false;
    offset_ = 0;
  }
  if (!flags.compressed()) { return packet; }
  if (lost_) {
    return tl::unexpected{ReadError{.field = "history", .offset = 0, .reason = "not known"}};
  }
  if (history_.empty()) { history_.resize(size()); }
  auto result = level_ == Level::k8K ? decode<Form8K>(packet) : decode<Form64K>(packet);
  if (!result.has_value()) { lose(); }
  return result;
}

void Mppc::flush() {
  // Only what is not zero already: a flush may come with every packet.
  std::fill_n(history_.begin(), written_, std::byte{0});
  written_ = 0;
  offset_ = 0;
  known_ = size();
  lost_ = false;
}

void Mppc::lose() {
  lost_ = true;
  known_ = 0;
}

std::optional<std::size_t> Mppc::room() const {
  return lost_ ? std::nullopt : std::optional{size() - offset_};
}

/// Says what is wrong, or nothing.
const char* Mppc::copy(std::size_t at, std::size_t distance, std::size_t length) {
  auto* const history = history_.data();
  const auto all = history_.size();
  if (distance == 0 || distance >= all) { return "beyond the history"; }
  if (length > all - at) { return "more than the history holds"; }
  if (distance <= at) {
    const auto* from = history + at - distance;
    if (length <= distance) {
      std::memcpy(history + at, from, length);
    } else if (distance == 1) {
      std::memset(history + at, to_u8(*from), length);
    } else {
      for (std::size_t i = 0; i < length; ++i) { history[at + i] = from[i]; }
    }
    return nullptr;
  }
  // Before the front stands the end of the history: what is older, or the zeros that it began with.
  const auto from = at + all - distance;
  if (known_ < all && from + length > known_) { return "history not known"; }
  for (std::size_t i = 0; i < length; ++i) { history[at + i] = history[(from + i) % all]; }
  return nullptr;
}

template <typename Form>
Result<ByteView> Mppc::decode(ByteView packet) {
  HighBitsFirst bits{packet};
  auto* const history = history_.data();
  const auto begin = offset_;
  auto at = begin;
  const char* field = "packet";
  const char* wrong = nullptr;
  // What is left in the last byte is padding: no literal has fewer than 8 bits.
  while (wrong == nullptr && bits.left() >= 8) {
    bits.refill();
    const auto ones = bits.ones();
    if (ones < 2) {
      if (at == Form::kHistory) {
        field = "literal";
        wrong = "more than the history holds";
        break;
      }
      history[at++] =
          static_cast<std::byte>(ones == 0 ? bits.peek(8) : (bits.peek(9) & 0x7fU) | 0x80U);
      bits.drop(8 + ones);
      continue;
    }
    const auto form = std::min(ones, Form::kMostOnes) - 2;
    bits.drop(Form::kPrefixBits[form]);
    const std::size_t distance = Form::kOffsetBase[form] + bits.take(Form::kOffsetBits[form]);
    const auto length = take_length<Form>(bits);
    if (bits.failed()) { break; }
    field = length == 0 ? "length-of-match" : "copy-offset";
    wrong = length == 0 ? "not one of the encodings" : copy(at, distance, length);
    at += length;
  }
  if (wrong == nullptr && bits.failed()) { wrong = "cut short"; }
  written_ = std::min(std::max(written_, at), Form::kHistory);
  if (wrong != nullptr) {
    return tl::unexpected{
        ReadError{.field = field, .offset = packet.size() - bits.left() / 8, .reason = wrong}};
  }
  offset_ = at;
  known_ = std::max(known_, at);
  return ByteView{history_}.subspan(begin, at - begin);
}

}  // namespace remora::bulk
