#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/address.h"
#include "dissect/ndr/guid.h"
#include "dissect/ndr/ndr_reader.h"

namespace remora::dcerpc {

/// The endpoint mapper's interface, [C706] appendix O.
inline constexpr auto kEndpointMapper = ndr::make_guid("E1AF8308-5D1F-11C9-91A4-08002B14A0FA");
inline constexpr std::uint16_t kEptMap = 3;

/// Where an interface can be reached by TCP: what a protocol tower says, [C706] appendix L.
struct MappedInterface {
  ndr::Guid interface {};
  Port port{};
  bool operator==(const MappedInterface&) const = default;
};

/// The towers of the answer of ept_map, [MS-RPCE] 2.2.1.2.5, that lead to TCP ports. LIMIT: of
/// kMaxTowers towers. Empty where the mapper knows none.
inline constexpr std::size_t kMaxTowers = 500;
[[nodiscard]] std::vector<MappedInterface> read_ept_map_reply(ndr::NdrReader& in);

/// One tower's octet string; empty where it leads elsewhere.
[[nodiscard]] std::optional<MappedInterface> read_tower(Cursor& in);

}  // namespace remora::dcerpc
