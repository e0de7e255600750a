#pragma once

#include <cstdint>

namespace remora::tls {

/// HandshakeType, RFC 8446 4 and RFC 5246 7.4; those that are read. Any value may occur.
enum class HandshakeType : std::uint8_t {
  kClientHello = 1,
  kServerHello = 2,
  kCertificate = 11,
  kServerHelloDone = 14,
  kClientKeyExchange = 16,
  kFinished = 20,
  kKeyUpdate = 24,
};

}  // namespace remora::tls
