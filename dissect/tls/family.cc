#include "dissect/tls/family.h"

#include "dissect/tls/dtls_dissector.h"
#include "dissect/tls/tls_dissector.h"

namespace remora::tls {

Family family() {
  return {.protocol = kProtocol,
          .recognise = nullptr,
          .make = [](const Context&) -> std::unique_ptr<Dissector> {
            return std::make_unique<TlsDissector>();
          }};
}

Family dtls_family() {
  return {.protocol = kDtls,
          .recognise = nullptr,
          .make = [](const Context&) -> std::unique_ptr<Dissector> {
            return std::make_unique<DtlsDissector>();
          }};
}

}  // namespace remora::tls
