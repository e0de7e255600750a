#include "dissect/dynamic_channels/family.h"

#include <memory>

#include "dissect/dynamic_channels/dynamic_channels_dissector.h"

namespace remora::dynamic_channels {

Family family() {
  return {
      .protocol = kProtocol,
      .reads_channel =
          [](std::string_view name) { return name == kProtocol.word || name == kInTunnel.word; },
      .make_for_channels = []() -> std::unique_ptr<ChannelDissector> {
        return std::make_unique<DynamicChannelsDissector>();
      }};
}

}  // namespace remora::dynamic_channels
