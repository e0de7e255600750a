#include "dissect/clipboard/family.h"

#include <memory>

#include "dissect/clipboard/clipboard_dissector.h"

namespace remora::clipboard {

Family family() {
  return {.protocol = kProtocol,
          .reads_channel = &reads_channel,
          .make_for_channels = []() -> std::unique_ptr<ChannelDissector> {
            return std::make_unique<ClipboardDissector>();
          }};
}

}  // namespace remora::clipboard
