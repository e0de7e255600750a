#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capture/base/bytes.h"
#include "dissect/keys/key_ring.h"

namespace remora::ticket {

/// The bytes of LHTICKET: hexadecimal digits, two a byte, either case. Empty when they are not.
[[nodiscard]] std::optional<std::vector<std::byte>> read_hex(std::string_view digits);

inline constexpr std::size_t kSealedBlockBytes = 16;

enum class Opening : std::uint8_t {
  kSealed,  ///< no password fits
  kOpened,
  kBroken,  ///< a password fits the first block, but the rest is damaged
};

struct OpenedString {
  Opening how{Opening::kSealed};
  std::string connection_string;  ///< UTF-8, when kOpened; a secret
};

/// Tries every ticket password on an encrypted connection string 2, a whole number of blocks:
/// AES-128-CBC under a key that CryptDeriveKey makes of the SHA-1 of the password ([MS-RA] note 20,
/// protocols-ra.md 1.4). Cost: three digests and a block for each password.
[[nodiscard]] OpenedString open_sealed_string(ByteView sealed, const keys::KeyRing& keys);

}  // namespace remora::ticket
