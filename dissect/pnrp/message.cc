#include "dissect/pnrp/message.h"

#include <algorithm>
#include <array>

namespace remora::pnrp {
namespace {

constexpr std::array<std::uint8_t, 7> kHeader{0x00, 0x10, 0x00, 0x0c, 0x51, 0x04, 0x00};
constexpr std::size_t kHeaderBytes = 12;
/// Identifier, versions.
constexpr std::size_t kVersionBytes = 7;

[[nodiscard]] bool is_known(MessageType type) {
  constexpr std::array kTypes{
      MessageType::kSolicit, MessageType::kAdvertise, MessageType::kRequest, MessageType::kFlood,
      MessageType::kInquire, MessageType::kAuthority, MessageType::kAck,     MessageType::kLookup};
  return std::ranges::find(kTypes, type) != kTypes.end();
}

/// LOOKUP_CONTROLS, [MS-PNRP] 2.2.2.8
[[nodiscard]] std::uint8_t read_reason(Cursor& in) {
  in.skip(5, "Reserved1 to ResolveCriteria");
  return in.u8("ResolveReasonCode");
}

void take_in(const Element& element, Message& message) {
  switch (element.id) {
    case FieldId::kHeaderAcked:
      message.acked_id = decode(element.content, [](Cursor& in) {
                           return in.u32be("Acked Message ID");
                         }).value_or(0);
      break;
    case FieldId::kLookupControls:
      if (const auto reason = decode(element.content, read_reason)) {
        message.lookup_reason = *reason;
      }
      break;
    case FieldId::kTargetPnrpId:
      if (const auto id = decode(element.content, read_pnrp_id, "Target PNRP ID")) {
        message.target = *id;
      }
      break;
    case FieldId::kValidatePnrpId:
      if (const auto id = decode(element.content, read_pnrp_id, "Validate PNRP ID")) {
        message.validate = *id;
      }
      break;
    case FieldId::kRoutingEntry:
      if (auto entry = decode(element.content, read_route_entry)) {
        message.route_entry = std::move(*entry);
      }
      break;
    case FieldId::kRevokeCpa:
      message.revoked_cpa = element.content;
      break;
    default:
      break;
  }
}

}  // namespace

bool is_pnrp(ByteView datagram) {
  if (datagram.size() < kHeaderBytes) { return false; }
  const bool same = std::equal(kHeader.begin(), kHeader.end(), datagram.begin(),
                               [](std::uint8_t a, std::byte b) { return a == to_u8(b); });
  return same && is_known(MessageType{to_u8(datagram[kVersionBytes])});
}

Message read_message(Cursor& in) {
  Message message;
  in.expect_u16be(static_cast<std::uint16_t>(FieldId::kHeader), "FieldID");
  in.expect_u16be(kHeaderBytes, "Length");
  in.expect_u8(0x51, "Identifier");
  in.expect_u8(4, "VersionMajor");
  in.skip(1, "VersionMinor");
  message.type = MessageType{in.u8("MessageType")};
  message.id = in.u32be("Message ID");
  for (std::size_t count = 0; count < kMaxElements && in.ok(); ++count) {
    const auto element = next_element(in);
    if (!element.has_value()) { break; }
    if (element->id == FieldId::kSplitControls) {
      // What follows is no element: it is cut out of a buffer of such.
      Cursor split{element->content};
      Message::Fragment fragment{.size = split.u16be("Size")};
      fragment.offset = split.u16be("Offset");
      if (split.ok()) {
        fragment.bytes = in.rest();
        message.fragment = fragment;
      }
      break;
    }
    take_in(*element, message);
  }
  return message;
}

}  // namespace remora::pnrp
