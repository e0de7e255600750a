#include "dissect/rdp_udp/data_v1.h"

#include <cstddef>

namespace remora::rdp_udp {

DataV1 read_data_v1(Cursor& in) {
  in.skip(4, "snSourceAck");
  in.skip(2, "uReceiveWindowSize");
  const Flags flags{in.u16be("uFlags")};
  DataV1 data{.flags = flags, .source_start = 0, .payload = {}};
  if (flags.has(Flag::kAck)) {
    const std::size_t size = in.u16be("uAckVectorSize");
    in.skip(size, "AckVector");
    in.skip((4 - (2 + size) % 4) % 4, "Padding");
  }
  if (flags.has(Flag::kAckOfAcks)) { in.skip(4, "snResetSeqNum"); }
  if (flags.has(Flag::kData) && !flags.has(Flag::kFec)) {
    in.skip(4, "snCoded");
    data.source_start = in.u32be("snSourceStart");
    data.payload = in.rest();
  }
  return data;
}

}  // namespace remora::rdp_udp
