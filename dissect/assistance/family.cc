#include "dissect/assistance/family.h"

#include <memory>

#include "dissect/assistance/assistance_dissector.h"

namespace remora::assistance {

Family family() {
  return {.protocol = kProtocol,
          .reads_channel = &reads_channel,
          .make_for_channels = []() -> std::unique_ptr<ChannelDissector> {
            return std::make_unique<AssistanceDissector>();
          }};
}

}  // namespace remora::assistance
