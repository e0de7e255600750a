#pragma once

#include <cstdint>
#include <vector>

#include "capture/base/cursor.h"
#include "dissect/tls/random.h"

namespace remora::tls {

/// ServerHello, RFC 8446 4.1.3 and RFC 5246 7.4.1.3.
struct ServerHello {
  std::uint16_t legacy_version{0};
  std::uint16_t selected_version{0};  ///< supported_versions if sent, else the legacy one
  Random random{};
  std::uint16_t cipher_suite{0};
  std::vector<std::uint16_t> extensions;  ///< types in wire order
  bool is_retry_request{false};           ///< HelloRetryRequest: another ServerHello follows
};

/// Reads the body of a ServerHello message. The extensions may be missing altogether.
[[nodiscard]] ServerHello read_server_hello(Cursor& in);

}  // namespace remora::tls
