#include "dissect/dcerpc/family.h"

#include "dissect/dcerpc/dcerpc_dissector.h"
#include "dissect/dcerpc/pdu_header.h"

namespace remora::dcerpc {

Family family() {
  return {.protocol = kProtocol,
          .recognise = &recognise,
          .make = [](const Context&) -> std::unique_ptr<Dissector> {
            return std::make_unique<DcerpcDissector>();
          }};
}

}  // namespace remora::dcerpc
