#include "dissect/pnrp/family.h"

#include <memory>

#include "dissect/pnrp/message.h"
#include "dissect/pnrp/pnrp_dissector.h"

namespace remora::pnrp {

Family family() {
  return {.protocol = kProtocol,
          .recognise_datagram = [](const Datagram& datagram) { return is_pnrp(datagram.bytes); },
          .make_for_datagrams = [](const Context& context) -> std::unique_ptr<DatagramDissector> {
            return std::make_unique<PnrpDissector>(context);
          }};
}

}  // namespace remora::pnrp
