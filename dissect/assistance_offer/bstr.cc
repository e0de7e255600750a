#include "dissect/assistance_offer/bstr.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace remora::assistance_offer {
namespace {

constexpr std::uint32_t kNull = 0xffffffff;

}  // namespace

ByteView read_bstr(ndr::NdrReader& in) {
  const std::size_t maximum = in.u32("max_count");
  const std::uint32_t bytes = in.u32("cBytes");
  const std::size_t characters = in.u32("clSize");
  if (characters > maximum || 2 * characters > ndr::NdrReader::kMaxStringBytes) {
    in.cursor().fail("clSize", "out of range");
  }
  const auto data = in.bytes(2 * maximum, "asData");
  if (!in.ok() || bytes == kNull) { return {}; }
  return data.first(std::min<std::size_t>(bytes, 2 * characters));
}

ByteView read_bstr_parameter(ndr::NdrReader& in) {
  return in.pointer("BSTR") ? read_bstr(in) : ByteView{};
}

}  // namespace remora::assistance_offer
