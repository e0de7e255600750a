#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "capture/base/bytes.h"
#include "dissect/conversation/dissector.h"
#include "dissect/credssp/rdstls_pdu.h"

namespace remora::credssp {

/// RDSTLS, [MS-RDPBCGR] 5.4.5.3.1, up to the first TPKT: then the stream is "rdp".
///
///   server:  Capabilities ─►                           ─► Authentication Response 0 ─► "rdp"
///   client:                 ─► Authentication Request     (another result: refused)
///
/// What the wrong side says is passed over: a client does not answer itself.
///
/// State: which side is the server, and whether a side has lost its place.
class RdstlsDissector final : public Dissector {
 public:
  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  [[nodiscard]] bool may_say(RdstlsType type, Side from);

  std::array<bool, 2> lost_place_{};  ///< by index_of(Side)
  std::optional<Side> server_{};      ///< by the first PDU that was read
};

}  // namespace remora::credssp
