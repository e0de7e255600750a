#include "dissect/kdc/family.h"

#include "dissect/kdc/datagrams.h"
#include "dissect/kdc/kdc_dissector.h"

namespace remora::kdc {

Family family() {
  return {.protocol = kProtocol,
          .recognise = &recognise,
          .make = [](const Context&) -> std::unique_ptr<Dissector> {
            return std::make_unique<KdcDissector>();
          },
          .recognise_datagram = &recognise_datagram,
          .read_datagram = &read_datagram};
}

}  // namespace remora::kdc
