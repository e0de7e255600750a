#include "daemon/pipeline/checksum_watch.h"

#include "capture/net/checksum.h"

namespace remora::pipeline {
namespace {

/// What a frame of the usual size carries. A longer segment is what a capture on its own machine
/// shows before the card cuts it up, checksums still to be filled in.
constexpr std::uint32_t kLargestOnWire = 1460;

}  // namespace

ChecksumWatch::Right ChecksumWatch::right_ones(Side from, const capture::Packet& packet) {
  unsigned right = 0;
  if (capture::transport_checksum_ok(packet).value_or(false)) {
    right |= 1U << (kSegment + index_of(from));
  }
  if (!packet.ip_header.empty() && capture::header_checksum_ok(packet.ip_header)) {
    right |= 1U << (kHeader + index_of(from));
  }
  return static_cast<Right>(right);
}

bool ChecksumWatch::will_be_refused(Side from, const capture::Packet& packet) {
  const bool matters = !packet.payload.empty() || packet.flags.has(capture::TcpFlag::kFin) ||
                       packet.flags.has(capture::TcpFlag::kRst);
  if (mode_ == Checksums::kIgnore || !matters) { return false; }
  if (mode_ == Checksums::kAuto && packet.payload_wire_bytes > kLargestOnWire) { return false; }
  bool refused = false;
  if (const auto header = kHeader + index_of(from);
      !packet.ip_header.empty() && !is_believed(header)) {
    refused = is_refused(header, capture::header_checksum_ok(packet.ip_header));
  }
  if (const auto segment = kSegment + index_of(from); !is_believed(segment)) {
    const auto right = capture::transport_checksum_ok(packet);
    refused = (right.has_value() && is_refused(segment, *right)) || refused;
  }
  return refused;
}

bool ChecksumWatch::is_refused(std::size_t at, bool right) {
  const auto bit = static_cast<Right>(1U << at);
  if (right) {
    right_ |= bit;
    return false;
  }
  if (mode_ == Checksums::kVerify || (right_ & bit) != 0) { return true; }
  ++wrong_.at(at);
  return false;
}

}  // namespace remora::pipeline
