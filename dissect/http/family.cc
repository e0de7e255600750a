#include "dissect/http/family.h"

#include "dissect/http/http_dissector.h"
#include "dissect/http/recognise.h"

namespace remora::http {

Family family() {
  return {.protocol = kProtocol,
          .carries_no_session = true,
          .recognise = &recognise,
          .make = [](const Context& context) -> std::unique_ptr<Dissector> {
            return std::make_unique<HttpDissector>(context);
          }};
}

}  // namespace remora::http
