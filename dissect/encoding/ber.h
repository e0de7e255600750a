#pragma once

#include <cstddef>
#include <cstdint>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"

namespace remora::encoding {

/// The identifier octets of a BER element as one big-endian number: 0x30 for SEQUENCE, 0x7f65 for
/// APPLICATION 101 constructed. Any value may occur.
enum class BerTag : std::uint32_t {
  kBoolean = 0x01,
  kInteger = 0x02,
  kBitString = 0x03,
  kOctetString = 0x04,
  kEnumerated = 0x0a,
  kSequence = 0x30,
};

/// One BER element, X.690 8.1. `content` is borrowed from the input.
struct BerElement {
  BerTag tag{};
  ByteView content;
};

/// Identifier octets, X.690 8.1.2; at most four of them.
[[nodiscard]] BerTag read_ber_tag(Cursor& in, const char* field);

/// Definite length, X.690 8.1.3: short form or 81 to 84. The indefinite form is an error.
[[nodiscard]] std::size_t read_ber_length(Cursor& in, const char* field);

/// Tag, length and content of whatever comes next.
[[nodiscard]] BerElement read_ber_element(Cursor& in, const char* field);

/// Fails unless the next element has this tag; steps over its tag and length and gives the length,
/// so that the caller can bound a child: `auto body = in.sub(read_ber_length_of(...), "body")`.
[[nodiscard]] std::size_t read_ber_length_of(Cursor& in, BerTag tag, const char* field);

/// The content of the next element, which must have this tag.
[[nodiscard]] ByteView read_ber_content(Cursor& in, BerTag tag, const char* field);

/// Value of the next element, which must have this tag (INTEGER, ENUMERATED, BOOLEAN), as an
/// unsigned number; more than 8 content bytes is an error.
[[nodiscard]] std::uint64_t read_ber_unsigned(Cursor& in, BerTag tag, const char* field);

}  // namespace remora::encoding
