#pragma once

#include <cstddef>
#include <optional>

#include "capture/base/bytes.h"
#include "dissect/conversation/family.h"

namespace remora::credssp {

/// What follows the authentication: MCS Connect-Initial of RDP; without a negotiation before TLS
/// ([MS-RDPBCGR] 5.4.2.2) its X.224 Connection Request.
inline constexpr Protocol kRdp{"rdp"};
inline constexpr Protocol kRdpFromItsStart{"rdp.inside_tls"};

/// Whether RDP begins here: a TPKT header (T.123 8), 03 00. kMore for 03 alone.
[[nodiscard]] Verdict begins_rdp(ByteView bytes);

/// Which of the two that TPKT begins; empty while it does not tell.
[[nodiscard]] std::optional<Protocol> what_begins(ByteView tpkt);

/// 03 00 length 02 f0 80: rare enough by chance to find one's place again.
inline constexpr std::size_t kDataTpduMarkBytes = 7;

/// Behind a hole: how many bytes to pass over until RDP's X.224 Data TPDU in its TPKT, or what
/// `begins` takes for the start of a message, may begin. All of them when neither may.
[[nodiscard]] std::size_t bytes_before_start(ByteView bytes, Verdict (*begins)(ByteView));

}  // namespace remora::credssp
