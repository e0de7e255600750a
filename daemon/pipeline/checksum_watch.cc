#include "daemon/pipeline/checksum_watch.h"

#include "capture/net/checksum.h"

namespace remora::pipeline {

bool ChecksumWatch::will_be_refused(Side from, const capture::Packet& packet) {
  auto& trust = trust_.at(index_of(from));
  const bool asked =
      mode_ == Checksums::kVerify || (mode_ == Checksums::kAuto && trust != Trust::kOffloaded);
  if (!asked || packet.payload.empty()) { return false; }
  const auto right = capture::transport_checksum_ok(packet);
  if (!right.has_value()) { return false; }
  if (trust == Trust::kUnknown) { trust = *right ? Trust::kChecked : Trust::kOffloaded; }
  return !*right && (mode_ == Checksums::kVerify || trust == Trust::kChecked);
}

}  // namespace remora::pipeline
