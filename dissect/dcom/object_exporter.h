#pragma once

#include <vector>

#include "dissect/dcom/dual_string_array.h"
#include "dissect/ndr/ndr_reader.h"

namespace remora::dcom {

// Responses of IObjectExporter, [MS-DCOM] 3.1.2.5.1: where the machine, or an object on it, can be
// reached. Native RPC: nothing stands before the parameters.

/// ServerAlive2, opnum 5: names and addresses, without ports.
[[nodiscard]] std::vector<StringBinding> read_server_alive2(ndr::NdrReader& in);
/// ResolveOxid, opnum 0, and ResolveOxid2, opnum 4: with ports.
[[nodiscard]] std::vector<StringBinding> read_resolve_oxid(ndr::NdrReader& in);

}  // namespace remora::dcom
