#include "dissect/families.h"

#include <array>

#include "dissect/dcerpc/family.h"
#include "dissect/http/family.h"
#include "dissect/kdc/family.h"
#include "dissect/preconnection/family.h"
#include "dissect/rdp/family.h"
#include "dissect/smb/family.h"
#include "dissect/tls/family.h"

namespace remora {

Families all_families() {
  static const std::array families{
      rdp::family(),  preconnection::family(), tls::family(), smb::family(),
      http::family(), dcerpc::family(),        kdc::family(),
  };
  return families;
}

}  // namespace remora
