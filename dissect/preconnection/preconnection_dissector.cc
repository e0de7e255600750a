#include "dissect/preconnection/preconnection_dissector.h"

#include "dissect/preconnection/preconnection_pdu.h"

namespace remora::preconnection {
namespace {

constexpr Protocol kRdp{"rdp"};

}  // namespace

std::size_t PreconnectionDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  const auto extent = measure_preconnection_pdu(bytes);
  if (extent.needs_more()) { return 0; }
  out.hand_over(kRdp);
  if (extent.is_lost()) { return 0; }  // the other side's bytes, or none of ours
  if (auto pdu = decode(bytes.first(extent.size()), read_preconnection_pdu)) {
    out.observe(at, from, "preconnection.pdu",
                observation::Preconnection{.id = pdu->id, .blob = std::move(pdu->blob)});
  } else {
    out.observe(at, from, "preconnection.pdu", observation::Damage{.what = pdu.error().to_text()});
  }
  return extent.size();
}

void PreconnectionDissector::on_gap(Side /*from*/, std::uint64_t /*size*/, Instant /*at*/,
                                    Findings& out) {
  out.hand_over(kRdp);
}

}  // namespace remora::preconnection
