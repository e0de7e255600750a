#pragma once

#include <optional>

#include "capture/base/bytes.h"
#include "dissect/keys/secret.h"
#include "dissect/rdp/gcc/server_security.h"

namespace remora::rdp {

/// What both sides encrypt and sign with, [MS-RDPBCGR] 5.3.5. Sizes in bytes.
struct SessionKeys {
  EncryptionMethod method{EncryptionMethod::kNone};
  keys::Secret mac;               ///< 40 and 56 bit: 8; 128 bit: 16; FIPS, of the HMAC: 20
  keys::Secret client_to_server;  ///< as `mac`; FIPS, of Triple DES: 24
  keys::Secret server_to_client;
};

/// From the randoms of both sides, 32 bytes each, 5.3.5.1 and 5.3.5.2. Absent for another method,
/// for a random of another size, and where OpenSSL refuses the digests.
[[nodiscard]] std::optional<SessionKeys> derive_session_keys(EncryptionMethod method,
                                                             ByteView client_random,
                                                             ByteView server_random);

/// The key that follows after 4,096 PDUs, 5.3.7.1; not FIPS. `initial` and `current` have one size.
/// Empty where OpenSSL refuses.
[[nodiscard]] keys::Secret updated_key(EncryptionMethod method, ByteView initial, ByteView current);

}  // namespace remora::rdp
