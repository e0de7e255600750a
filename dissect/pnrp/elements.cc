#include "dissect/pnrp/elements.h"

#include <algorithm>

namespace remora::pnrp {
namespace {

constexpr std::size_t kElementHeadBytes = 4;

}  // namespace

std::optional<Element> next_element(Cursor& in) {
  if (in.at_end()) { return std::nullopt; }
  Element element{.id = FieldId{in.u16be("FieldID")}};
  const std::size_t length = in.u16be("Length");
  if (length < kElementHeadBytes) { in.fail("Length", "too small"); }
  element.content = in.bytes(in.ok() ? length - kElementHeadBytes : 0, "element");
  // The last element of a message may lack its padding.
  const auto padding = (4 - length % 4) % 4;
  in.skip(std::min(padding, in.remaining()), "Padding");
  return in.ok() ? std::optional{element} : std::nullopt;
}

RouteEntry read_route_entry(Cursor& in) {
  RouteEntry entry{.id = read_pnrp_id(in, "PNRP ID")};
  in.skip(2, "PNRP version");
  entry.port = in.u16be("Port Number");
  in.skip(1, "Flags");
  const std::size_t count = in.u8("Address Count");
  if (count > kMaxRouteAddresses) { in.fail("Address Count", "out of range"); }
  for (std::size_t at = 0; at < count && in.ok(); ++at) {
    const auto bytes = in.bytes(16, "IPv6 Addresses");
    if (in.ok()) { entry.addresses.push_back(IpAddress::v6(bytes.first<16>())); }
  }
  return entry;
}

}  // namespace remora::pnrp
