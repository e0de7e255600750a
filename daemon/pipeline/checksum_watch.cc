#include "daemon/pipeline/checksum_watch.h"

#include "capture/net/checksum.h"

namespace remora::pipeline {
namespace {

/// What a frame of the usual size carries. A longer segment is what a capture on its own machine
/// shows before the card cuts it up, checksums still to be filled in.
constexpr std::uint32_t kLargestOnWire = 1460;

}  // namespace

ChecksumWatch::Right ChecksumWatch::right_ones(Side from, const capture::Packet& packet) {
  Right right = 0;
  if (capture::transport_checksum_ok(packet).value_or(false)) { right |= kSegment; }
  if (!packet.ip_header.empty() && capture::header_checksum_ok(packet.ip_header)) {
    right |= kHeader;
  }
  return static_cast<Right>(right << index_of(from));
}

bool ChecksumWatch::will_be_refused(Side from, const capture::Packet& packet) {
  const bool matters = !packet.payload.empty() || packet.flags.has(capture::TcpFlag::kFin) ||
                       packet.flags.has(capture::TcpFlag::kRst);
  if (mode_ == Checksums::kIgnore || !matters) { return false; }
  if (mode_ == Checksums::kAuto && packet.payload_wire_bytes > kLargestOnWire) { return false; }
  const auto bit = [from](Right kind) { return static_cast<Right>(kind << index_of(from)); };
  bool refused = false;
  if (!packet.ip_header.empty()) {
    refused = is_refused(bit(kHeader), capture::header_checksum_ok(packet.ip_header));
  }
  if (const auto right = capture::transport_checksum_ok(packet); right.has_value()) {
    refused = is_refused(bit(kSegment), *right) || refused;
  }
  return refused;
}

bool ChecksumWatch::is_refused(Right kind, bool right) {
  if (right) { right_ |= kind; }
  return !right && (mode_ == Checksums::kVerify || (right_ & kind) != 0);
}

}  // namespace remora::pipeline
