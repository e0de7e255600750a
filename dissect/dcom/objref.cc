#include "dissect/dcom/objref.h"

namespace remora::dcom {
namespace {

constexpr std::uint32_t kSignature = 0x574f454d;          // "MEOW"
constexpr std::uint32_t kExtendedSignature = 0x4e535956;  // 2.2.18.7

void read_standard(Cursor& in, Objref& object) {
  in.skip(8, "flags and cPublicRefs");
  object.oxid = in.u64le("oxid");
  object.oid = in.u64le("oid");
  object.ipid = ndr::read_guid(in, true, "ipid");
}

}  // namespace

Objref read_objref(Cursor& in) {
  Objref object;
  if (in.u32le("signature") != kSignature) { in.fail("signature", "unexpected value"); }
  object.flags = in.u32le("flags");
  object.iid = ndr::read_guid(in, true, "iid");
  switch (object.flags) {
    case Objref::kStandard:
      read_standard(in, object);
      object.resolver = read_dual_string_array(in);
      break;
    case Objref::kHandler:
      read_standard(in, object);
      object.clsid = ndr::read_guid(in, true, "clsid");
      object.resolver = read_dual_string_array(in);
      break;
    case Objref::kCustom:
      object.clsid = ndr::read_guid(in, true, "clsid");
      in.skip(8, "cbExtension and reserved");
      object.object_data = in.rest();
      break;
    case Objref::kExtended:
      read_standard(in, object);
      if (in.u32le("Signature1") != kExtendedSignature) {
        in.fail("Signature1", "unexpected value");
      }
      object.resolver = read_dual_string_array(in);
      break;
    default:
      in.fail("flags", "unexpected value");
  }
  return object;
}

}  // namespace remora::dcom
