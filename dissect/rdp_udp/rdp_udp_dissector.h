#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "dissect/conversation/dissector.h"
#include "dissect/rdp_udp/ordered_payloads.h"
#include "dissect/rdp_udp/syn.h"

namespace remora::rdp_udp {

/// A flow of RDP over UDP.
///
///   SYN ─► SYN+ACK ─► version 1 or 2, reliable: TLS in numbered payloads
///                 ├─► version 1 or 2, SYNLOSSY: a DTLS datagram in each payload
///                 └─► version 3: TLS in the payloads of [MS-RDPEUDP2]
///
/// State: what the SYN datagrams said, and the payloads that came too early.
class RdpUdpDissector final : public DatagramDissector {
 public:
  void on_datagram(const Datagram& datagram, Findings& out) override;

 private:
  void on_syn(const Syn& syn, const Datagram& datagram, Findings& out);
  void on_request(const Syn& syn, const Datagram& datagram, Findings& out);
  void on_answer(const Syn& syn, const Datagram& datagram, Findings& out);
  void on_data_v1(const Datagram& datagram, Findings& out);
  void on_data_v2(const Datagram& datagram, Findings& out);
  void pass_on(const Datagram& datagram, std::uint32_t sequence, ByteView payload, Findings& out);
  [[nodiscard]] bool is_version3() const { return agreed_ == kVersion3; }

  std::optional<std::uint16_t> offered_;  ///< the client's highest version
  std::optional<std::uint16_t> agreed_;   ///< the server's answer
  bool lossy_{false};
  std::array<OrderedPayloads, 2> payloads_;  ///< by index_of(Side)
  std::vector<OrderedPayloads::Piece> pieces_;
  std::vector<std::byte> clear_;
};

}  // namespace remora::rdp_udp
