#include "dissect/dcom/remote_activation.h"

#include <algorithm>

#include "dissect/dcom/objref.h"
#include "dissect/dcom/orpc.h"

namespace remora::dcom {

ActivationRequest read_remote_activation(ndr::NdrReader& in) {
  ActivationRequest request;
  read_orpcthis(in);
  request.clsid = in.guid("Clsid");
  if (in.pointer("pwszObjectName")) { (void)in.wide_characters("pwszObjectName"); }
  if (in.pointer("pObjectStorage")) { (void)read_interface_pointer(in); }
  (void)in.u32("ClientImpLevel");
  (void)in.u32("Mode");
  const std::size_t count = in.u32("Interfaces");
  if (!in.pointer("pIIDs")) { return request; }
  (void)in.u32("max_count");
  for (std::size_t at = 0; at < std::min(count, kMaxInterfaces) && in.ok(); ++at) {
    request.iids.push_back(in.guid("pIIDs"));
  }
  return request;
}

ActivationReply read_remote_activation_reply(ndr::NdrReader& in) {
  ActivationReply reply;
  read_orpcthat(in);
  (void)in.u64("pOxid");
  reply.has_properties = in.pointer("ppdsaOxidBindings");
  if (reply.has_properties) { reply.exporter = read_dual_string_array(in); }
  (void)in.guid("pipidRemUnknown");
  (void)in.u32("pAuthnHint");
  (void)in.u32("pServerVersion");
  reply.result = in.u32("phr");
  const std::size_t count = std::min<std::size_t>(in.u32("max_count"), kMaxInterfaces);
  std::size_t present = 0;
  for (std::size_t at = 0; at < count && in.ok(); ++at) {
    present += in.pointer("ppInterfaceData") ? 1U : 0U;
  }
  for (std::size_t at = 0; at < present && in.ok(); ++at) {
    const auto object = decode(read_interface_pointer(in), read_objref);
    if (object && reply.resolver.empty()) { reply.resolver = object->resolver; }
  }
  return reply;
}

}  // namespace remora::dcom
