#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"

/// Messages of SMB 1, [MS-CIFS] 2.2 and [MS-SMB] 2.2. Little-endian; offsets count from the header.
namespace remora::smb {

/// Command of the header, [MS-CIFS] 2.2.2.1, as far as read.
enum class Smb1Command : std::uint8_t {
  kNegotiate = 0x72,
  kSessionSetupAndX = 0x73,
  kTreeConnectAndX = 0x75,
};

/// SMB_Header, [MS-CIFS] 2.2.3.1.
struct Smb1Header {
  Smb1Command command{};
  bool is_response{false};
  bool unicode{false};
};
inline constexpr std::size_t kSmb1HeaderBytes = 32;

[[nodiscard]] Smb1Header read_smb1_header(Cursor& in);

/// One command of an AndX chain, [MS-CIFS] 2.2.3.4: its words, AndX fields first, and its bytes.
struct Smb1Block {
  Smb1Command command{};
  ByteView words;
  ByteView bytes;
  std::size_t bytes_offset{0};  ///< from the header: Unicode text stands at even ones
};

/// What a message tells. Empty where it does not.
struct Smb1Words {
  ByteView security_blob{};  ///< of a session setup; borrowed from the message
  std::string account;       ///< of a session setup without blob
  std::string domain;
  std::string tree_path;    ///< of a tree connect request
  std::string server_name;  ///< of a negotiate response without extended security
};

/// All that stands in the message, which begins with its header. LIMIT: four commands of a chain.
[[nodiscard]] Smb1Words read_smb1_message(Cursor& in);

}  // namespace remora::smb
