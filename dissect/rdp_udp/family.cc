#include "dissect/rdp_udp/family.h"

#include <memory>

#include "dissect/rdp_udp/rdp_udp_dissector.h"
#include "dissect/rdp_udp/syn.h"

namespace remora::rdp_udp {

Family family() {
  return {.protocol = kProtocol,
          .recognise_datagram = [](const Datagram& datagram) { return is_syn(datagram.bytes); },
          .make_for_datagrams = [](const Context&) -> std::unique_ptr<DatagramDissector> {
            return std::make_unique<RdpUdpDissector>();
          }};
}

}  // namespace remora::rdp_udp
