#include "dissect/ticket/family.h"

#include <memory>

#include "dissect/ticket/stream_scan.h"

namespace remora::ticket {

Family scan_family() {
  return {.protocol = Protocol{"ticket-scan"},
          .make_listener = [](const Context& context) -> std::unique_ptr<Dissector> {
            if (!context.scan_streams) { return nullptr; }
            return std::make_unique<StreamScan>(context);
          }};
}

}  // namespace remora::ticket
