#include "dissect/bulk/rdp61.h"

#include <algorithm>
#include <cstdint>

#include "capture/base/cursor.h"

namespace remora::bulk {
namespace {

// Level1ComprFlags, 2.2.2.4.1.
constexpr std::uint8_t kCompressed = 0x01;
constexpr std::uint8_t kNoCompression = 0x02;
constexpr std::uint8_t kPacketAtFront = 0x04;
constexpr std::uint8_t kInnerCompression = 0x10;

tl::unexpected<ReadError> error(const char* field, const char* reason) {
  return tl::unexpected{ReadError{.field = field, .offset = 0, .reason = reason}};
}

}  // namespace

bool Rdp61::is_at_front(ByteView packet) {
  return !packet.empty() && (to_u8(packet.front()) & kPacketAtFront) != 0;
}

void Rdp61::lose() {
  lost_ = true;
  history_.clear();
  level2_.lose();
}

Result<ByteView> Rdp61::decompress(ByteView packet, PacketFlags flags) {
  if (flags.flushed()) {
    history_.clear();
    lost_ = false;
  }
  if (!flags.compressed()) { return packet; }
  Cursor in{packet};
  const auto level1 = in.u8("Level1ComprFlags");
  const PacketFlags level2{in.u8("Level2ComprFlags")};
  auto data = in.rest();
  if (!in.ok()) {
    lose();
    return tl::unexpected{in.error()};
  }
  if ((level1 & kInnerCompression) != 0) {
    if (level2.compressed() && level2.type() != CompressionType::k64K) {
      lose();
      return error("Level2ComprFlags", "not RDP 5.0");
    }
    auto inner = level2_.decompress(data, level2);
    if (!inner.has_value()) {
      // What it held is missing in the level-1 history as well.
      lost_ = true;
      history_.clear();
      return inner;
    }
    data = *inner;
  }
  if ((level1 & kPacketAtFront) != 0) {
    history_.clear();
    lost_ = false;
  }
  const bool matches = (level1 & kCompressed) != 0;
  if (!matches && (level1 & kNoCompression) == 0) {
    return data;
  }  // 3.1.8.2.2.2: not in the history
  if (lost_) { return error("history", "not known"); }
  auto result = expand(data, matches);
  if (!result.has_value()) {
    lost_ = true;
    history_.clear();
  }
  return result;
}

/// Literals, and matches where they say, 3.1.8.2.3.1.
Result<ByteView> Rdp61::expand(ByteView data, bool matches) {
  Cursor in{data};
  const std::size_t count = matches ? in.u16le("MatchCount") : 0;
  Cursor details{in.bytes(count * 8, "MatchDetails")};
  auto literals = in.rest();
  if (!in.ok()) { return tl::unexpected{in.error()}; }
  const auto begin = history_.size();
  const auto most = begin + std::min(kMaxOutput, kHistory - begin);
  const auto room_for = [&](std::size_t size) {
    const auto needed = history_.size() + size;
    if (needed > history_.capacity()) {
      history_.reserve(std::min(kHistory, std::max(needed, history_.capacity() * 2)));
    }
  };
  const auto append = [&](std::size_t size) {
    room_for(size);
    history_.insert(history_.end(), literals.begin(),
                    literals.begin() + static_cast<std::ptrdiff_t>(size));
    literals = literals.subspan(size);
  };
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t length = details.u16le("MatchLength");
    const std::size_t output_offset = details.u16le("MatchOutputOffset");
    const std::size_t from = details.u32le("MatchHistoryOffset");
    const auto so_far = history_.size() - begin;
    if (output_offset < so_far || output_offset - so_far > literals.size()) {
      return error("MatchOutputOffset", "not where the output is");
    }
    if (begin + output_offset + length > most) {
      return error("MatchLength", "more than the history holds");
    }
    append(output_offset - so_far);
    if (length == 0) { continue; }
    const auto at = history_.size();
    if (from >= at) { return error("MatchHistoryOffset", "history not known"); }
    room_for(length);
    history_.resize(at + length);
    if (length <= at - from) {
      std::copy_n(history_.data() + from, length, history_.data() + at);
    } else {
      for (std::size_t j = 0; j < length; ++j) { history_[at + j] = history_[from + j]; }
    }
  }
  if (literals.size() > most - history_.size()) {
    return error("Literals", "more than the history holds");
  }
  append(literals.size());
  return ByteView{history_}.subspan(begin);
}

}  // namespace remora::bulk
