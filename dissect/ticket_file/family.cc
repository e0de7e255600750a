#include "dissect/ticket_file/family.h"

#include "dissect/ticket/first_bytes.h"
#include "dissect/ticket_file/ticket_file_dissector.h"

namespace remora::ticket_file {

Family family() {
  return {.protocol = kProtocol,
          .carries_no_session = true,
          .recognise = &ticket::judge_first_bytes,
          .make = [](const Context& context) -> std::unique_ptr<Dissector> {
            return std::make_unique<TicketFileDissector>(context);
          }};
}

}  // namespace remora::ticket_file
