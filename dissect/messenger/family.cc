#include "dissect/messenger/family.h"

#include <memory>

#include "dissect/messenger/msnp_command.h"
#include "dissect/messenger/msnp_dissector.h"
#include "dissect/messenger/sip_dissector.h"
#include "dissect/messenger/sip_message.h"

namespace remora::messenger {

Family msnp_family() {
  return {.protocol = kMsnp,
          .carries_no_session = true,
          .recognise = &recognise_msnp,
          .make = [](const Context& context) -> std::unique_ptr<Dissector> {
            return std::make_unique<MsnpDissector>(context);
          }};
}

Family sip_family() {
  return {
      .protocol = kSip,
      .carries_no_session = true,
      .recognise = &recognise_sip,
      .make = [](const Context& context) -> std::unique_ptr<Dissector> {
        return std::make_unique<SipDissector>(context);
      },
      .recognise_datagram =
          [](const Datagram& datagram) { return recognise_sip(datagram.bytes) == Verdict::kYes; },
      .make_for_datagrams = [](const Context& context) -> std::unique_ptr<DatagramDissector> {
        return std::make_unique<SipDatagrams>(context);
      }};
}

}  // namespace remora::messenger
