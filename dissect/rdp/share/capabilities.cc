#include "dissect/rdp/share/capabilities.h"

#include <algorithm>

#include "dissect/encoding/text.h"

namespace remora::rdp {
namespace {

constexpr std::uint16_t kGeneral = 1;  // CAPSTYPE_GENERAL
constexpr std::size_t kSetHeaderBytes = 4;
constexpr std::size_t kMostSets = 64;

[[nodiscard]] GeneralCapabilitySet read_general(Cursor& in) {
  const auto os_major_type = in.u16le("osMajorType");
  const auto os_minor_type = in.u16le("osMinorType");
  const auto protocol_version = in.u16le("protocolVersion");
  in.skip(2, "pad2octetsA");
  in.skip(2, "compressionTypes");
  const auto extra_flags = in.u16le("extraFlags");
  in.skip(2, "updateCapabilityFlag");
  in.skip(2, "remoteUnshareFlag");
  in.skip(2, "compressionLevel");
  return {.os_major_type = os_major_type,
          .os_minor_type = os_minor_type,
          .protocol_version = protocol_version,
          .extra_flags = extra_flags,
          .refresh_rect_support = in.u8_if_present("refreshRectSupport").value_or(0),
          .suppress_output_support = in.u8_if_present("suppressOutputSupport").value_or(0)};
}

/// TS_CAPS_SET, 2.2.1.13.1.1.1.
void read_set(Cursor& in, CapabilitySets& sets) {
  const auto type = in.u16le("capabilitySetType");
  const auto size = in.u16le("lengthCapability");
  if (in.ok() && size < kSetHeaderBytes) { in.fail("lengthCapability", "smaller than its header"); }
  auto body = in.sub(in.ok() ? size - kSetHeaderBytes : 0, "capabilitySet");
  if (in.ok()) { sets.types.push_back(type); }
  if (type != kGeneral || sets.general) { return; }
  const auto general = read_general(body);
  if (body.ok()) { sets.general = general; }
}

/// Bounded by lengthCombinedCapabilities, or by what is there: some peers count badly.
[[nodiscard]] CapabilitySets read_sets(Cursor& parent, std::size_t length) {
  CapabilitySets sets{};
  const auto start = parent.offset();
  Cursor in{parent.bytes(std::min(length, parent.remaining()), "capabilitySets")};
  sets.number_capabilities = in.u16le("numberCapabilities");
  in.skip(2, "pad2Octets");
  const auto count = std::min<std::size_t>(sets.number_capabilities, kMostSets);
  for (std::size_t i = 0; i < count && in.ok(); ++i) { read_set(in, sets); }
  if (!in.ok()) {
    sets.damage = in.error();
    sets.damage->offset += start;
  }
  return sets;
}

[[nodiscard]] std::string read_descriptor(Cursor& in, std::size_t size) {
  return encoding::to_utf8(encoding::up_to_nul(in.bytes(size, "sourceDescriptor")));
}

}  // namespace

DemandActive read_demand_active(Cursor& in) {
  const auto share_id = in.u32le("shareID");
  const auto descriptor_size = in.u16le("lengthSourceDescriptor");
  const auto capabilities_size = in.u16le("lengthCombinedCapabilities");
  return {.share_id = share_id,
          .source_descriptor = read_descriptor(in, descriptor_size),
          .capabilities = read_sets(in, capabilities_size),
          .session_id = in.u32le_if_present("sessionId")};
}

ConfirmActive read_confirm_active(Cursor& in) {
  const auto share_id = in.u32le("shareID");
  const auto originator_id = in.u16le("originatorID");
  const auto descriptor_size = in.u16le("lengthSourceDescriptor");
  const auto capabilities_size = in.u16le("lengthCombinedCapabilities");
  return {.share_id = share_id,
          .originator_id = originator_id,
          .source_descriptor = read_descriptor(in, descriptor_size),
          .capabilities = read_sets(in, capabilities_size)};
}

// [MS-RDPBCGR] 2.2.7.1.1
std::string_view os_major_name(std::uint16_t os_major_type) {
  switch (os_major_type) {
    case 1:
      return "Windows";
    case 2:
      return "OS/2";
    case 3:
      return "Macintosh";
    case 4:
      return "Unix";
    case 5:
      return "iOS";
    case 6:
      return "macOS";
    case 7:
      return "Android";
    case 8:
      return "Chrome OS";
    default:
      return {};
  }
}

std::string_view os_minor_name(std::uint16_t os_minor_type) {
  switch (os_minor_type) {
    case 1:
      return "Windows 3.1x";
    case 2:
      return "Windows 95";
    case 3:
      return "Windows NT";
    case 4:
      return "OS/2 2.1";
    case 5:
      return "PowerPC";
    case 6:
      return "Macintosh";
    case 7:
      return "Native X Server";
    case 8:
      return "Pseudo X Server";
    case 9:
      return "Windows RT";
    default:
      return {};
  }
}

}  // namespace remora::rdp
