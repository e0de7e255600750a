#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/conversation/family.h"

namespace remora::smb {

/// Packet types of the NetBIOS session service, RFC 1002 4.3.1. Port 445 knows the first only
/// ([MS-SMB2] 2.1).
enum class PacketType : std::uint8_t {
  kSessionMessage = 0x00,
  kSessionRequest = 0x81,
  kPositiveResponse = 0x82,
  kNegativeResponse = 0x83,
  kRetargetResponse = 0x84,
  kKeepAlive = 0x85,
};

inline constexpr std::size_t kFrameHeaderBytes = 4;

/// The four bytes before every SMB message.
struct FrameHeader {
  PacketType type{};
  std::uint32_t size{0};  ///< of what follows; 24 bits on port 445, of which 139 uses 17
};
[[nodiscard]] FrameHeader read_frame_header(Cursor& in);

/// SESSION REQUEST, RFC 1002 4.3.2, behind its header. Names without padding and suffix; empty when
/// they are no NetBIOS names.
struct SessionRequest {
  std::string called;   ///< the server; "*SMBSERVER" where the client knows no name
  std::string calling;  ///< the client
};
[[nodiscard]] SessionRequest read_session_request(Cursor& in);

/// What a message of SMB is, by its first four bytes.
enum class Dialect : std::uint8_t { kNone, kSmb1, kSmb2, kEncrypted, kCompressed };
[[nodiscard]] Dialect dialect_of(ByteView message);

/// By content: a session request, or a frame whose message says SMB.
[[nodiscard]] Verdict recognise(ByteView first_bytes);

}  // namespace remora::smb
