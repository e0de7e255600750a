#pragma once

#include <cstdint>

#include "capture/base/cursor.h"

namespace remora::rdp {

/// TS_SET_ERROR_INFO_PDU, [MS-RDPBCGR] 2.2.5.1.1. `error_info_name` in error_names.h names the
/// code.
struct SetErrorInfo {
  std::uint32_t error_info;  ///< 0: ERRINFO_NONE, says nothing
};

/// TS_STATUS_INFO_PDU, 2.2.5.2. `status_name` in error_names.h names the code.
struct StatusInfo {
  std::uint32_t status_code;
};

/// Both read `ShareDataPdu::payload`.
[[nodiscard]] SetErrorInfo read_set_error_info(Cursor& in);
[[nodiscard]] StatusInfo read_status_info(Cursor& in);

}  // namespace remora::rdp
