#include "dissect/families.h"

#include <array>

#include "dissect/names/family.h"
#include "dissect/preconnection/family.h"
#include "dissect/rdp/family.h"
#include "dissect/tls/family.h"

namespace remora {

Families all_families() {
  static const std::array families{
      rdp::family(),
      preconnection::family(),
      tls::family(),
      names::dns_family(),
      names::mdns_family(),
      names::llmnr_family(),
      names::nbns_family(),
      names::dhcp4_family(),
      names::dhcp6_family(),
      names::server_name_family(),
  };
  return families;
}

}  // namespace remora
