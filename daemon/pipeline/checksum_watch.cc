#include "daemon/pipeline/checksum_watch.h"

#include "capture/net/checksum.h"

namespace remora::pipeline {
namespace {

/// What a frame of the usual size carries. A longer segment is what a capture on its own machine
/// shows before the card cuts it up, checksums still to be filled in.
constexpr std::uint32_t kLargestOnWire = 1460;

}  // namespace

bool ChecksumWatch::will_be_refused(Side from, const capture::Packet& packet) {
  auto& trusted = trusted_.at(index_of(from));
  const bool matters = !packet.payload.empty() || packet.flags.has(capture::TcpFlag::kFin) ||
                       packet.flags.has(capture::TcpFlag::kRst);
  if (mode_ == Checksums::kIgnore || !matters) { return false; }
  if (mode_ == Checksums::kAuto && packet.payload_wire_bytes > kLargestOnWire) { return false; }
  const auto right = capture::transport_checksum_ok(packet);
  if (!right.has_value()) { return false; }
  trusted = trusted || *right;
  return !*right && (mode_ == Checksums::kVerify || trusted);
}

}  // namespace remora::pipeline
