#pragma once

#include <array>
#include <cstddef>

#include "capture/base/bytes.h"
#include "dissect/conversation/dissector.h"

namespace remora::credssp {

/// RDSTLS, [MS-RDPBCGR] 5.4.5.3.1, up to the first TPKT: then the stream is "rdp".
///
///   server:  Capabilities ─►                           ─► Authentication Response 0 ─► "rdp"
///   client:                 ─► Authentication Request     (another result: refused)
///
/// State: whether a side has lost its place.
class RdstlsDissector final : public Dissector {
 public:
  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  std::array<bool, 2> lost_place_{};  ///< by index_of(Side)
};

}  // namespace remora::credssp
