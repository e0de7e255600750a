#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "capture/base/cursor.h"
#include "capture/base/result.h"
#include "dissect/rdp/flags.h"

namespace remora::rdp {

/// TS_INFO_PACKET.flags, [MS-RDPBCGR] 2.2.1.11.1.1.
enum class InfoFlag : std::uint32_t {
  kMouse = 0x00000001,
  kDisableCtrlAltDel = 0x00000002,
  kAutologon = 0x00000008,
  kUnicode = 0x00000010,
  kMaximizeShell = 0x00000020,
  kLogonNotify = 0x00000040,
  kCompression = 0x00000080,
  kEnableWindowsKey = 0x00000100,
  kRemoteConsoleAudio = 0x00002000,
  kForceEncryptedCsPdu = 0x00004000,
  kRail = 0x00008000,
  kLogonErrors = 0x00010000,
  kMouseHasWheel = 0x00020000,
  kPasswordIsScPin = 0x00040000,
  kNoAudioPlayback = 0x00080000,
  kUsingSavedCreds = 0x00100000,
  kAudioCapture = 0x00200000,
  kVideoDisable = 0x00400000,
  kHidefRail = 0x02000000,
};
using InfoFlags = Flags<InfoFlag>;

/// TS_EXTENDED_INFO_PACKET, 2.2.1.11.1.1.1. Everything after the directory may be left out.
struct ExtendedClientInfo {
  std::uint16_t client_address_family{0};  ///< 2: IPv4, 23: IPv6
  std::string client_address;              ///< UTF-8; the client's own view of its address
  std::string client_dir;                  ///< UTF-8; folder of the client's program
  std::optional<std::int32_t> bias;        ///< minutes; UTC = local time + bias
  std::string standard_name;               ///< of the time zone; UTF-8
  std::string daylight_name;
  std::optional<std::uint32_t> client_session_id;
  std::optional<std::uint32_t> performance_flags;
  std::optional<std::uint32_t> auto_reconnect_logon_id;  ///< the verifier is not kept
  std::string dynamic_dst_time_zone_key_name;
  std::optional<std::uint16_t> dynamic_daylight_time_disabled;
};

/// TS_INFO_PACKET, 2.2.1.11.1.1. Password and alternate shell are stepped over; nothing of them is
/// kept but the password's length, and of the working directory only a digest.
struct ClientInfoPacket {
  std::uint32_t code_page;
  InfoFlags flags;
  std::uint16_t password_bytes;  ///< without its terminator
  std::string domain;            ///< UTF-8
  std::string user_name;         ///< UTF-8
  /// SHA-256 of WorkingDir as UTF-8; absent where it is empty or "*".
  std::optional<std::array<std::byte, 32>> working_dir_digest;
  std::optional<ExtendedClientInfo> extra_info;  ///< absent before RDP 5.0
  std::optional<ReadError> damage;  ///< of the extended part; what came before it is kept
};

/// Reads what follows the security header of a Client Info PDU, decrypted.
[[nodiscard]] ClientInfoPacket read_client_info(Cursor& in);

}  // namespace remora::rdp
