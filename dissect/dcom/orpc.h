#pragma once

#include "capture/base/bytes.h"
#include "dissect/ndr/ndr_reader.h"

namespace remora::dcom {

// What stands before the parameters of every call of an object, [MS-DCOM] 2.2.13. The reader must
// stand at the start of the stub, and stands at the first parameter afterwards.

/// ORPCTHIS of a request. Fails on another major version than 5.
void read_orpcthis(ndr::NdrReader& in);
/// ORPCTHAT of a response.
void read_orpcthat(ndr::NdrReader& in);

/// The bytes of an MInterfacePointer behind its pointer, 2.2.14: an OBJREF. Borrowed.
[[nodiscard]] ByteView read_interface_pointer(ndr::NdrReader& in);

}  // namespace remora::dcom
