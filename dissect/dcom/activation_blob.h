#pragma once

#include <cstddef>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/ndr/guid.h"

namespace remora::dcom {

/// One entry of an activation properties BLOB, [MS-DCOM] 2.2.22: type serialization 1 of the
/// structure that `clsid` names.
struct ActivationProperty {
  ndr::Guid clsid;
  ByteView bytes;  ///< with its serialization headers; borrowed
};

/// The properties in their order, which varies. LIMIT: MAX_ACTPROP_LIMIT of 2.2.28.1.
inline constexpr std::size_t kMaxActivationProperties = 10;
[[nodiscard]] std::vector<ActivationProperty> read_activation_blob(Cursor& in);

}  // namespace remora::dcom
