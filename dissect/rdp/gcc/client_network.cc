#include "dissect/rdp/gcc/client_network.h"

#include <cstddef>
#include <utility>

#include "dissect/encoding/text.h"

namespace remora::rdp {
namespace {

constexpr std::size_t kMostChannels = 31;
constexpr std::size_t kNameBytes = 8;

[[nodiscard]] ChannelDef read_channel_def(Cursor& in) {
  return {.name = encoding::to_utf8(encoding::up_to_nul(in.bytes(kNameBytes, "name"))),
          .options = in.u32le("options")};
}

}  // namespace

ClientNetwork read_client_network(Cursor& in) {
  ClientNetwork network{.channel_count = in.u32le("channelCount"), .channels = {}};
  while (in.ok() && network.channels.size() < network.channel_count &&
         network.channels.size() < kMostChannels) {
    auto channel = read_channel_def(in);
    if (in.ok()) { network.channels.push_back(std::move(channel)); }
  }
  return network;
}

}  // namespace remora::rdp
