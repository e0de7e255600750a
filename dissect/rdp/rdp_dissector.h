#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "capture/base/bytes.h"
#include "dissect/conversation/context.h"
#include "dissect/conversation/dissector.h"
#include "dissect/rdp/mcs.h"
#include "dissect/rdp/session_pdus.h"
#include "dissect/rdp/x224.h"

namespace remora::rdp {

/// RDP from the X.224 Connection Request to the end of the connection, as far as it is in clear.
///
///   CR ─► CC, nothing or PROTOCOL_RDP selected ─► MCS connect ─► domain PDUs, share PDUs ─► end
///    └──► CC, anything else selected, or a TLS record after the CR ─► handed over to "tls"; inside
///         TLS it goes on, [MS-RDPBCGR] 5.4.2.2
///
/// Each PDU is read for itself, so that a capture which starts late or has holes still tells what
/// it shows. State: what the server chose for security, its ciphers, whether a side has lost its
/// place, and whether the beginning was seen.
class RdpDissector final : public Dissector {
 public:
  /// What is around the connection from its first byte on.
  enum class Surroundings : std::uint8_t { kNothing, kTls };

  /// `context` outlives the dissector.
  explicit RdpDissector(const Context& context, Surroundings surroundings = Surroundings::kNothing)
      : surroundings_{surroundings}, session_pdus_{context.keys} {}

  [[nodiscard]] std::size_t on_bytes(Side from, ByteView bytes, Instant at, Findings& out) override;
  void on_gap(Side from, std::uint64_t size, Instant at, Findings& out) override;
  void on_end(Side from, Instant at, Findings& out) override;

 private:
  [[nodiscard]] std::size_t read(Side from, ByteView bytes, Instant at, Findings& out);
  [[nodiscard]] std::optional<std::size_t> find_place(Side from, ByteView bytes);
  void on_tpdu(const Tpdu& tpdu, Side from, Instant at, Findings& out);
  void on_first_send_data(const SendData& pdu, Side from, Instant at, Findings& out);
  static void on_connection_request(ByteView variable_part, Side from, Instant at, Findings& out);
  void on_connection_confirm(const Tpdu& tpdu, Side from, Instant at, Findings& out) const;
  // NOLINTNEXTLINE(readability-convert-member-functions-to-static): one of its kinds is not
  void on_mcs(ByteView data, Side from, Instant at, Findings& out);
  static void on_mcs_pdu(const UnknownMcsPdu& pdu, Side from, Instant at, Findings& out);
  void on_mcs_pdu(const ConnectInitial& pdu, Side from, Instant at, Findings& out);
  void on_mcs_pdu(const ConnectResponse& pdu, Side from, Instant at, Findings& out);
  static void on_mcs_pdu(const ErectDomainRequest& pdu, Side from, Instant at, Findings& out);
  static void on_mcs_pdu(const AttachUserRequest& pdu, Side from, Instant at, Findings& out);
  static void on_mcs_pdu(const AttachUserConfirm& pdu, Side from, Instant at, Findings& out);
  void on_mcs_pdu(const ChannelJoinRequest& pdu, Side from, Instant at, Findings& out);
  static void on_mcs_pdu(const ChannelJoinConfirm& pdu, Side from, Instant at, Findings& out);
  void on_mcs_pdu(const SendData& pdu, Side from, Instant at, Findings& out);
  static void on_mcs_pdu(const DisconnectProviderUltimatum& pdu, Side from, Instant at,
                         Findings& out);

  Surroundings surroundings_;
  SessionPdus session_pdus_;
  bool joining_{false};                   ///< a channel was joined
  bool begun_{false};                     ///< its roles are known
  std::array<bool, 2> lost_place_{};      ///< by index_of(Side)
  std::array<std::size_t, 2> waiting_{};  ///< bytes that were there and not consumed, likewise
};

}  // namespace remora::rdp
