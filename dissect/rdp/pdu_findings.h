#pragma once

#include "capture/base/bytes.h"
#include "capture/base/flow_key.h"
#include "capture/base/frame.h"
#include "dissect/conversation/findings.h"
#include "dissect/rdp/share/share_control.h"
#include "dissect/rdp/share/share_data.h"

// What single PDUs tell, each for itself. `data` is what stands behind the security header.

namespace remora::rdp {

// Of the I/O channel before the session is up, and redirections.
void tell_licensing(ByteView data, Side from, Instant at, Findings& out);
void tell_client_info(ByteView data, Side from, Instant at, Findings& out);
void tell_redirection(ByteView data, Side from, Instant at, Findings& out);

// Of the message channel.
void tell_network_detection(ByteView data, Side from, Instant at, Findings& out);
void tell_heartbeat(ByteView data, Side from, Instant at, Findings& out);
void tell_multitransport_request(ByteView data, Side from, Instant at, Findings& out);

/// Share control PDUs other than Data.
void tell_share_control(const ShareControlPdu& pdu, Side from, Instant at, Findings& out);
/// Share data PDUs other than input and output; not compressed, or no longer.
void tell_share_data(const ShareDataPdu& pdu, Side from, Instant at, Findings& out);

}  // namespace remora::rdp
