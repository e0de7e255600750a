#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/flow_key.h"
#include "dissect/observation/named_code.h"

namespace remora::observation {

/// The RDP preconnection PDU, [MS-RDPEPS] 2.2.1; precedes the connection request.
struct Preconnection {
  std::uint32_t id{0};
  std::string blob;  ///< UTF-8; empty in version 1
  bool operator==(const Preconnection&) const = default;
};

/// The capture begins in the middle of an RDP connection: an MCS Send Data PDU is the first that is
/// seen of it. Whoever sent it, the request or the indication tells the roles.
struct MidStream {
  Side client{};
  bool connecting{false};  ///< channels were joined just before: the login is still to come
  bool operator==(const MidStream&) const = default;
};

/// The server let the client in.
struct Accepted {
  enum class By : std::uint8_t { kLicense, kActivation };
  By by{};
  bool operator==(const Accepted&) const = default;
};

/// The server sent a licensing error that ends the connection, [MS-RDPBCGR] 2.2.1.12.1.3.
struct LicenseRefused {
  NamedCode error;
  bool operator==(const LicenseRefused&) const = default;
};

/// User and machine that a licence request names, [MS-RDPELE] 2.2.2.2.
struct LicenseIdentity {
  std::string user{};
  std::string machine{};
  bool operator==(const LicenseIdentity&) const = default;
};

/// Save Session Info, 2.2.10.1: a user logged on to the server's Windows session, or failed to.
struct LogonReported {
  const char* form{""};  ///< infoType, a literal: "LOGON_LONG"
  std::string user{};    ///< empty when the notification carries no names
  std::string domain{};
  std::optional<std::uint32_t> windows_session_id{};
  std::optional<NamedCode> error{};   ///< Logon Errors Info: notification type
  std::optional<NamedCode> detail{};  ///< its data, where they are no Windows session
  bool operator==(const LogonReported&) const = default;
};

/// The Client Info PDU, 2.2.1.11. Password and alternate shell are never kept.
struct ClientInfo {
  std::string user{};
  std::string domain{};
  std::string address{};    ///< what the client believes its own address to be
  std::string directory{};  ///< of the client's program
  std::string time_zone{};  ///< standard name
  /// SHA-256 of the working directory: in Remote Assistance the RA session id, [MS-RA] 2.2.7.2.
  std::optional<std::array<std::byte, 32>> working_dir_digest{};
  bool operator==(const ClientInfo&) const = default;
};

/// Set Error Info, 2.2.5.1, other than NONE.
struct ErrorReported {
  NamedCode error;
  bool operator==(const ErrorReported&) const = default;
};

/// An MCS Disconnect Provider Ultimatum, an X.224 Disconnect Request, or the end of a gateway's
/// channel.
struct DisconnectAnnounced {
  NamedCode reason;
  bool operator==(const DisconnectAnnounced&) const = default;
};

/// Operating system that the client names in its General Capability Set, 2.2.7.1.1.
struct ClientPlatform {
  std::uint16_t os_major{0};
  std::uint16_t os_minor{0};
  std::string name{};                            ///< "Windows", "Unix", ...; empty when unknown
  std::string source_descriptor{};               ///< of the Confirm Active PDU, "MSTSC"
  std::vector<std::uint16_t> capability_sets{};  ///< their types, in order
  bool operator==(const ClientPlatform&) const = default;
};

/// Server Redirection, 2.2.13. Of the password only that there is one.
struct Redirected {
  std::uint32_t session_id{0};
  std::uint32_t flags{0};
  std::string target_address{};
  std::vector<std::string> target_addresses{};
  std::string target_fqdn{};
  std::string target_netbios_name{};
  std::string user{};
  std::string domain{};
  std::string load_balance_info{};  ///< text, or hex when it is not printable
  std::optional<std::array<std::byte, 32>> load_balance_info_digest{};  ///< SHA-256
  std::string tsv_url{};
  std::string redirection_guid{};                                        ///< base64, as sent
  std::optional<std::array<std::byte, 32>> target_certificate_digest{};  ///< SHA-256
  bool has_password{false};
  bool operator==(const Redirected&) const = default;
};

/// An encrypted Standard RDP Security PDU: all that is visible of it without keys.
struct SealedPdu {
  Side from{};
  std::uint32_t bytes{0};   ///< of the whole PDU
  bool licensing{false};    ///< SEC_LICENSE_PKT
  bool client_info{false};  ///< SEC_INFO_PKT
  bool operator==(const SealedPdu&) const = default;
};

}  // namespace remora::observation
