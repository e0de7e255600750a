#include "daemon/pipeline/checksum_watch.h"

#include "capture/net/checksum.h"

namespace remora::pipeline {
namespace {

/// What a frame of the usual size carries. A longer segment is what a capture on its own machine
/// shows before the card cuts it up, checksums still to be filled in.
constexpr std::uint32_t kLargestOnWire = 1460;

}  // namespace

bool ChecksumWatch::will_be_refused(Side from, const capture::Packet& packet) {
  auto& trust = trust_.at(index_of(from));
  const bool asked =
      mode_ == Checksums::kVerify || (mode_ == Checksums::kAuto && trust != Trust::kOffloaded);
  if (!asked || packet.payload.empty() || packet.payload_wire_bytes > kLargestOnWire) {
    return false;
  }
  const auto right = capture::transport_checksum_ok(packet);
  if (!right.has_value()) { return false; }
  if (trust == Trust::kUnknown) { trust = *right ? Trust::kChecked : Trust::kOffloaded; }
  return !*right && (mode_ == Checksums::kVerify || trust == Trust::kChecked);
}

}  // namespace remora::pipeline
