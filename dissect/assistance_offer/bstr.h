#pragma once

#include "capture/base/bytes.h"
#include "dissect/ndr/ndr_reader.h"

namespace remora::assistance_offer {

/// A BSTR behind its pointer, [MS-OAUT] 2.2.23.1: its characters, which are little-endian whatever
/// the call is; borrowed. Empty for a null one.
[[nodiscard]] ByteView read_bstr(ndr::NdrReader& in);

/// The pointer too, as a parameter of a call has it.
[[nodiscard]] ByteView read_bstr_parameter(ndr::NdrReader& in);

}  // namespace remora::assistance_offer
