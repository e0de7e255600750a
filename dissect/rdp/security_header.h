#pragma once

#include <cstdint>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/rdp/flags.h"

namespace remora::rdp {

/// TS_SECURITY_HEADER.flags, [MS-RDPBCGR] 2.2.8.1.1.2.1.
enum class SecurityFlag : std::uint16_t {
  kExchangePkt = 0x0001,
  kTransportReq = 0x0002,
  kTransportRsp = 0x0004,
  kEncrypt = 0x0008,
  kResetSeqno = 0x0010,
  kIgnoreSeqno = 0x0020,
  kInfoPkt = 0x0040,
  kLicensePkt = 0x0080,
  kLicenseEncrypt = 0x0200,
  kRedirectionPkt = 0x0400,
  kSecureChecksum = 0x0800,
  kAutodetectReq = 0x1000,
  kAutodetectRsp = 0x2000,
  kHeartbeat = 0x4000,
  kFlagsHiValid = 0x8000,
};
using SecurityFlags = Flags<SecurityFlag>;

/// Which of the three header forms an encrypted PDU has; the encryption method decides.
enum class EncryptedForm : std::uint8_t {
  kNonFips,  ///< 40, 56 and 128 bit: TS_SECURITY_HEADER1, 2.2.8.1.1.2.2
  kFips,     ///< TS_SECURITY_HEADER2, 2.2.8.1.1.2.3
};

/// Security header of a slow-path PDU. SPEC: what follows the flags is there iff SEC_ENCRYPT is
/// set, whatever the encryption level; licensing PDUs in the clear on encrypted connections show
/// it.
struct SecurityHeader {
  SecurityFlags flags;
  std::uint16_t flags_hi;
  std::uint8_t fips_padding;  ///< padlen; FIPS only, else 0
  ByteView data_signature;    ///< 8 bytes, or none when not encrypted; borrowed

  [[nodiscard]] bool encrypted() const { return flags.has(SecurityFlag::kEncrypt); }
};

[[nodiscard]] SecurityHeader read_security_header(Cursor& in, EncryptedForm form);

}  // namespace remora::rdp
