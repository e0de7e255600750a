#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "capture/base/cursor.h"
#include "dissect/ndr/ndr_reader.h"
#include "tests/support/hex.h"

namespace remora::dcom {

/// What stands behind `head` bytes of a PDU in hexadecimal.
inline std::vector<std::byte> stub_of(std::string_view pdu, std::size_t head) {
  auto bytes = testing::hex(pdu);
  bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(head));
  return bytes;
}

/// A reader of NDR as one of cursors.
template <typename Read>
auto little(Read read) {
  return [read](Cursor& in) {
    ndr::NdrReader reader{in, true};
    return read(reader);
  };
}

}  // namespace remora::dcom
