#include "dissect/dcom/object_exporter.h"

namespace remora::dcom {

std::vector<StringBinding> read_server_alive2(ndr::NdrReader& in) {
  (void)in.u16("MajorVersion");
  (void)in.u16("MinorVersion");
  return read_resolve_oxid(in);
}

std::vector<StringBinding> read_resolve_oxid(ndr::NdrReader& in) {
  if (!in.pointer("ppdsaBindings")) { return {}; }
  return read_dual_string_array(in);
}

}  // namespace remora::dcom
