#include "dissect/dcerpc/endpoint_map.h"

namespace remora::dcerpc {
namespace {

// Protocol identifiers of floors, [C706] appendix I.
constexpr std::uint8_t kUuidFloor = 0x0d;
constexpr std::uint8_t kTcpFloor = 0x07;
/// LIMIT: floors of a tower; those over TCP have five.
constexpr std::uint16_t kMaxFloors = 16;
/// LIMIT: of a tower, [MS-RPCE] 2.2.1.2.2.
constexpr std::uint32_t kMaxTowerBytes = 2000;

constexpr std::size_t kContextHandleBytes = 20;

}  // namespace

std::optional<MappedInterface> read_tower(Cursor& in) {
  const auto floors = in.u16le("floor_count");
  if (floors > kMaxFloors) { in.fail("floor_count", "too many"); }
  std::optional<ndr::Guid> interface;
  std::optional<Port> port;
  for (std::uint16_t floor = 0; floor < floors && in.ok(); ++floor) {
    auto left = in.sub(in.u16le("lhs_length"), "lhs");
    auto right = in.sub(in.u16le("rhs_length"), "rhs");
    const auto protocol = left.u8("protocol");
    if (protocol == kUuidFloor && floor == 0) {
      interface = ndr::read_guid(left, true, "interface");
    } else if (protocol == kTcpFloor) {
      port = Port{right.u16be("port")};
    }
  }
  if (!in.ok() || !interface.has_value() || port.value_or(Port{}) == Port{}) {
    return std::nullopt;
  }
  return MappedInterface{.interface = *interface, .port = *port};
}

std::vector<MappedInterface> read_ept_map_reply(ndr::NdrReader& in) {
  in.skip(kContextHandleBytes, "entry_handle");
  (void)in.u32("num_towers");
  (void)in.u32("max_count");
  (void)in.u32("offset");
  const auto count = in.u32("actual_count");
  if (count > kMaxTowers) { in.cursor().fail("actual_count", "too many"); }
  std::size_t present = 0;
  for (std::uint32_t at = 0; at < count && in.ok(); ++at) {
    present += in.pointer("ITowers") ? 1U : 0U;
  }
  std::vector<MappedInterface> mapped;
  for (std::size_t at = 0; at < present && in.ok(); ++at) {
    (void)in.u32("max_count");
    const auto size = in.u32("tower_length");
    if (size > kMaxTowerBytes) { in.cursor().fail("tower_length", "too large"); }
    const auto octets = in.bytes(size, "tower_octet_string");
    const auto tower = decode(octets, read_tower);
    if (in.ok() && tower && tower->has_value()) { mapped.push_back(**tower); }
  }
  return mapped;
}

}  // namespace remora::dcerpc
