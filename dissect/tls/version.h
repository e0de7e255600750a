#pragma once

#include <cstdint>

namespace remora::tls {

// ProtocolVersion, RFC 2246 to RFC 8446.
inline constexpr std::uint16_t kTls10 = 0x0301;
inline constexpr std::uint16_t kTls11 = 0x0302;
inline constexpr std::uint16_t kTls12 = 0x0303;
inline constexpr std::uint16_t kTls13 = 0x0304;
// RFC 4347, RFC 6347: they count down.
inline constexpr std::uint16_t kDtls10 = 0xfeff;
inline constexpr std::uint16_t kDtls12 = 0xfefd;

}  // namespace remora::tls
