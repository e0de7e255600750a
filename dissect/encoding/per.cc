#include "dissect/encoding/per.h"

namespace remora::encoding {

std::size_t read_per_length(Cursor& in, const char* field) {
  const std::size_t first = in.u8(field);
  if ((first & 0x80U) == 0) { return first; }
  return ((first & 0x7fU) << 8) | in.u8(field);
}

}  // namespace remora::encoding
