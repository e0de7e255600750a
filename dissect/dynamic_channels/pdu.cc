#include "dissect/dynamic_channels/pdu.h"

#include <algorithm>
#include <utility>

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

std::vector<SoftSyncList> read_soft_sync_request(Cursor& in) {
  constexpr std::uint16_t kChannelListPresent = 0x02;
  in.skip(1, "Pad");
  in.skip(4, "Length");
  const auto flags = in.u16le("Flags");
  const std::size_t tunnels = in.u16le("NumberOfTunnels");
  std::vector<SoftSyncList> lists;
  if ((flags & kChannelListPresent) == 0) { return lists; }
  while (in.ok() && lists.size() < std::min(tunnels, kMaxSoftSyncLists)) {
    SoftSyncList list{.tunnel_type = in.u32le("TunnelType"), .channel_ids = {}};
    const std::size_t channels = in.u16le("NumberOfDVCs");
    for (std::size_t at = 0; at < channels && in.ok(); ++at) {
      const auto id = in.u32le("ListOfDVCIds");
      if (in.ok() && list.channel_ids.size() < kMaxSoftSyncChannels) {
        list.channel_ids.push_back(id);
      }
    }
    lists.push_back(std::move(list));
  }
  return lists;
}

std::int32_t read_creation_status(Cursor& in) {
  return in.i32le("CreationStatus");
}

}  // namespace remora::dynamic_channels
