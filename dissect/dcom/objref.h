#pragma once

#include <cstdint>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/dcom/dual_string_array.h"
#include "dissect/ndr/guid.h"

namespace remora::dcom {

/// An OBJREF, [MS-DCOM] 2.2.18: how an object is referred to.
struct Objref {
  static constexpr std::uint32_t kStandard = 1;
  static constexpr std::uint32_t kHandler = 2;
  static constexpr std::uint32_t kCustom = 4;
  static constexpr std::uint32_t kExtended = 8;

  std::uint32_t flags{0};
  ndr::Guid iid;
  // All but custom ones: STDOBJREF, 2.2.18.2.
  std::uint64_t oxid{0};
  std::uint64_t oid{0};
  ndr::Guid ipid;
  std::vector<StringBinding> resolver;  ///< saResAddr: names and addresses of the object's machine
  // Custom ones, 2.2.18.6.
  ndr::Guid clsid;
  ByteView object_data;  ///< borrowed
};

/// Reads it to the end of `in`, little-endian. Fails on flags that the table does not have.
[[nodiscard]] Objref read_objref(Cursor& in);

}  // namespace remora::dcom
