// Frames of one link type, down to TCP, UDP or an ICMP error. The first byte of the input chooses
// the link type; each frame has a header of four bytes: its size (little-endian, two bytes), how
// many seconds after the frame before it came, and how many of its last bytes the capture cut off;
// the last frame may be shorter.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "capture/net/checksum.h"
#include "capture/net/decapsulate.h"
#include "capture/net/ip_options.h"
#include "capture/net/tcp_options.h"
#include "tests/fuzz/demand.h"

namespace remora::fuzz {
namespace {

constexpr std::array kLinks{LinkType::kEthernet,  LinkType::kRaw,     LinkType::kLinuxSll,
                            LinkType::kLinuxSll2, LinkType::kNull,    LinkType::kPpp,
                            LinkType::kPppHdlc,   LinkType::kPppEther};

/// Small, so that a short input meets them.
constexpr capture::FragmentLimits kLimits{
    .datagrams = 8, .bytes = 16'384, .pieces = 16, .age = std::chrono::seconds{60}};

/// Reads all of `bytes`: the sanitizer sees what is borrowed and gone.
std::uint32_t touch(ByteView bytes) {
  std::uint32_t sum = 0;
  for (const auto byte : bytes) { sum += to_u8(byte); }
  return sum;
}

void check(const capture::Packet& packet) {
  demand(packet.payload.size() <= packet.payload_wire_bytes, "no payload is longer than it was");
  demand(packet.segment.size() >= packet.payload.size(), "the segment contains the payload");
  demand(packet.tunnels.layers().size() <= TunnelStack::kKept, "tunnels are bounded");
  demand(!packet.fragment_conflict || packet.fragmented, "only fragments are in conflict");
  volatile std::uint32_t sink = touch(packet.segment);
  sink = touch(packet.payload) + touch(packet.ip_options) + touch(packet.tcp_options);
  (void)sink;
  (void)capture::transport_checksum_ok(packet);
  (void)capture::recorded_route(packet.ip_options);
  (void)capture::read_tcp_options(packet.tcp_options);
}

void run(ByteView input) {
  if (input.empty()) { return; }
  const auto link = kLinks.at(to_u8(input[0]) % kLinks.size());
  input = input.subspan(1);
  capture::Decapsulator decapsulator{kLimits};
  capture::Packet packet;
  Frame frame{.at = {}, .link = link, .bytes = {}, .wire_bytes = 0};
  while (input.size() >= 4) {
    const std::size_t size = to_u8(input[0]) | (std::size_t{to_u8(input[1])} << 8U);
    frame.at.time += std::chrono::seconds{to_u8(input[2])};
    frame.at.frame = FrameNumber{to_number(frame.at.frame) + 1};
    const std::size_t cut = to_u8(input[3]);
    input = input.subspan(4);
    const auto sent = input.first(std::min(size, input.size()));
    input = input.subspan(sent.size());
    const auto captured = sent.first(sent.size() - std::min(cut, sent.size()));
    // A copy of exact size: the sanitizer sees a read past its end.
    const std::vector<std::byte> bytes(captured.begin(), captured.end());
    frame.bytes = bytes;
    frame.wire_bytes = static_cast<std::uint32_t>(sent.size());
    if (decapsulator.next(frame, packet) == capture::Unwrapped::kPacket) { check(packet); }
    demand(decapsulator.fragments().held_bytes() <= kLimits.bytes, "held bytes are bounded");
    demand(decapsulator.fragments().waiting_datagrams() <= kLimits.datagrams,
           "waiting datagrams are bounded");
  }
}

}  // namespace
}  // namespace remora::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  remora::fuzz::run(std::as_bytes(std::span{data, size}));
  return 0;
}
