#include "dissect/smb/family.h"

#include "dissect/smb/framing.h"
#include "dissect/smb/smb_dissector.h"

namespace remora::smb {

Family family() {
  return {.protocol = kProtocol,
          .carries_no_session = true,
          .recognise = &recognise,
          .make = [](const Context& context) -> std::unique_ptr<Dissector> {
            return std::make_unique<SmbDissector>(context);
          }};
}

}  // namespace remora::smb
