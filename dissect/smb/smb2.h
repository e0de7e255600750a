#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"

/// Messages of SMB 2 and 3 in clear, [MS-SMB2] 2.2. Little-endian; offsets count from the header.
namespace remora::smb {

/// Command of the header, [MS-SMB2] 2.2.1.2, as far as read.
enum class Smb2Command : std::uint16_t {
  kNegotiate = 0,
  kSessionSetup = 1,
  kLogoff = 2,
  kTreeConnect = 3,
};

/// SMB2 Packet Header, 2.2.1.2.
struct Smb2Header {
  std::uint32_t status{0};
  Smb2Command command{};
  bool is_response{false};
  std::uint32_t next_command{0};  ///< from this header to the next of a compound; 0 in the last
};
inline constexpr std::size_t kSmb2HeaderBytes = 64;

[[nodiscard]] Smb2Header read_smb2_header(Cursor& in);

/// The messages of a compound, 3.2.4.1.4, each from its header on. LIMIT: eight.
[[nodiscard]] std::vector<ByteView> split_smb2_compound(ByteView message);

/// SecurityBuffer of a SESSION_SETUP request or response, 2.2.5 and 2.2.6. `message` from its
/// header; empty when it is not there.
[[nodiscard]] ByteView smb2_security_blob(ByteView message, bool is_response);

/// Path of a TREE_CONNECT request, 2.2.9: "\\srv\share"; empty when it is not there.
[[nodiscard]] std::string smb2_tree_path(ByteView message);

}  // namespace remora::smb
