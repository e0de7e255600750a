#include "dissect/dynamic_channels/pdu.h"

#include "dissect/encoding/text.h"

namespace remora::dynamic_channels {
namespace {

/// Two bits that say how wide a field is: 0, 1, 2 for one, two, four bytes.
std::uint32_t read_wide(Cursor& in, unsigned width, const char* field) {
  switch (width) {
    case 0:
      return in.u8(field);
    case 1:
      return in.u16le(field);
    case 2:
      return in.u32le(field);
    default:
      in.fail(field, "of no known width");
      return 0;
  }
}

bool has_channel(Command command) {
  switch (command) {
    case Command::kCreate:
    case Command::kDataFirst:
    case Command::kData:
    case Command::kClose:
    case Command::kDataFirstCompressed:
    case Command::kDataCompressed:
      return true;
    default:
      return false;
  }
}

}  // namespace

Pdu read_pdu(Cursor& in) {
  const unsigned header = in.u8("Cmd");
  const auto command = Command{static_cast<std::uint8_t>(header >> 4U)};
  Pdu pdu{.command = command, .channel_id = 0, .length = 0, .data = {}};
  if (has_channel(command)) { pdu.channel_id = read_wide(in, header & 3U, "ChannelId"); }
  if (command == Command::kDataFirst || command == Command::kDataFirstCompressed) {
    pdu.length = read_wide(in, (header >> 2U) & 3U, "Length");
  }
  pdu.data = in.rest();
  return pdu;
}

std::string read_channel_name(Cursor& in) {
  return encoding::to_utf8(encoding::up_to_nul(in.rest()));
}

std::int32_t read_creation_status(Cursor& in) {
  return in.i32le("CreationStatus");
}

}  // namespace remora::dynamic_channels
