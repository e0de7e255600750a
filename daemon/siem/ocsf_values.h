#pragma once

#include "daemon/siem/json.h"

/// Conversions of rows to OCSF's objects and numbers; numbers are of its version 1.6.
namespace remora::siem {

[[nodiscard]] Json protocol_number(const Json& value);  ///< IANA's, of "tcp"
[[nodiscard]] Json md5_fingerprint(const Json& value);
[[nodiscard]] Json sha1_fingerprint(const Json& value);
[[nodiscard]] Json sha256_fingerprint(const Json& value);
[[nodiscard]] Json ja4_fingerprints(const Json& value);
[[nodiscard]] Json alternative_names(const Json& value);
[[nodiscard]] Json authentication_protocol(const Json& value);  ///< 99, Other, where OCSF has none
[[nodiscard]] Json base_name(const Json& value);                ///< of a path of either kind
[[nodiscard]] Json evidences(const Json& value);

}  // namespace remora::siem
