#include "dissect/smb/family.h"

#include "dissect/smb/framing.h"
#include "dissect/smb/smb_dissector.h"

namespace remora::smb {

Family family() {
  return {.protocol = kProtocol,
          .recognise = &recognise,
          .make = [](const Context&) -> std::unique_ptr<Dissector> {
            return std::make_unique<SmbDissector>();
          }};
}

}  // namespace remora::smb
