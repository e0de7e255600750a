#pragma once

#include <array>
#include <cstddef>

#include "capture/base/cursor.h"
#include "dissect/observation/ticket.h"

namespace remora::pnrp {

/// [MS-PNRP] 1.3.1.2: P2P ID, then service location; most significant byte first.
using PnrpId = std::array<std::byte, 32>;

[[nodiscard]] PnrpId read_pnrp_id(Cursor& in, const char* field);
/// Transmitted with its least significant byte first, as in an EXTENDED_PAYLOAD.
[[nodiscard]] PnrpId read_reversed_pnrp_id(Cursor& in, const char* field);

/// The id of a name of this classifier hash and authority at this service location, 3.1.4.4.1.
[[nodiscard]] PnrpId make_pnrp_id(const std::array<std::byte, 20>& classifier_hash,
                                  const std::array<std::byte, 20>& authority,
                                  const std::array<std::byte, 16>& service_location);

/// `id` + 1, as a number.
[[nodiscard]] PnrpId successor(PnrpId id);

/// The handle of the ticket that is published under the name.
[[nodiscard]] observation::Sha256 ticket_key(const PnrpId& id);

}  // namespace remora::pnrp
