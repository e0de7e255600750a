#pragma once

#include <cstddef>
#include <cstdint>

#include "capture/base/bytes.h"

namespace remora::rdp {

/// What stands at the start of the data of a Send Data PDU on the I/O channel.
enum class DataForm : std::uint8_t {
  kUnknown,
  kBare,     ///< a share control PDU that fills it: there is no encryption
  kSecured,  ///< a security header, and something encrypted or a share control PDU behind it
  kLone,  ///< the security header of client information or licensing: there with encryption or not
};

/// Judged by the first bytes of `size`, [MS-RDPBCGR] 2.2.8.1.1.1.1 and 2.2.8.1.1.2.1; eight are
/// enough.
[[nodiscard]] DataForm data_form_of(ByteView bytes, std::size_t size);

/// Whether those of any channel begin with a security header, and something encrypted behind it.
[[nodiscard]] bool is_encrypted(ByteView bytes, std::size_t size);

}  // namespace remora::rdp
