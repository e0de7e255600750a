#include "dissect/rdp/x224.h"

#include "dissect/rdp/tpkt.h"

namespace remora::rdp {
namespace {

/// DT: whatever the header holds beyond its code (EOT) is stepped over.
void read_data(Cursor& in, Tpdu& tpdu) {
  const std::size_t after_code = tpdu.length_indicator == 0 ? 0 : tpdu.length_indicator - 1U;
  in.skip(after_code, "EOT");
}

void read_references(Cursor& in, Tpdu& tpdu) {
  tpdu.destination_reference = in.u16be("DST-REF");
  tpdu.source_reference = in.u16be("SRC-REF");
}

}  // namespace

Tpdu read_tpdu(Cursor& in) {
  skip_tpkt_header(in);
  Tpdu tpdu{};
  tpdu.length_indicator = in.u8("LI");
  tpdu.code = TpduCode{static_cast<std::uint8_t>(in.u8("code") & 0xf0U)};
  switch (tpdu.code) {
    case TpduCode::kConnectionRequest:
    case TpduCode::kConnectionConfirm:
      read_references(in, tpdu);
      tpdu.class_option = in.u8("CLASS OPTION");
      break;
    case TpduCode::kDisconnectRequest:
      read_references(in, tpdu);
      tpdu.reason = in.u8("REASON");
      break;
    case TpduCode::kError:
      tpdu.destination_reference = in.u16be("DST-REF");
      tpdu.reason = in.u8("REJECT CAUSE");
      break;
    case TpduCode::kData:
      read_data(in, tpdu);
      break;
    default:
      break;
  }
  tpdu.user_data = in.rest();
  return tpdu;
}

}  // namespace remora::rdp
