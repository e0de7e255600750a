#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/pnrp/elements.h"
#include "dissect/pnrp/pnrp_id.h"

namespace remora::pnrp {

/// EXTENDED_PAYLOAD, [MS-PNRP] 2.2.3.3: what an application publishes under its name.
struct ExtendedPayload {
  static constexpr std::uint32_t kString = 0x80000002;
  static constexpr std::uint32_t kBinary = 0x80000003;

  PnrpId id{};
  std::uint32_t type{0};
  ByteView payload;  ///< borrowed
};
[[nodiscard]] ExtendedPayload read_extended_payload(Cursor& in);

/// AUTHORITY_BUFFER, 2.2.2.6.1, put together: the answer to an INQUIRE or LOOKUP.
struct AuthorityBuffer {
  std::string classifier{};  ///< UTF-8; empty where there is none
  std::optional<ExtendedPayload> extended_payload{};
  std::optional<RouteEntry> route_entry{};
  std::optional<PnrpId> cpa_id{};
};
/// LIMIT: Size of 2.2.2.6.
inline constexpr std::size_t kMaxAuthorityBytes = 0x91e4;
[[nodiscard]] AuthorityBuffer read_authority_buffer(Cursor& in);

}  // namespace remora::pnrp
