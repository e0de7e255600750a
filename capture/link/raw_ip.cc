#include "capture/link/raw_ip.h"

namespace remora::capture {

std::optional<LinkResult> read_raw_ip(ByteView frame) {
  if (frame.empty()) { return std::nullopt; }
  LinkResult result{.payload = frame};
  const auto version = to_u8(frame[0]) >> 4U;
  if (version == 4) { result.protocol = NetworkProtocol::kIpv4; }
  if (version == 6) { result.protocol = NetworkProtocol::kIpv6; }
  return result;
}

}  // namespace remora::capture
