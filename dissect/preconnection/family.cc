#include "dissect/preconnection/family.h"

#include "dissect/preconnection/preconnection_dissector.h"
#include "dissect/preconnection/preconnection_pdu.h"

namespace remora::preconnection {

Family family() {
  return {.protocol = kProtocol,
          .recognise = &recognise,
          .make = [](const Context&) -> std::unique_ptr<Dissector> {
            return std::make_unique<PreconnectionDissector>();
          }};
}

}  // namespace remora::preconnection
