#pragma once

#include <cstdint>
#include <memory>

#include "capture/base/bytes.h"
#include "capture/base/time.h"

namespace remora {

/// 1-based number of a frame in its capture, as Wireshark counts; the evidence that events cite.
enum class FrameNumber : std::uint64_t {};

[[nodiscard]] constexpr std::uint64_t to_number(FrameNumber frame) {
  return static_cast<std::uint64_t>(frame);
}

/// Where something was seen: when the packet that brought it was captured, and which frame it was.
struct Instant {
  Moment time;
  FrameNumber frame{};
  auto operator<=>(const Instant&) const = default;
};

/// LINKTYPE_ values of the capture file formats (tcpdump.org/linktypes.html). Any value may occur.
enum class LinkType : std::uint32_t {
  kNull = 0,
  kEthernet = 1,
  kPpp = 9,
  kPppHdlc = 50,
  kPppEther = 51,
  kRaw = 101,
  kLoop = 108,
  kLinuxSll = 113,
  kIpv4 = 228,
  kIpv6 = 229,
  kLinuxSll2 = 276,
};

/// One captured frame. `bytes` is borrowed from its source until the source's next read.
struct Frame {
  Instant at;
  LinkType link{};
  ByteView bytes;               ///< what was captured, possibly cut by the snap length
  std::uint32_t wire_bytes{0};  ///< length on the wire; at least bytes.size()
  /// Where the bytes lie. Whoever copies the pointer keeps them past the source's next read; null
  /// where the source cannot give its memory away. Borrowed as `bytes` are.
  const std::shared_ptr<const void>* memory{nullptr};
};

}  // namespace remora
