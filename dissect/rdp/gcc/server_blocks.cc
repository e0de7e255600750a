#include "dissect/rdp/gcc/server_blocks.h"

#include "dissect/rdp/gcc/block_reader.h"
#include "dissect/rdp/gcc/conference.h"

namespace remora::rdp {
namespace {

// TS_UD_HEADER.type, [MS-RDPBCGR] 2.2.1.3.1
constexpr std::uint16_t kCore = 0x0c01;
constexpr std::uint16_t kSecurity = 0x0c02;
constexpr std::uint16_t kNetwork = 0x0c03;
constexpr std::uint16_t kMessageChannel = 0x0c04;
constexpr std::uint16_t kMultitransport = 0x0c08;

void read_security(const UserDataBlock& block, ServerBlocks& all) {
  read_block_into(all.security, block, "SC_SECURITY", read_server_security, all.damage);
  if (!all.damage && all.security && all.security->damage) {
    all.damage = all.security->damage;
    all.damage->field = "SC_SECURITY." + all.damage->field;
    all.damage->offset += block.offset;
  }
}

void read_block(const UserDataBlock& block, ServerBlocks& all) {
  const auto into = [&](auto& field, const char* name, auto read) {
    read_block_into(field, block, name, read, all.damage);
  };
  switch (block.type) {
    case kCore:
      into(all.core, "SC_CORE", read_server_core);
      break;
    case kSecurity:
      read_security(block, all);
      break;
    case kNetwork:
      into(all.network, "SC_NET", read_server_network);
      break;
    case kMessageChannel:
      into(all.message_channel, "SC_MCS_MSGCHANNEL", read_server_message_channel);
      break;
    case kMultitransport:
      into(all.multitransport, "SC_MULTITRANSPORT", read_server_multitransport);
      break;
    default:
      all.unknown.push_back(block.type);
      break;
  }
}

}  // namespace

ServerBlocks read_server_blocks(Cursor& in) {
  const auto conference = read_conference_response(in);
  ServerBlocks all;
  for (const auto& block : conference.blocks) { read_block(block, all); }
  if (!all.damage) { all.damage = conference.damage; }
  return all;
}

}  // namespace remora::rdp
