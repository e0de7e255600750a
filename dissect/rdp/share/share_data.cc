#include "dissect/rdp/share/share_data.h"

namespace remora::rdp {

ShareDataPdu read_share_data_pdu(Cursor& in) {
  const auto share_id = in.u32le("shareID");
  in.skip(1, "pad1");
  return {.share_id = share_id,
          .stream_id = in.u8("streamID"),
          .uncompressed_length = in.u16le("uncompressedLength"),
          .type = ShareDataType{in.u8("pduType2")},
          .compressed_type = in.u8("compressedType"),
          .compressed_length = in.u16le("compressedLength"),
          .payload = in.rest()};
}

}  // namespace remora::rdp
