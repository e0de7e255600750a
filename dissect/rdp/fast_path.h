#pragma once

#include <cstddef>
#include <cstdint>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/rdp/security_header.h"
#include "dissect/rdp/share/input.h"

namespace remora::rdp {

/// What follows the length of an encrypted fast-path PDU, [MS-RDPBCGR] 2.2.8.1.2 and 2.2.9.1.2.
struct FastPathSecurity {
  std::uint8_t fips_padding;  ///< padlen; FIPS only, else 0
  ByteView data_signature;    ///< 8 bytes; borrowed
};
[[nodiscard]] FastPathSecurity read_fast_path_security(Cursor& in, EncryptedForm form);

/// fpInputEvents, 2.2.8.1.2.2, and numEvents before them where the header's `number_events` is 0.
/// Fails on a code that no event has.
[[nodiscard]] InputCount read_fast_path_input(Cursor& in, std::uint8_t number_events);

/// Whether `first`, all or the first bytes of `size`, can be input events that fill them. Stricter
/// than the reader: flags that no event has count against it.
[[nodiscard]] bool may_be_fast_path_input(ByteView first, std::size_t size,
                                          std::uint8_t number_events);
/// The same for fpOutputUpdates, 2.2.9.1.2.1.
[[nodiscard]] bool may_be_fast_path_output(ByteView first, std::size_t size);

}  // namespace remora::rdp
