#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capture/base/cursor.h"
#include "capture/base/result.h"

namespace remora::rdp {

/// TS_GENERAL_CAPABILITYSET, [MS-RDPBCGR] 2.2.7.1.1.
struct GeneralCapabilitySet {
  std::uint16_t os_major_type;
  std::uint16_t os_minor_type;
  std::uint16_t protocol_version;
  std::uint16_t extra_flags;
  std::uint8_t refresh_rect_support;
  std::uint8_t suppress_output_support;
};

/// Capability sets of a Demand or Confirm Active PDU. Only the General set is looked into.
///
/// LIMIT: 64 sets; more are not read.
struct CapabilitySets {
  std::uint16_t number_capabilities;  ///< as on the wire
  std::optional<GeneralCapabilitySet> general;
  std::vector<std::uint16_t> types;  ///< of the sets that were found, in order
  std::optional<ReadError> damage;   ///< of a set; the sets before it are kept
};

/// TS_DEMAND_ACTIVE_PDU, 2.2.1.13.1.1.
struct DemandActive {
  std::uint32_t share_id;
  std::string source_descriptor;  ///< up to the first NUL; made valid UTF-8
  CapabilitySets capabilities;
  std::optional<std::uint32_t> session_id;
};

/// TS_CONFIRM_ACTIVE_PDU, 2.2.1.13.2.1.
struct ConfirmActive {
  std::uint32_t share_id;
  std::uint16_t originator_id;
  std::string source_descriptor;  ///< "MSTSC" for Microsoft's client
  CapabilitySets capabilities;
};

/// Both read `ShareControlPdu::body`.
[[nodiscard]] DemandActive read_demand_active(Cursor& in);
[[nodiscard]] ConfirmActive read_confirm_active(Cursor& in);

/// Platform of an osMajorType, 2.2.7.1.1: "Windows", "Unix"; empty when unspecified or unknown.
[[nodiscard]] std::string_view os_major_name(std::uint16_t os_major_type);

/// Version of an osMinorType: "Windows NT", "Native X Server"; empty when unspecified or unknown.
[[nodiscard]] std::string_view os_minor_name(std::uint16_t os_minor_type);

}  // namespace remora::rdp
