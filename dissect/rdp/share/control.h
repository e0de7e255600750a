#pragma once

#include <cstdint>

#include "capture/base/cursor.h"

namespace remora::rdp {

/// TS_CONTROL_PDU.action, [MS-RDPBCGR] 2.2.1.15.1. Any value may occur.
enum class ControlAction : std::uint16_t {
  kRequestControl = 1,
  kGrantedControl = 2,
  kDetach = 3,
  kCooperate = 4,
};

/// TS_CONTROL_PDU, 2.2.1.15.1.
struct Control {
  ControlAction action;
  std::uint16_t grant_id;
  std::uint32_t control_id;
};

/// Reads `ShareDataPdu::payload`.
[[nodiscard]] Control read_control(Cursor& in);

}  // namespace remora::rdp
