#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

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
  kTreeDisconnect = 4,
  kCreate = 5,
  kClose = 6,
  kRead = 8,
  kWrite = 9,
  kIoctl = 11,
  kSetInfo = 17,
};

/// SMB2 Packet Header, 2.2.1.
struct Smb2Header {
  std::uint32_t status{0};
  Smb2Command command{};
  bool is_response{false};
  bool is_related{false};  ///< speaks of the file of the request before it in the compound
  bool is_dfs{false};
  std::uint32_t next_command{0};  ///< from this header to the next of a compound; 0 in the last
  std::uint64_t message_id{0};
  std::optional<std::uint32_t> tree_id{};  ///< absent in the asynchronous form, 2.2.1.1
  std::uint64_t session_id{0};
};
inline constexpr std::size_t kSmb2HeaderBytes = 64;

[[nodiscard]] Smb2Header read_smb2_header(Cursor& in);

/// SecurityBuffer of a SESSION_SETUP request or response, 2.2.5 and 2.2.6. `message` from its
/// header; empty when it is not there.
[[nodiscard]] ByteView smb2_security_blob(ByteView message, bool is_response);

/// Path of a TREE_CONNECT request, 2.2.9: "\\srv\share"; empty when it is not there.
[[nodiscard]] std::string smb2_tree_path(ByteView message);

}  // namespace remora::smb
