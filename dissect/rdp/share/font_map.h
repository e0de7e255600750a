#pragma once

#include <cstdint>

#include "capture/base/cursor.h"

namespace remora::rdp {

/// TS_FONT_MAP_PDU, [MS-RDPBCGR] 2.2.1.22.1. The server sends it last before the desktop is up.
struct FontMap {
  std::uint16_t number_entries;
  std::uint16_t total_num_entries;
  std::uint16_t map_flags;
  std::uint16_t entry_size;
};

/// Reads `ShareDataPdu::payload`.
[[nodiscard]] FontMap read_font_map(Cursor& in);

}  // namespace remora::rdp
