#pragma once

#include <optional>

#include "capture/base/bytes.h"
#include "dissect/keys/rsa_key.h"
#include "dissect/keys/secret.h"

namespace remora::rdp {

/// The 32 bytes that a client sent under the server's key, [MS-RDPBCGR] 5.3.4. `encrypted` is the
/// field of the Security Exchange PDU: a little-endian number with eight bytes of zeros behind it.
/// Empty where the number does not fit the key, or what comes out is larger than a random: the key
/// is not the one that it was encrypted under.
[[nodiscard]] std::optional<keys::Secret> open_client_random(const keys::RsaKey& key,
                                                             ByteView encrypted);

}  // namespace remora::rdp
