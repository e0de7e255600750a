#include "dissect/rdp/gcc/client_blocks.h"

#include "dissect/rdp/gcc/block_reader.h"
#include "dissect/rdp/gcc/conference.h"

namespace remora::rdp {
namespace {

// TS_UD_HEADER.type, [MS-RDPBCGR] 2.2.1.3.1
constexpr std::uint16_t kCore = 0xc001;
constexpr std::uint16_t kSecurity = 0xc002;
constexpr std::uint16_t kNetwork = 0xc003;
constexpr std::uint16_t kCluster = 0xc004;
constexpr std::uint16_t kMonitor = 0xc005;
constexpr std::uint16_t kMessageChannel = 0xc006;
constexpr std::uint16_t kMonitorEx = 0xc008;
constexpr std::uint16_t kMultitransport = 0xc00a;

void read_block(const UserDataBlock& block, ClientBlocks& all) {
  const auto into = [&](auto& field, const char* name, auto read) {
    read_block_into(field, block, name, read, all.damage);
  };
  switch (block.type) {
    case kCore:
      into(all.core, "CS_CORE", read_client_core);
      break;
    case kSecurity:
      into(all.security, "CS_SECURITY", read_client_security);
      break;
    case kNetwork:
      into(all.network, "CS_NET", read_client_network);
      break;
    case kCluster:
      into(all.cluster, "CS_CLUSTER", read_client_cluster);
      break;
    case kMonitor:
      into(all.monitor, "CS_MONITOR", read_client_monitor);
      break;
    case kMonitorEx:
      into(all.monitor_ex, "CS_MONITOR_EX", read_client_monitor_ex);
      break;
    case kMessageChannel:
      into(all.message_channel, "CS_MCS_MSGCHANNEL", read_client_message_channel);
      break;
    case kMultitransport:
      into(all.multitransport, "CS_MULTITRANSPORT", read_client_multitransport);
      break;
    default:
      all.unknown.push_back(block.type);
      break;
  }
}

}  // namespace

ClientBlocks read_client_blocks(Cursor& in) {
  const auto conference = read_conference_request(in);
  ClientBlocks all;
  for (const auto& block : conference.blocks) { read_block(block, all); }
  if (!all.damage) { all.damage = conference.damage; }
  return all;
}

}  // namespace remora::rdp
