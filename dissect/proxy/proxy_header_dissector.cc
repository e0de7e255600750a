#include "dissect/proxy/proxy_header_dissector.h"

#include "dissect/proxy/proxy_header.h"

namespace remora::proxy {

std::size_t ProxyHeaderDissector::on_bytes(Side from, ByteView bytes, Instant at, Findings& out) {
  // The recogniser has seen it whole: it is the first that is offered.
  out.hand_over_to_any();
  const auto extent = measure_proxy_header(bytes);
  if (!extent.is_whole()) { return 0; }
  const auto header = read_proxy_header(bytes.first(extent.size()));
  if (!header.has_value()) {
    out.observe(at, from, "proxy.header",
                observation::Damage{.what = "PROXY header: its addresses cannot be read"});
  } else if (header->client.has_value()) {
    const bool first = header->version == 1;
    out.observe(at, from, first ? "proxy.header_v1" : "proxy.header_v2",
                observation::ProxyAsked{.kind = first ? observation::ProxyKind::kProxyV1
                                                      : observation::ProxyKind::kProxyV2,
                                        .target = header->destination,
                                        .client = header->client,
                                        .authority = header->authority});
  }
  return extent.size();
}

void ProxyHeaderDissector::on_gap(Side /*from*/, std::uint64_t /*size*/, Instant /*at*/,
                                  Findings& out) {
  out.hand_over_to_any();
}

}  // namespace remora::proxy
