#include "dissect/assistance/order.h"

#include <cstddef>

#include "dissect/encoding/utf16.h"

namespace remora::assistance {
namespace {

constexpr std::uint16_t kHeaderBytes = 4;
/// LIMIT: UNICODE_STRING.cchString, 2.2.2.
constexpr std::size_t kMaxCharacters = 1024;

// 2.2.4.1.
constexpr std::uint16_t kMayView = 0x0001;
constexpr std::uint16_t kMayInteract = 0x0002;
constexpr std::uint16_t kIsParticipant = 0x0004;
// 2.2.4.3.
constexpr std::uint16_t kRequestView = 0x0001;
constexpr std::uint16_t kRequestInteract = 0x0002;

/// UNICODE_STRING, 2.2.2.
std::string read_string(Cursor& in, const char* field) {
  const std::size_t count = in.u16le("cchString");
  if (count > kMaxCharacters) { in.fail("cchString", "longer than a string may be"); }
  return encoding::utf16le_to_utf8(in.bytes(2 * count, field));
}

}  // namespace

Order read_order(Cursor& in) {
  const auto type = OrderType{in.u16le("Type")};
  const auto length = in.u16le("Length");
  if (length < kHeaderBytes) { in.fail("Length", "shorter than its header"); }
  return {.type = type, .body = in.bytes(in.ok() ? length - kHeaderBytes : 0U, "body")};
}

observation::ParticipantSeen read_participant_created(Cursor& in) {
  const auto id = in.u32le("ParticipantId");
  in.skip(4, "GroupId");
  const auto flags = in.u16le("Flags");
  return {.id = id,
          .may_view = (flags & kMayView) != 0,
          .may_interact = (flags & kMayInteract) != 0,
          .is_receiver = (flags & kIsParticipant) != 0,
          .name = read_string(in, "FriendlyName")};
}

observation::ParticipantLeft read_participant_removed(Cursor& in) {
  constexpr std::uint32_t kByParticipant = 2;
  return {.id = in.u32le("ParticipantId"),
          .by_participant = in.u32le("DiscType") == kByParticipant,
          .code = in.u32le("DiscCode")};
}

observation::ControlLevel read_control_change(Cursor& in) {
  const auto flags = in.u16le("Flags");
  return {.participant = in.u32le("ParticipantId"),
          .view = (flags & kRequestView) != 0,
          .interact = (flags & kRequestInteract) != 0};
}

observation::ControlLevel read_control_change_response(Cursor& in) {
  auto level = read_control_change(in);
  level.reason = in.u32le("ReasonCode");
  return level;
}

}  // namespace remora::assistance
