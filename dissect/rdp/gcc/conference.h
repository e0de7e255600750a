#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "capture/base/result.h"

namespace remora::rdp {

/// One block of GCC user data, TS_UD_HEADER, [MS-RDPBCGR] 2.2.1.3.1.
struct UserDataBlock {
  std::uint16_t type;
  std::size_t offset;  ///< of the body, from the start of what was decoded
  ByteView body;       ///< after the header; borrowed
};

/// A Conference Create Request or Response, T.124 8.7: its RDP user data in blocks.
///
/// LIMIT: 64 blocks; the rest is not looked at and reported as damage.
struct Conference {
  std::vector<UserDataBlock> blocks;
  std::optional<ReadError> damage;  ///< a length lied; the blocks before it are kept
};

/// Reads the user data of an MCS Connect-Initial: finds the key "Duca", then walks the blocks.
[[nodiscard]] Conference read_conference_request(Cursor& in);

/// Reads the user data of an MCS Connect-Response: the same behind "McDn".
[[nodiscard]] Conference read_conference_response(Cursor& in);

}  // namespace remora::rdp
