#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dissect/conversation/dissector.h"
#include "tests/fuzz/demand.h"
#include "tests/support/finding_equality.h"

namespace remora {

namespace fuzz {

/// Messages of a channel as the input of a fuzzer gives them: each has a header of two bytes,
/// little-endian: bit 15 is the side, bit 14 makes it a loss, bit 13 something encrypted of that
/// length, the rest is the length; the last message may be shorter. make_seeds.py knows the format.
struct Message {
  Side from;
  ChannelPiece::Kind kind;
  std::size_t size;
  ByteView bytes;
};

inline std::vector<Message> split(ByteView input) {
  std::vector<Message> messages;
  while (input.size() >= 2) {
    const auto header = static_cast<std::uint32_t>(to_u8(input[0]) | (to_u8(input[1]) << 8U));
    input = input.subspan(2);
    Message message{.from = (header & 0x8000U) == 0 ? Side::kInitiator : Side::kAcceptor,
                    .kind = ChannelPiece::Kind::kClear,
                    .size = header & 0x1fffU,
                    .bytes = {}};
    if ((header & 0x4000U) != 0) {
      message.kind = ChannelPiece::Kind::kLost;
    } else if ((header & 0x2000U) != 0) {
      message.kind = ChannelPiece::Kind::kSealed;
    } else {
      message.bytes = input.first(std::min(message.size, input.size()));
      input = input.subspan(message.bytes.size());
    }
    messages.push_back(message);
  }
  return messages;
}

/// What a reader of the channel said.
struct Heard {
  std::vector<Finding> found;
  std::string passed_on;  ///< by both sides, name after name
};

inline void take(const Findings& out, Heard& heard) {
  for (const auto& piece : out.pieces()) {
    demand(piece.kind != ChannelPiece::Kind::kClear ||
               piece.bytes.size() <= piece.total - piece.offset,
           "a piece lies in its message");
    heard.passed_on += piece.channel;
    heard.passed_on += as_text(piece.bytes);
  }
  heard.found.insert(heard.found.end(), out.found().begin(), out.found().end());
}

/// Each message is cut into pieces of this size.
inline Heard hear(ChannelDissector& dissector, std::string_view channel,
                  const std::vector<Message>& messages, std::size_t piece_bytes) {
  Heard heard;
  Instant at;
  for (const auto& message : messages) {
    at.frame = FrameNumber{to_number(at.frame) + 1};
    std::size_t offset = 0;
    do {
      Findings out;
      const auto size = std::min(piece_bytes, message.bytes.size() - offset);
      const bool clear = message.kind == ChannelPiece::Kind::kClear;
      dissector.on_piece(
          {.channel = channel,
           .from = message.from,
           .kind = message.kind,
           .bytes = message.bytes.subspan(offset, size),
           .offset = static_cast<std::uint32_t>(offset),
           .total = static_cast<std::uint32_t>(clear ? message.bytes.size() : message.size)},
          at, out);
      take(out, heard);
      offset += size;
    } while (offset < message.bytes.size());
  }
  return heard;
}

}  // namespace fuzz
}  // namespace remora
