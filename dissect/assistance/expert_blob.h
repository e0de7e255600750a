#pragma once

#include <string>

#include "capture/base/bytes.h"

namespace remora::assistance {

/// NAME of an expertBlob, [MS-RA] 2.2.1.4, as UTF-8; empty where there is none. `utf16` ends at its
/// terminator, or at its end. PASS, the proof of the password, is never read.
[[nodiscard]] std::string expert_name(ByteView utf16);

}  // namespace remora::assistance
