// Packets of bulk compression. The first byte chooses: bit 7 the segments of RDP 8.0 (bit 6: the
// form for dynamic channels), else a session's packets; the rest says which packet is missing for a
// second receiver. Each packet has a header of three bytes: its flags and its length,
// little-endian; the last may be shorter. What the second receiver gives is what the first one
// gives. make_seeds.py knows the format.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dissect/bulk/bulk_decompressor.h"
#include "dissect/bulk/rdp80.h"
#include "tests/fuzz/demand.h"

namespace remora::fuzz {
namespace {

struct Packet {
  std::uint8_t flags;
  ByteView bytes;
};

std::vector<Packet> split(ByteView input) {
  std::vector<Packet> packets;
  while (input.size() >= 3) {
    const auto flags = to_u8(input[0]);
    const std::size_t size = to_u8(input[1]) | std::size_t{to_u8(input[2])} << 8U;
    input = input.subspan(3);
    const auto bytes = input.first(std::min(size, input.size()));
    input = input.subspan(bytes.size());
    packets.push_back({.flags = flags, .bytes = bytes});
  }
  return packets;
}

void compare(const std::optional<std::vector<std::byte>>& first, const Result<ByteView>& second) {
  if (!first.has_value() || !second.has_value()) { return; }
  demand(std::ranges::equal(*first, *second), "what is given is what was sent");
}

std::optional<std::vector<std::byte>> kept(const Result<ByteView>& result) {
  if (!result.has_value()) { return {}; }
  return std::vector<std::byte>{result->begin(), result->end()};
}

void run_session(const std::vector<Packet>& packets, std::size_t missing) {
  bulk::BulkDecompressor first;
  bulk::BulkDecompressor second;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const bulk::PacketFlags flags{packets[i].flags};
    const auto result = kept(first.decompress(packets[i].bytes, flags));
    demand(!result.has_value() || !flags.compressed() || result->size() <= 65536,
           "a packet gives no more than 64 KiB");
    if (i == missing) {
      second.lose();
    } else {
      compare(result, second.decompress(packets[i].bytes, flags));
    }
    demand(first.memory() <= 2'000'000 + 65536, "the history is bounded");
  }
}

void run_segments(const std::vector<Packet>& packets, std::size_t missing, bool lite) {
  const auto form = lite ? bulk::Rdp80::kLite : bulk::Rdp80::kFull;
  bulk::Rdp80 first{form};
  bulk::Rdp80 second{form};
  for (std::size_t i = 0; i < packets.size(); ++i) {
    if ((packets[i].flags & 1U) != 0) {
      std::size_t given = 0;
      (void)first.decompress(packets[i].bytes, [&](ByteView bytes) { given += bytes.size(); });
      demand(given <= bulk::Rdp80::kMaxMessage, "a message is bounded");
      second.lose();
      continue;
    }
    const auto result = kept(first.decompress_segment(packets[i].bytes));
    demand(!result.has_value() || result->size() <= form.segment, "a segment is bounded");
    if (i == missing) {
      second.lose();
    } else {
      compare(result, second.decompress_segment(packets[i].bytes));
    }
  }
}

void run(ByteView input) {
  if (input.empty()) { return; }
  const auto choice = to_u8(input[0]);
  const auto packets = split(input.subspan(1));
  const std::size_t missing = choice & 0x3fU;
  if ((choice & 0x80U) != 0) {
    run_segments(packets, missing, (choice & 0x40U) != 0);
  } else {
    run_session(packets, missing);
  }
}

}  // namespace
}  // namespace remora::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  remora::fuzz::run(std::as_bytes(std::span{data, size}));
  return 0;
}
