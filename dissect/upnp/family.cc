#include "dissect/upnp/family.h"

#include "dissect/upnp/upnp_dissector.h"

namespace remora::upnp {

Family family() {
  return {.protocol = kProtocol, .make = [](const Context&) -> std::unique_ptr<Dissector> {
            return std::make_unique<UpnpDissector>();
          }};
}

}  // namespace remora::upnp
