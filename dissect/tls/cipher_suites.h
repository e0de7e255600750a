#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace remora::tls {

/// IANA name of a cipher suite; empty for an unregistered number. Logarithmic.
[[nodiscard]] std::string_view find_cipher_name(std::uint16_t suite);

/// IANA name, or "0x1234".
[[nodiscard]] std::string cipher_name(std::uint16_t suite);

/// How much plaintext a protected record holds (protocols-rdp.md 9.1).
struct PlaintextLength {
  std::uint32_t bytes{0};  ///< exact, or the largest possible
  bool exact{false};       ///< false where padding hides up to a block
};

/// `length` is that of the record without its header. TLS 1.3 padding is not seen: the peers of RDP
/// send none.
[[nodiscard]] PlaintextLength plaintext_length(std::uint16_t version, std::uint16_t suite,
                                               std::uint32_t length);

}  // namespace remora::tls
