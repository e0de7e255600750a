#include "dissect/tls/observed.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "dissect/tls/cipher_suites.h"
#include "dissect/tls/fingerprints.h"

namespace remora::tls {

observation::TlsClientHello to_observed(const ClientHello& hello) {
  auto versions = hello.supported_versions;
  std::erase_if(versions, is_grease);
  if (versions.empty()) { versions.push_back(hello.legacy_version); }
  std::ranges::sort(versions, std::greater{});
  // The versions of DTLS count down (RFC 6347 4.1).
  if (hello.legacy_version >> 8U == 0xfe) { std::ranges::reverse(versions); }
  return {.versions = std::move(versions),
          .sni = hello.server_name,
          .alpn = hello.alpn,
          .ja3 = ja3(hello),
          .ja4 = ja4(hello)};
}

observation::TlsServerHello to_observed(const ServerHello& hello) {
  return {.version = hello.selected_version,
          .cipher = hello.cipher_suite,
          .cipher_name = cipher_name(hello.cipher_suite),
          .ja3s = ja3s(hello)};
}

observation::Anomaly no_key_fits() {
  return {.code = "keys.no_match", .detail = "none of the keys given opens this connection"};
}

ByteView read_leaf_certificate(Cursor& in) {
  auto list = in.sub(in.u24be("certificate_list length"), "certificate_list");
  if (list.at_end()) { return {}; }
  return list.bytes(list.u24be("ASN.1Cert length"), "ASN.1Cert");
}

ByteView read_tls13_leaf_certificate(Cursor& in) {
  in.skip(in.u8("certificate_request_context length"), "certificate_request_context");
  auto list = in.sub(in.u24be("certificate_list length"), "certificate_list");
  if (list.at_end()) { return {}; }
  return list.bytes(list.u24be("cert_data length"), "cert_data");
}

}  // namespace remora::tls
