#include "dissect/proxy/family.h"

#include <memory>

#include "dissect/proxy/http_connect.h"
#include "dissect/proxy/http_connect_dissector.h"
#include "dissect/proxy/proxy_header.h"
#include "dissect/proxy/proxy_header_dissector.h"
#include "dissect/proxy/socks4.h"
#include "dissect/proxy/socks4_dissector.h"
#include "dissect/proxy/socks5.h"
#include "dissect/proxy/socks5_dissector.h"

namespace remora::proxy {
namespace {

template <typename Made>
std::unique_ptr<Dissector> make(const Context&) {
  return std::make_unique<Made>();
}

/// What is whole, and what may become it, is the family's.
template <Extent (*kMeasure)(ByteView)>
Verdict recognise(ByteView first_bytes) {
  const auto extent = kMeasure(first_bytes);
  if (extent.is_lost()) { return Verdict::kNo; }
  return extent.is_whole() ? Verdict::kYes : Verdict::kMore;
}

}  // namespace

Family socks4_family() {
  return {.protocol = kSocks4,
          .recognise = &recognise<measure_socks4_request>,
          .make = &make<Socks4Dissector>};
}

Family socks5_family() {
  return {.protocol = kSocks5,
          .recognise = &recognise<measure_socks5_greeting>,
          .make = &make<Socks5Dissector>};
}

Family http_connect_family() {
  return {.protocol = kHttpConnect,
          .recognise = &recognise<measure_connect_line>,
          .make = &make<HttpConnectDissector>};
}

Family proxy_header_family() {
  return {.protocol = kProxyHeader,
          .recognise = &recognise<measure_proxy_header>,
          .make = &make<ProxyHeaderDissector>};
}

}  // namespace remora::proxy
