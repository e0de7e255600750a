#include "dissect/dcom/orpc.h"

#include <cstddef>
#include <cstdint>

namespace remora::dcom {
namespace {

constexpr std::uint16_t kMajorVersion = 5;

/// LIMIT: extensions of a call, [MS-DCOM] 2.2.13.2; two kinds are defined.
constexpr std::uint32_t kMaxExtents = 64;

/// ORPC_EXTENT: its data is a conformant array, so that the count stands first.
void skip_extent(ndr::NdrReader& in) {
  const std::size_t rounded = in.u32("max_count");
  (void)in.guid("id");
  (void)in.u32("size");
  in.skip(rounded, "data");
}

void skip_extensions(ndr::NdrReader& in) {
  if (!in.pointer("extensions")) { return; }
  (void)in.u32("size");
  (void)in.u32("reserved");
  if (!in.pointer("extent")) { return; }
  const auto count = in.u32("max_count");
  if (count > kMaxExtents) { in.cursor().fail("extent", "more than there are kinds of"); }
  std::uint32_t present = 0;
  for (std::uint32_t at = 0; at < count && in.ok(); ++at) {
    present += in.pointer("extent") ? 1U : 0U;
  }
  for (std::uint32_t at = 0; at < present && in.ok(); ++at) { skip_extent(in); }
}

}  // namespace

void read_orpcthis(ndr::NdrReader& in) {
  if (in.u16("MajorVersion") != kMajorVersion) {
    in.cursor().fail("MajorVersion", "unexpected value");
  }
  (void)in.u16("MinorVersion");
  (void)in.u32("flags");
  (void)in.u32("reserved1");
  (void)in.guid("cid");
  skip_extensions(in);
}

void read_orpcthat(ndr::NdrReader& in) {
  (void)in.u32("flags");
  skip_extensions(in);
}

ByteView read_interface_pointer(ndr::NdrReader& in) {
  const std::size_t maximum = in.u32("max_count");
  const std::size_t count = in.u32("ulCntData");
  if (count > maximum) { in.cursor().fail("ulCntData", "beyond the array"); }
  return in.bytes(maximum, "abData").first(in.ok() ? count : 0);
}

}  // namespace remora::dcom
