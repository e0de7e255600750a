#pragma once

#include <cstdint>
#include <variant>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"

namespace remora::rdp {

/// MCS Connect-Initial, T.125 11.1 and [MS-RDPBCGR] 2.2.1.3. BER.
struct ConnectInitial {
  ByteView user_data;  ///< GCC Conference Create Request; borrowed
};

/// MCS Connect-Response, T.125 11.2 and 2.2.1.4. BER.
struct ConnectResponse {
  std::uint8_t result;  ///< T.125 Result; 0: rt-successful
  ByteView user_data;   ///< GCC Conference Create Response; borrowed
};

/// DomainMCSPDU choices, T.125 7. Any value from 0 to 63 may occur.
enum class McsChoice : std::uint8_t {
  kErectDomainRequest = 1,
  kDisconnectProviderUltimatum = 8,
  kAttachUserRequest = 10,
  kAttachUserConfirm = 11,
  kChannelJoinRequest = 14,
  kChannelJoinConfirm = 15,
  kSendDataRequest = 25,
  kSendDataIndication = 26,
};

/// 2.2.1.5.
struct ErectDomainRequest {};

/// 2.2.1.6.
struct AttachUserRequest {};

/// 2.2.1.7. The result is T.125's four bits, not the byte that holds three of them.
struct AttachUserConfirm {
  std::uint8_t result;
  std::uint16_t initiator;  ///< the user's channel id, 1001 added; 0: not sent
};

/// 2.2.1.8.
struct ChannelJoinRequest {
  std::uint16_t initiator;
  std::uint16_t channel_id;
};

/// 2.2.1.9.
struct ChannelJoinConfirm {
  std::uint8_t result;
  std::uint16_t initiator;
  std::uint16_t requested;
  std::uint16_t channel_id;  ///< joined; 0: not sent
};

/// SendDataRequest (client to server) and SendDataIndication (server to client),
/// T.125 11.32, 11.33.
struct SendData {
  McsChoice choice;
  std::uint16_t initiator;
  std::uint16_t channel_id;
  std::uint8_t priority_and_segmentation;  ///< raw; 70h: high, begin and end
  ByteView user_data;                      ///< borrowed
};

/// 2.2.2.3. `disconnect_reason_name` in names.h names the reason.
struct DisconnectProviderUltimatum {
  std::uint8_t reason;  ///< three bits: 0 to 7
};

/// A domain PDU that RDP has no use for.
struct UnknownMcsPdu {
  McsChoice choice;
  ByteView rest;  ///< what follows the first byte; borrowed
};

using McsPdu = std::variant<UnknownMcsPdu, ConnectInitial, ConnectResponse, ErectDomainRequest,
                            AttachUserRequest, AttachUserConfirm, ChannelJoinRequest,
                            ChannelJoinConfirm, SendData, DisconnectProviderUltimatum>;

/// Reads the payload of an X.224 Data TPDU: a connect PDU (BER, first byte 7f) or a domain PDU
/// (PER). Views borrow from the input.
[[nodiscard]] McsPdu read_mcs_pdu(Cursor& in);

/// The body of a connect PDU alone, after the outer tag and length.
[[nodiscard]] ConnectInitial read_connect_initial(Cursor& in);
[[nodiscard]] ConnectResponse read_connect_response(Cursor& in);

}  // namespace remora::rdp
