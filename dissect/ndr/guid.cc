#include "dissect/ndr/guid.h"

#include <algorithm>

namespace remora::ndr {

Guid read_guid(Cursor& in, bool little_endian, const char* field) {
  Guid guid;
  const auto bytes = in.bytes(kGuidBytes, field);
  if (bytes.size() != kGuidBytes) { return guid; }
  std::ranges::transform(bytes, guid.bytes.begin(), [](std::byte b) { return to_u8(b); });
  if (little_endian) {
    const auto at = guid.bytes.begin();
    std::reverse(at, at + 4);
    std::reverse(at + 4, at + 6);
    std::reverse(at + 6, at + 8);
  }
  return guid;
}

}  // namespace remora::ndr
