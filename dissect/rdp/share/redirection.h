#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/base/cursor.h"
#include "dissect/observation/session_life.h"
#include "dissect/rdp/flags.h"

namespace remora::rdp {

/// RedirFlags, [MS-RDPBCGR] 2.2.13.1.
enum class RedirectionFlag : std::uint32_t {
  kTargetNetAddress = 0x00000001,
  kLoadBalanceInfo = 0x00000002,
  kUserName = 0x00000004,
  kDomain = 0x00000008,
  kPassword = 0x00000010,
  kDontStoreUserName = 0x00000020,
  kSmartcardLogon = 0x00000040,
  kNoRedirect = 0x00000080,
  kTargetFqdn = 0x00000100,
  kTargetNetBiosName = 0x00000200,
  kTargetNetAddresses = 0x00000800,
  kClientTsvUrl = 0x00001000,
  kServerTsvCapable = 0x00002000,
  kPasswordIsPkEncrypted = 0x00004000,
  kRedirectionGuid = 0x00008000,
  kTargetCertificate = 0x00010000,
};
using RedirectionFlags = Flags<RedirectionFlag>;

/// RDP_SERVER_REDIRECTION_PACKET, 2.2.13.1. Texts are UTF-8, empty when not sent. The password is
/// stepped over, and of the target's certificate a digest is kept.
///
/// LIMIT: 32 target addresses; more are not read.
struct ServerRedirection {
  std::uint16_t length;
  std::uint32_t session_id;
  RedirectionFlags redir_flags;
  std::string target_net_address;
  std::string load_balance_info;  ///< text without its CRLF, or hex when it is not printable
  std::optional<std::array<std::byte, 32>> load_balance_info_digest;  ///< SHA-256, without its CRLF
  std::string user_name;
  std::string domain;
  std::string target_fqdn;
  std::string target_net_bios_name;
  std::string tsv_url;
  std::string redirection_guid;  ///< base64, as sent
  /// SHA-256 of the X.509 certificate in the container of 2.2.13.1.2.
  std::optional<std::array<std::byte, 32>> target_certificate_digest;
  std::vector<std::string> target_net_addresses;
};

/// Reads what follows the (decrypted) security header of a Standard Security Server Redirection
/// PDU, 2.2.13.2.1: the packet itself.
[[nodiscard]] ServerRedirection read_server_redirection(Cursor& in);

/// Reads `ShareControlPdu::body` of an Enhanced Security Server Redirection PDU, 2.2.13.3.1: two
/// bytes of padding, then the packet.
[[nodiscard]] ServerRedirection read_enhanced_redirection(Cursor& in);

[[nodiscard]] observation::Redirected to_redirected(const ServerRedirection& packet);

}  // namespace remora::rdp
