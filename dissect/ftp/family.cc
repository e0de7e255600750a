#include "dissect/ftp/family.h"

#include "dissect/ftp/ftp_dissector.h"
#include "dissect/ftp/recognise.h"

namespace remora::ftp {

Family family() {
  return {.protocol = kProtocol,
          .carries_no_session = true,
          .recognise = &recognise,
          .make = [](const Context&) -> std::unique_ptr<Dissector> {
            return std::make_unique<FtpDissector>();
          }};
}

}  // namespace remora::ftp
