#include "dissect/dcom/activation_blob.h"

#include <cstdint>

#include "dissect/ndr/ndr_reader.h"

namespace remora::dcom {

/// CustomHeader, [MS-DCOM] 2.2.22.1, and behind it as many properties as it lists.
std::vector<ActivationProperty> read_activation_blob(Cursor& in) {
  in.skip(8, "dwSize and dwReserved");
  const auto serialization = ndr::read_serialization_header(in);
  std::vector<ActivationProperty> properties;
  std::vector<std::size_t> sizes;
  {
    auto header_bytes = in.sub(serialization.object_bytes, "CustomHeader");
    ndr::NdrReader header{header_bytes, serialization.little_endian};
    header.skip(16, "totalSize to destCtx");
    const std::size_t count = header.u32("cIfs");
    if (count > kMaxActivationProperties) { header_bytes.fail("cIfs", "out of range"); }
    (void)header.guid("classInfoClsid");
    (void)header.pointer("pclsid");
    (void)header.pointer("pSizes");
    (void)header.pointer("pdwReserved");
    (void)header.u32("max_count");
    for (std::size_t at = 0; at < count && header.ok(); ++at) {
      properties.push_back({.clsid = header.guid("pclsid"), .bytes = {}});
    }
    (void)header.u32("max_count");
    for (std::size_t at = 0; at < count && header.ok(); ++at) {
      sizes.push_back(header.u32("pSizes"));
    }
  }
  if (!in.ok()) { return {}; }
  for (std::size_t at = 0; at < properties.size(); ++at) {
    properties[at].bytes = in.bytes(sizes[at], "Property");
  }
  return properties;
}

}  // namespace remora::dcom
