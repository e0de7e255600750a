#include "dissect/rdp/share/share_control.h"

namespace remora::rdp {
namespace {

constexpr std::uint16_t kFlowPdu = 0x8000;
constexpr std::size_t kFlowPduBytes = 8;
constexpr std::size_t kLengthAndType = 4;
constexpr std::size_t kHeaderBytes = 6;

}  // namespace

ShareControlPdu read_share_control_pdu(Cursor& in) {
  const auto total_length = in.u16le("totalLength");
  const std::size_t size = total_length == kFlowPdu ? kFlowPduBytes : total_length;
  if (in.ok() && size < kLengthAndType) { in.fail("totalLength", "smaller than its header"); }
  auto rest = in.sub(in.ok() ? size - 2 : 0, "shareControlPdu");
  const auto pdu_type = rest.u16le("pduType");
  std::optional<std::uint16_t> source;
  if (size >= kHeaderBytes) { source = rest.u16le("pduSource"); }
  return {.total_length = total_length,
          .type = SharePduType{static_cast<std::uint8_t>(pdu_type & 0x0fU)},
          .version = static_cast<std::uint8_t>(pdu_type >> 4),
          .pdu_source = source,
          .body = rest.rest()};
}

}  // namespace remora::rdp
