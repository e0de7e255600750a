#include "dissect/messenger/msnp_dissector.h"

#include "dissect/messenger/msnp_command.h"
#include "dissect/ticket/stream_scan.h"

namespace remora::messenger {

std::size_t MsnpDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto line = measure_msnp_line(bytes);
  if (line.needs_more()) { return 0; }
  if (line.is_lost()) {
    out.finish();
    return bytes.size();
  }
  const auto command = read_msnp_line(bytes.first(line.size()));
  if (!command.is_message || command.payload_bytes > kMaxPayload) {
    out.skip(command.payload_bytes);
    return line.size();
  }
  const auto size = line.size() + static_cast<std::size_t>(command.payload_bytes);
  if (bytes.size() < size) { return 0; }
  ticket::scan_message("MSN", *context_, from, bytes.first(size).subspan(line.size()), at, out);
  return size;
}

/// Where the next command begins is not known.
void MsnpDissector::on_gap(Side /*from*/, std::uint64_t /*size*/, Instant /*at*/, Findings& out) {
  out.finish();
}

}  // namespace remora::messenger
