#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "dissect/conversation/dissector.h"
#include "dissect/multitransport/tunnel_pdu.h"

namespace remora::multitransport {

/// A multitransport connection, [MS-RDPEMT] 3.1.5.5:
///
///   Tunnel Create Request ─► Tunnel Create Response ─► Tunnel Data: dynamic virtual channels
///   a gap ─► lost until a record holds PDUs and nothing else
///
/// What is carried is read wherever it begins. State: per side whether its place is lost.
class MultitransportDissector final : public Dissector {
 public:
  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;

 private:
  void on_pdu(const TunnelPdu& pdu, Side from, Instant at, Findings& out);
  void on_data(const TunnelPdu& pdu, Side from, Instant at, Findings& out);
  void lose(Side from, Findings& out);

  std::array<bool, 2> lost_place_{};  ///< by index_of(Side)
  std::array<bool, 2> passed_on_{};   ///< likewise: something of the channels
};

}  // namespace remora::multitransport
