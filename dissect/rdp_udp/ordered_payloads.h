#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "capture/base/bytes.h"

namespace remora::rdp_udp {

/// Puts one side's numbered payloads in order: each comes out once, none before the ones before it,
/// unless those are given up as lost.
class OrderedPayloads {
 public:
  // LIMIT: what is kept of payloads ahead of a missing one. A retransmission comes within a few.
  static constexpr std::size_t kMaxAhead = 64;
  static constexpr std::size_t kMaxBytes = 64U << 10U;

  /// What comes out: a payload, or a hole of unknown size.
  struct Piece {
    std::vector<std::byte> bytes;
    bool hole{false};
  };

  /// `bits` of the sequence numbers are on the wire: 16 or 32.
  explicit OrderedPayloads(unsigned bits = 32) : bits_{bits} {}

  /// The number that comes first. Where this is not said, the first that is seen is it.
  void expect(std::uint32_t sequence) {
    next_ = sequence;
    begun_ = true;
  }

  /// Appends to `out` what the payload makes readable; that may be nothing.
  void add(std::uint32_t sequence, ByteView payload, std::vector<Piece>& out);

 private:
  void give_out(std::vector<Piece>& out);

  unsigned bits_;
  std::uint64_t next_{0};
  bool begun_{false};
  std::map<std::uint64_t, std::vector<std::byte>> early_;  ///< by number, unwrapped
  std::size_t early_bytes_{0};
};

}  // namespace remora::rdp_udp
