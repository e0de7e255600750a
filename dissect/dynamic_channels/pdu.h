#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"

namespace remora::dynamic_channels {

/// Cmd, [MS-RDPEDYC] 2.2. Any value of four bits may occur.
enum class Command : std::uint8_t {
  kCreate = 0x1,
  kDataFirst = 0x2,
  kData = 0x3,
  kClose = 0x4,
  kCapabilities = 0x5,
  kDataFirstCompressed = 0x6,
  kDataCompressed = 0x7,
  kSoftSyncRequest = 0x8,
  kSoftSyncResponse = 0x9,
};

/// A PDU of the static channel "drdynvc".
struct Pdu {
  Command command;
  std::uint32_t channel_id;  ///< 0 for kCapabilities and what follows kDataCompressed
  std::uint32_t length;      ///< of kDataFirst and its compressed form: the whole message, else 0
  ByteView data;             ///< what follows; borrowed
};

[[nodiscard]] Pdu read_pdu(Cursor& in);

/// ChannelName of a DYNVC_CREATE_REQ, 2.2.2.1: `Pdu::data` up to its terminator, as UTF-8.
[[nodiscard]] std::string read_channel_name(Cursor& in);

/// CreationStatus of a DYNVC_CREATE_RSP, 2.2.2.2: an HRESULT, negative on failure.
[[nodiscard]] std::int32_t read_creation_status(Cursor& in);

/// DYNVC_SOFT_SYNC_CHANNEL_LIST, 2.2.5.1.1: the channels whose data the server is to send on a
/// tunnel.
struct SoftSyncList {
  static constexpr std::uint32_t kReliable = 1;  ///< TUNNELTYPE_UDPFECR
  static constexpr std::uint32_t kLossy = 3;     ///< TUNNELTYPE_UDPFECL

  std::uint32_t tunnel_type;
  std::vector<std::uint32_t> channel_ids;
};

/// DYNVC_SOFT_SYNC_REQUEST, 2.2.5.1, behind its first byte: its lists; LIMIT so many, of so many
/// channels.
constexpr std::size_t kMaxSoftSyncLists = 4;
constexpr std::size_t kMaxSoftSyncChannels = 256;
[[nodiscard]] std::vector<SoftSyncList> read_soft_sync_request(Cursor& in);

}  // namespace remora::dynamic_channels
