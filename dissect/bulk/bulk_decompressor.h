#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>

#include "capture/base/bytes.h"
#include "capture/base/result.h"
#include "dissect/bulk/mppc.h"
#include "dissect/bulk/packet_flags.h"
#include "dissect/bulk/rdp60.h"
#include "dissect/bulk/rdp61.h"

namespace remora::bulk {

/// The bulk compression that one side of a session uses, [MS-RDPBCGR] 3.1.8: the type is negotiated
/// once (Client Info), and stands in the flags of each packet.
///
/// State: the history of that type, from the first compressed packet on: 8 KiB, 64 KiB, 64 KiB, or
/// up to 2 MB + 64 KiB of RDP 6.1. A packet of another type takes its place; the former is lost
/// then.
class BulkDecompressor {
 public:
  /// What the packet holds, valid until the next call; the packet itself where it is not
  /// compressed. An error: damaged, or its history is not known. It never gives other bytes than
  /// were sent.
  [[nodiscard]] Result<ByteView> decompress(ByteView packet, PacketFlags flags);
  /// A packet of this side is missing: what is in the history is not known until a packet says so.
  void lose();

  /// A packet that concerns the history was there already.
  [[nodiscard]] bool used() const { return !std::holds_alternative<std::monostate>(engine_); }
  /// Bytes that go into the history before it begins anew; empty where that is not known.
  [[nodiscard]] std::optional<std::size_t> room() const;
  /// Whether the packet begins its history anew for want of room, or as the first of all.
  [[nodiscard]] static bool begins_anew(ByteView packet, PacketFlags flags);
  /// Bytes of memory held.
  [[nodiscard]] std::size_t memory() const;

 private:
  void change_to(CompressionType type);

  std::variant<std::monostate, Mppc, Rdp60, Rdp61> engine_;
  CompressionType type_{};
  std::uint16_t seen_{0};  ///< the types, by bit: their histories are not new any more
  bool lost_{false};       ///< before the first compressed packet
};

}  // namespace remora::bulk
