#include "dissect/families.h"

#include <array>

#include "dissect/preconnection/family.h"
#include "dissect/rdp/family.h"
#include "dissect/tls/family.h"

namespace remora {

Families all_families() {
  static const std::array families{
      rdp::family(),
      preconnection::family(),
      tls::family(),
  };
  return families;
}

}  // namespace remora
