#include "capture/link/loopback.h"

#include "capture/base/fixed_view.h"

namespace remora::capture {
namespace {

NetworkProtocol to_network(std::uint32_t family) {
  switch (family) {
    case 2:  // AF_INET everywhere
      return NetworkProtocol::kIpv4;
    case 10:  // AF_INET6: Linux
    case 23:  // Windows
    case 24:  // NetBSD, OpenBSD
    case 28:  // FreeBSD
    case 30:  // macOS
      return NetworkProtocol::kIpv6;
    default:
      return NetworkProtocol::kNone;
  }
}

}  // namespace

std::optional<LinkResult> read_loopback(ByteView frame) {
  const auto header = FixedView<4>::of(frame);
  if (!header.has_value()) { return std::nullopt; }
  LinkResult result{.protocol = to_network(header->u32le<0>()), .payload = frame.subspan(4)};
  if (result.protocol == NetworkProtocol::kNone) {
    result.protocol = to_network(header->u32be<0>());
  }
  return result;
}

}  // namespace remora::capture
