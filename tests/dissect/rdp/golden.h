#pragma once

#include <cstddef>
#include <vector>

#include "capture/base/bytes.h"

// The mini-session of protocols-rdp.md section 10: PDUs that other programs computed and that
// tshark dissects. Whole TPKTs unless said otherwise.
namespace remora::testing::golden {

using Bytes = std::vector<std::byte>;

/// CR with cookie "alice" and RDP_NEG_REQ.
[[nodiscard]] Bytes connection_request();
/// CC with RDP_NEG_RSP.
[[nodiscard]] Bytes connection_confirm();
[[nodiscard]] Bytes erect_domain();
[[nodiscard]] Bytes attach_user_request();
[[nodiscard]] Bytes attach_user_confirm();
[[nodiscard]] Bytes join_request_1007();
[[nodiscard]] Bytes join_confirm_1007();
[[nodiscard]] Bytes security_exchange();
/// Encrypted: the client's first.
[[nodiscard]] Bytes client_info();
[[nodiscard]] Bytes licence();
/// Encrypted; its payload is not readable without keys.
[[nodiscard]] Bytes set_error_info();
[[nodiscard]] Bytes disconnect();
[[nodiscard]] Bytes connect_initial();
[[nodiscard]] Bytes connect_response();
/// Client Info after its security header, decrypted.
[[nodiscard]] Bytes client_info_plaintext();
[[nodiscard]] Bytes encrypted_client_random();

/// What an X.224 Data TPDU of the session carries: the MCS PDU. Borrowed.
[[nodiscard]] ByteView mcs_pdu(ByteView pdu);

/// What a SendData of the session carries: security header and all behind it. Borrowed.
[[nodiscard]] ByteView send_data(ByteView pdu);

/// The GCC user data of connect_initial() and connect_response(). Borrowed.
[[nodiscard]] ByteView conference_request(ByteView pdu);
[[nodiscard]] ByteView conference_response(ByteView pdu);

}  // namespace remora::testing::golden
