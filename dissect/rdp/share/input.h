#pragma once

#include <cstdint>

#include "capture/base/cursor.h"

namespace remora::rdp {

/// How often the user of the client did something; never what.
struct InputCount {
  std::uint32_t keys{0};     ///< presses, of scan codes and of characters
  std::uint32_t pointer{0};  ///< moves, buttons and wheels

  [[nodiscard]] bool any() const { return keys != 0 || pointer != 0; }
};

/// TS_INPUT_PDU_DATA, [MS-RDPBCGR] 2.2.8.1.1.3.1, after its share data header. Reads
/// `ShareDataPdu::payload`. Events of unknown types count nothing.
[[nodiscard]] InputCount read_input(Cursor& in);

}  // namespace remora::rdp
