#include "dissect/tls/family.h"

#include "dissect/tls/tls_dissector.h"

namespace remora::tls {

Family family() {
  return {.protocol = kProtocol, .recognise = nullptr, .make = []() -> std::unique_ptr<Dissector> {
            return std::make_unique<TlsDissector>();
          }};
}

}  // namespace remora::tls
