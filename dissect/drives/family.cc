#include "dissect/drives/family.h"

#include <memory>

#include "dissect/drives/drives_dissector.h"

namespace remora::drives {

Family family() {
  return {.protocol = kProtocol,
          .reads_channel = &reads_channel,
          .make_for_channels = []() -> std::unique_ptr<ChannelDissector> {
            return std::make_unique<DrivesDissector>();
          }};
}

}  // namespace remora::drives
