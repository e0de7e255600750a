#include "dissect/families.h"

#include <array>

#include "dissect/assistance/family.h"
#include "dissect/clipboard/family.h"
#include "dissect/credssp/family.h"
#include "dissect/dcerpc/family.h"
#include "dissect/drives/family.h"
#include "dissect/dynamic_channels/family.h"
#include "dissect/ftp/family.h"
#include "dissect/gateway/family.h"
#include "dissect/http/family.h"
#include "dissect/kdc/family.h"
#include "dissect/mail/family.h"
#include "dissect/messenger/family.h"
#include "dissect/multitransport/family.h"
#include "dissect/names/family.h"
#include "dissect/pnrp/family.h"
#include "dissect/preconnection/family.h"
#include "dissect/proxy/family.h"
#include "dissect/rdp/family.h"
#include "dissect/rdp_udp/family.h"
#include "dissect/smb/family.h"
#include "dissect/ticket_file/family.h"
#include "dissect/ticket_scan/family.h"
#include "dissect/tls/family.h"
#include "dissect/upnp/family.h"

namespace remora {

namespace {

/// Most recognisers turn most streams down by their first byte.
template <std::size_t kSize>
std::array<Family, kSize> with_first_bytes(std::array<Family, kSize> families) {
  for (auto& family : families) {
    if (family.recognise != nullptr) { family.first_bytes = FirstBytes{family.recognise}; }
  }
  return families;
}

}  // namespace

Families all_families() {
  static const auto families = with_first_bytes(std::array{
      rdp::family(),
      rdp::inside_tls_family(),
      preconnection::family(),
      tls::family(),
      tls::opened_family(),
      tls::multitransport_family(),
      tls::dtls_family(),
      credssp::family(),
      credssp::rdstls_family(),
      credssp::aad_family(),
      proxy::socks4_family(),
      proxy::socks5_family(),
      proxy::http_connect_family(),
      proxy::proxy_header_family(),
      gateway::family(),
      gateway::virtual_desktop_family(),
      gateway::websocket_family(),
      gateway::chunked_family(),
      gateway::packets_family(),
      gateway::one_way_family(),
      rdp_udp::family(),
      multitransport::family(),
      names::dns_family(),
      names::mdns_family(),
      names::llmnr_family(),
      names::nbns_family(),
      names::dhcp4_family(),
      names::dhcp6_family(),
      names::server_name_family(),
      smb::family(),
      messenger::msnp_family(),
      messenger::sip_family(),
      ticket_scan::family(),
      ftp::family(),
      http::family(),
      dcerpc::family(),
      kdc::family(),
      ticket_file::family(),
      mail::smtp_family(),
      mail::pop3_family(),
      mail::imap_family(),
      upnp::family(),
      pnrp::family(),
      assistance::family(),
      clipboard::family(),
      drives::family(),
      dynamic_channels::family(),
  });
  return families;
}

}  // namespace remora
