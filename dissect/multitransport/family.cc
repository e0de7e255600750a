#include "dissect/multitransport/family.h"

#include <memory>

#include "dissect/multitransport/multitransport_dissector.h"

namespace remora::multitransport {

Family family() {
  return {.protocol = kProtocol,
          .recognise = nullptr,
          .make = [](const Context&) -> std::unique_ptr<Dissector> {
            return std::make_unique<MultitransportDissector>();
          }};
}

}  // namespace remora::multitransport
