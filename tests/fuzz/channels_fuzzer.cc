// Messages on the channels of a session. The first byte says on which channel; kChannels has the
// order, and one more stands for chunks with their headers. Each message of the input has a header
// of two bytes, little-endian: bit 15 is the side, bit 14 makes it a loss, bit 13 something
// encrypted of that length, the rest is the length; the last message may be shorter. The findings
// must be the same however a message is cut. make_seeds.py knows the format.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dissect/assistance/assistance_dissector.h"
#include "dissect/dynamic_channels/dynamic_channels_dissector.h"
#include "dissect/rdp/static_channels.h"
#include "tests/fuzz/demand.h"

namespace remora {

bool operator==(const Finding& a, const Finding& b) {
  return a.at == b.at && a.from == b.from && std::string_view{a.rule} == b.rule && a.what == b.what;
}

namespace fuzz {
namespace {

constexpr std::array<std::string_view, 7> kChannels{"remdesk", "encomsp", "drdynvc", "RC_CTL",
                                                    "70",      "71",      "RA_FX"};

struct Message {
  Side from;
  ChannelPiece::Kind kind;
  std::size_t size;
  ByteView bytes;
};

std::vector<Message> split(ByteView input) {
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

struct Heard {
  std::vector<Finding> found;
  std::string passed_on;  ///< by both sides, name after name
};

void take(const Findings& out, Heard& heard) {
  for (const auto& piece : out.pieces()) {
    demand(piece.kind != ChannelPiece::Kind::kClear ||
               piece.bytes.size() <= piece.total - piece.offset,
           "a piece lies in its message");
    heard.passed_on += piece.channel;
    heard.passed_on += as_text(piece.bytes);
  }
  heard.found.insert(heard.found.end(), out.found().begin(), out.found().end());
}

Heard hear(ChannelDissector& dissector, std::string_view channel,
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

void run_channel(std::string_view channel, const std::vector<Message>& messages) {
  const auto listen = [&](std::size_t piece_bytes) {
    if (channel == "drdynvc") {
      dynamic_channels::DynamicChannelsDissector dissector;
      return hear(dissector, channel, messages, piece_bytes);
    }
    assistance::AssistanceDissector dissector;
    return hear(dissector, channel, messages, piece_bytes);
  };
  const auto whole = listen(SIZE_MAX);
  const auto cut = listen(3);
  demand(whole.found == cut.found, "the findings do not depend on how a message is cut");
  demand(whole.passed_on == cut.passed_on, "nor does what is passed on");
}

void run_chunks(const std::vector<Message>& messages) {
  constexpr std::uint16_t kChannel = 1004;
  rdp::StaticChannels channels;
  observation::ClientSettings client;
  client.channels = {{.name = "remdesk"}};
  channels.set_names(client);
  observation::ServerSettings server;
  server.channel_ids = {kChannel};
  channels.set_ids(server);
  Heard heard;
  for (const auto& message : messages) {
    Findings out;
    if (message.kind == ChannelPiece::Kind::kClear) {
      channels.on_chunk(kChannel, message.bytes, message.from, {}, out);
    } else {
      channels.on_gap(message.from, out);
    }
    take(out, heard);
  }
}

void run(ByteView input) {
  if (input.empty()) { return; }
  const auto choice = to_u8(input[0]) % (kChannels.size() + 1);
  const auto messages = split(input.subspan(1));
  if (choice == kChannels.size()) {
    run_chunks(messages);
  } else {
    run_channel(kChannels.at(choice), messages);
  }
}

}  // namespace
}  // namespace fuzz
}  // namespace remora

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  remora::fuzz::run(std::as_bytes(std::span{data, size}));
  return 0;
}
