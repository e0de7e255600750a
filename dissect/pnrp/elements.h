#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/address.h"
#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/pnrp/pnrp_id.h"

namespace remora::pnrp {

/// FieldID, [MS-PNRP] 2.2. Any value may occur.
enum class FieldId : std::uint16_t {
  kHeader = 0x0010,
  kHeaderAcked = 0x0018,
  kTargetPnrpId = 0x0038,
  kValidatePnrpId = 0x0039,
  kFlags = 0x0040,
  kLookupControls = 0x0045,
  kExtendedPayload = 0x005a,
  kClassifier = 0x0085,
  kSplitControls = 0x0098,
  kRoutingEntry = 0x009a,
  kValidateCpa = 0x009b,
  kRevokeCpa = 0x009c,
};

/// A message element: its content without FieldID and Length.
struct Element {
  FieldId id{};
  ByteView content{};  ///< borrowed
};

/// The next element, and the padding to four bytes behind it; `in` began where the message does.
/// Empty at the end.
[[nodiscard]] std::optional<Element> next_element(Cursor& in);

/// ROUTE_ENTRY, 2.2.3.4: where the node that registered a name is.
struct RouteEntry {
  PnrpId id{};
  std::uint16_t port{0};
  std::vector<IpAddress> addresses{};
};
/// LIMIT: Address Count of 2.2.3.4.
inline constexpr std::size_t kMaxRouteAddresses = 20;
[[nodiscard]] RouteEntry read_route_entry(Cursor& in);

}  // namespace remora::pnrp
