#pragma once

#include "capture/base/bytes.h"
#include "dissect/conversation/family.h"

namespace remora::ticket {

/// `judge_start` as a family's recogniser asks it: kYes for what begins as a ticket of any kind,
/// whole or broken; kMore while it cannot be told; ordinary XML is kNo as soon as its root has
/// another name. Cost: one comparison where the first byte rules it out.
[[nodiscard]] Verdict judge_first_bytes(ByteView first_bytes);

}  // namespace remora::ticket
