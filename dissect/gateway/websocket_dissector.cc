#include "dissect/gateway/websocket_dissector.h"

#include <algorithm>

#include "dissect/gateway/family.h"

namespace remora::gateway {

std::size_t WebSocketDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  auto& frame = frames_.at(index_of(from));
  if (frame.left == 0) { return on_header(from, bytes, at, out); }
  const auto here = static_cast<std::size_t>(std::min<std::uint64_t>(frame.left, bytes.size()));
  out.carry(kPackets);
  out.pass_on(from, unmasked(frame, bytes.first(here)));
  frame.left -= here;
  frame.read += here;
  return here;
}

std::size_t WebSocketDissector::on_header(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto extent = measure_frame_header(bytes);
  if (extent.needs_more()) { return 0; }
  const auto header = decode(bytes.first(extent.size()), read_frame_header);
  if (!header.has_value() || !header->is_plausible()) {
    out.give_up(at, from, "gateway.websocket",
                {.field = "frame", .offset = 0, .reason = "no frame that is known"});
    return 0;
  }
  if (header->is_data()) {
    frames_.at(index_of(from)) = {
        .left = header->length, .read = 0, .masked = header->masked, .key = header->key};
  } else {
    out.skip(header->length);
  }
  return extent.size();
}

/// RFC 6455 5.3.
ByteView WebSocketDissector::unmasked(const Frame& frame, ByteView payload) {
  if (!frame.masked) { return payload; }
  clear_.assign(payload.begin(), payload.end());
  auto at = frame.read;
  for (auto& byte : clear_) { byte ^= frame.key.at(at++ % frame.key.size()); }
  return clear_;
}

void WebSocketDissector::on_gap(Side from, std::uint64_t size, Instant /*at*/, Findings& out) {
  auto& frame = frames_.at(index_of(from));
  if (size > frame.left) {
    out.finish();  // where the next frame begins is unknown
    return;
  }
  frame.left -= size;
  frame.read += size;
  out.carry(kPackets);
  out.pass_on_gap(from, size);
}

}  // namespace remora::gateway
