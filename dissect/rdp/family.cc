#include "dissect/rdp/family.h"

#include "dissect/rdp/rdp_dissector.h"
#include "dissect/rdp/recognise.h"

namespace remora::rdp {

Family family() {
  return {.protocol = kProtocol,
          .recognise = &recognise,
          .make = [](const Context& context) -> std::unique_ptr<Dissector> {
            return std::make_unique<RdpDissector>(context);
          }};
}

Family inside_tls_family() {
  return {.protocol = kInsideTls, .make = [](const Context& context) -> std::unique_ptr<Dissector> {
            return std::make_unique<RdpDissector>(context, RdpDissector::Surroundings::kTls);
          }};
}

}  // namespace remora::rdp
