#include "dissect/ticket_scan/family.h"

#include <memory>

#include "dissect/ticket/stream_scan.h"

namespace remora::ticket_scan {

Family family() {
  return {.protocol = Protocol{"ticket-scan"},
          .make_listener = [](const Context& context) -> std::unique_ptr<Dissector> {
            if (!context.scan_streams) { return nullptr; }
            return std::make_unique<ticket::StreamScan>(context);
          }};
}

}  // namespace remora::ticket_scan
