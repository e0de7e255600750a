#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/observation/session_course.h"

namespace remora::rdp {

/// LICENSE_PREAMBLE.bMsgType, [MS-RDPBCGR] 2.2.1.12.1.1. Any value may occur.
enum class LicenseMessageType : std::uint8_t {
  kLicenseRequest = 0x01,
  kPlatformChallenge = 0x02,
  kNewLicense = 0x03,
  kUpgradeLicense = 0x04,
  kLicenseInfo = 0x12,
  kNewLicenseRequest = 0x13,
  kPlatformChallengeResponse = 0x15,
  kErrorAlert = 0xff,
};

/// LICENSE_PREAMBLE.
struct LicensePreamble {
  LicenseMessageType message_type;
  std::uint8_t flags;          ///< low nibble: version; 80h: extended errors
  std::uint16_t message_size;  ///< with these four bytes
};

/// LICENSE_ERROR_MESSAGE, 2.2.1.12.1.3. `license_error_name` in names.h names the code.
struct LicenseErrorMessage {
  std::uint32_t error_code;
  std::uint32_t state_transition;

  /// STATUS_VALID_CLIENT: the server needs no licence, the connection goes on.
  [[nodiscard]] bool is_valid_client() const { return error_code == 7; }
  /// ST_TOTAL_ABORT: the server ends the connection.
  [[nodiscard]] bool is_total_abort() const { return state_transition == 1; }
};

/// SERVER_LICENSE_REQUEST, [MS-RDPELE] 2.2.2.1; the parts that say who asks for what.
///
/// LIMIT: 8 scopes; more are not read.
struct ServerLicenseRequest {
  std::uint32_t product_version;    ///< major version in the high half, minor in the low one
  std::string company_name;         ///< UTF-8
  std::string product_id;           ///< UTF-8
  ByteView server_certificate;      ///< [MS-RDPELE] 2.2.1.4; may be empty; borrowed
  std::vector<std::string> scopes;  ///< UTF-8
};

/// CLIENT_NEW_LICENSE_REQUEST, [MS-RDPELE] 2.2.2.2.
struct NewLicenseRequest {
  std::uint32_t platform_id;
  std::string client_user_name;     ///< UTF-8
  std::string client_machine_name;  ///< UTF-8
};

/// CLIENT_LICENSE_INFO, [MS-RDPELE] 2.2.2.3; what a client sends that has a licence.
struct ClientLicenseInfo {
  std::uint32_t platform_id;
};

/// A licensing message of a kind that is not looked into.
struct OtherLicenseMessage {};

/// A whole licensing PDU after its security header.
struct LicensingPdu {
  LicensePreamble preamble;
  std::variant<OtherLicenseMessage, LicenseErrorMessage, ServerLicenseRequest, NewLicenseRequest,
               ClientLicenseInfo>
      message;
};

[[nodiscard]] LicensingPdu read_licensing_pdu(Cursor& in);

/// MS License Server Info of version 1 or 2, [MS-RDPELE] 2.2.2.9.2: content of the certificate
/// extension kLicenseServerInfo.
struct LicenseServerInfo {
  std::string issuer_name;  ///< UTF-8: the licence server
  std::string scope;        ///< UTF-8: its domain or work group
};
inline constexpr const char* kLicenseServerInfo = "1.3.6.1.4.1.311.18.6";

[[nodiscard]] LicenseServerInfo read_license_server_info(Cursor& in);

/// All that a licensing PDU tells.
[[nodiscard]] observation::LicensingStep to_licensing_step(const LicensingPdu& pdu);

}  // namespace remora::rdp
