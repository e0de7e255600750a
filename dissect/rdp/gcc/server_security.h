#pragma once

#include <cstdint>
#include <optional>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "capture/base/result.h"
#include "dissect/rdp/gcc/server_certificate.h"

namespace remora::rdp {

/// encryptionMethod of TS_UD_SC_SEC1, and the bits of TS_UD_CS_SEC.
enum class EncryptionMethod : std::uint32_t {
  kNone = 0,
  k40Bit = 1,
  k128Bit = 2,
  k56Bit = 8,
  kFips = 16,
};

/// encryptionLevel, [MS-RDPBCGR] 5.3.1.
enum class EncryptionLevel : std::uint32_t {
  kNone = 0,
  kLow = 1,
  kClientCompatible = 2,
  kHigh = 3,
  kFips = 4,
};

/// TS_UD_SC_SEC1, [MS-RDPBCGR] 2.2.1.4.3. Random and certificate are there iff method or level is
/// not zero. Views borrow from the input.
struct ServerSecurity {
  EncryptionMethod encryption_method;
  EncryptionLevel encryption_level;
  ByteView server_random;                        ///< 32 bytes; empty when there is none
  std::optional<ServerCertificate> certificate;  ///< absent also when it cannot be read
  std::optional<ReadError> damage;               ///< of the certificate
};

[[nodiscard]] ServerSecurity read_server_security(Cursor& in);

}  // namespace remora::rdp
