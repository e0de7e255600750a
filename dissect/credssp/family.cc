#include "dissect/credssp/family.h"

#include <memory>

#include "dissect/credssp/aad_dissector.h"
#include "dissect/credssp/credssp_dissector.h"
#include "dissect/credssp/rdstls_dissector.h"
#include "dissect/credssp/rdstls_pdu.h"
#include "dissect/credssp/ts_request.h"

namespace remora::credssp {
namespace {

template <typename Made>
std::unique_ptr<Dissector> make(const Context&) {
  return std::make_unique<Made>();
}

}  // namespace

Family family() {
  return {
      .protocol = kCredSsp, .recognise = &recognise_ts_request, .make = &make<CredSspDissector>};
}

Family rdstls_family() {
  return {.protocol = kRdstls, .recognise = &recognise_rdstls, .make = &make<RdstlsDissector>};
}

Family aad_family() {
  return {.protocol = kRdsAad, .recognise = &recognise_aad, .make = &make<AadDissector>};
}

}  // namespace remora::credssp
