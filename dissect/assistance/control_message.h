#pragma once

#include "capture/base/cursor.h"
#include "dissect/observation/assistance.h"

namespace remora::assistance {

/// REMOTEDESKTOP_CTL_BUFHEADER and what follows it, [MS-RA] 2.2.1.3 to 2.2.1.15: the data of a
/// message on the session initialization channel. Texts come as BSTR or bare; passwords, proofs and
/// tokens are stepped over.
[[nodiscard]] observation::AssistanceMessage read_control_message(Cursor& in);

/// The rule that reads a message of this kind: "assistance.result".
[[nodiscard]] const char* rule_of(observation::AssistanceMessage::Kind kind);

}  // namespace remora::assistance
