#include "dissect/rdp/gcc/server_network.h"

#include <cstddef>

namespace remora::rdp {

ServerNetwork read_server_network(Cursor& in) {
  constexpr std::size_t kMostChannels = 31;
  ServerNetwork network{.mcs_channel_id = in.u16le("MCSChannelId"),
                        .channel_count = in.u16le("channelCount"),
                        .channel_ids = {}};
  while (in.ok() && network.channel_ids.size() < network.channel_count &&
         network.channel_ids.size() < kMostChannels) {
    const auto id = in.u16le("channelId");
    if (in.ok()) { network.channel_ids.push_back(id); }
  }
  return network;
}

}  // namespace remora::rdp
