#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "dissect/conversation/dissector.h"

namespace remora::gateway {

/// The client's packets in chunks, RFC 9112 7.1: the way in which most clients fill the IN channel.
///
/// State: what is left of a chunk.
class ChunkedDissector final : public Dissector {
 public:
  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  std::array<std::uint64_t, 2> left_{};  ///< by index_of(Side)
};

}  // namespace remora::gateway
