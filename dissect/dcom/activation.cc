#include "dissect/dcom/activation.h"

#include <algorithm>
#include <iterator>

#include "dissect/dcom/activation_blob.h"
#include "dissect/dcom/classes.h"
#include "dissect/dcom/objref.h"
#include "dissect/dcom/orpc.h"

namespace remora::dcom {
namespace {

constexpr std::uint32_t kAnySession = 0xffffffff;
constexpr std::uint32_t kUseConsoleSession = 0x1;

/// [MS-DCOM] 2.2.22.2.1
void read_instantiation_info(ndr::NdrReader& in, ActivationRequest& request) {
  request.clsid = in.guid("classId");
  in.skip(12, "classCtx to fIsSurrogate");
  const std::size_t count = in.u32("cIID");
  (void)in.u32("instFlag");
  const bool listed = in.pointer("pIID");
  (void)in.u32("thisSize");
  (void)in.u32("clientCOMVersion");
  if (!listed) { return; }
  (void)in.u32("max_count");
  for (std::size_t at = 0; at < std::min(count, kMaxInterfaces) && in.ok(); ++at) {
    request.iids.push_back(in.guid("pIID"));
  }
}

/// 2.2.22.2.2
void read_special_properties(ndr::NdrReader& in, ActivationRequest& request) {
  const auto session = in.u32("dwSessionId");
  in.skip(16, "fRemoteThisSessionId to dwDefaultAuthnLvl");
  (void)in.guid("guidPartition");
  in.skip(8, "dwPRTFlags and dwOrigClsctx");
  request.console_session = (in.u32("dwFlags") & kUseConsoleSession) != 0;
  if (session != kAnySession) { request.windows_session_id = session; }
}

/// 2.2.22.2.8
void read_scm_reply_info(ndr::NdrReader& in, ActivationReply& reply) {
  const bool reserved = in.pointer("pdwReserved");
  if (!in.pointer("remoteReply")) { return; }
  if (reserved) { (void)in.u32("pdwReserved"); }
  (void)in.u64("Oxid");
  const bool bound = in.pointer("pdsaOxidBindings");
  (void)in.guid("ipidRemUnknown");
  (void)in.u32("authnHint");
  (void)in.u32("serverVersion");
  if (bound) { reply.exporter = read_dual_string_array(in); }
}

/// 2.2.22.2.9
void read_props_out_info(ndr::NdrReader& in, ActivationReply& reply) {
  const std::size_t count = std::min<std::size_t>(in.u32("cIfs"), kMaxInterfaces);
  const bool iids = in.pointer("piid");
  const bool results = in.pointer("phresults");
  const bool objects = in.pointer("ppIntfData");
  if (iids) { in.skip(ndr::kGuidBytes * std::size_t{in.u32("max_count")}, "piid"); }
  if (results) { in.skip(4 * std::size_t{in.u32("max_count")}, "phresults"); }
  if (!objects) { return; }
  (void)in.u32("max_count");
  std::size_t present = 0;
  for (std::size_t at = 0; at < count && in.ok(); ++at) {
    present += in.pointer("ppIntfData") ? 1U : 0U;
  }
  for (std::size_t at = 0; at < present && in.ok(); ++at) {
    const auto object = decode(read_interface_pointer(in), read_objref);
    if (object && reply.resolver.empty()) { reply.resolver = object->resolver; }
  }
}

/// Leads each property of the blob in a custom OBJREF to its reader.
template <typename Read>
void read_properties(ndr::NdrReader& in, const ndr::Guid& kind, Read read) {
  const auto marshalled = read_interface_pointer(in);
  Cursor object_bytes{marshalled};
  const auto object = read_objref(object_bytes);
  if (!object_bytes.ok() || object.flags != Objref::kCustom || object.clsid != kind) {
    in.cursor().fail("pActProperties", "no activation properties");
    return;
  }
  const auto properties = decode(object.object_data, read_activation_blob);
  if (!properties) {
    in.cursor().fail("pActProperties", "no properties");
    return;
  }
  for (const auto& property : *properties) {
    Cursor whole{property.bytes};
    const auto header = ndr::read_serialization_header(whole);
    auto content = whole.sub(header.object_bytes, "Property");
    ndr::NdrReader reader{content, header.little_endian};
    read(property.clsid, reader);
  }
}

ActivationRequest read_request_properties(ndr::NdrReader& in) {
  ActivationRequest request;
  if (!in.pointer("pActProperties")) { in.cursor().fail("pActProperties", "is null"); }
  if (!in.ok()) { return request; }
  read_properties(in, kActivationPropertiesIn,
                  [&](const ndr::Guid& clsid, ndr::NdrReader& property) {
                    if (clsid == kInstantiationInfo) {
                      read_instantiation_info(property, request);
                    } else if (clsid == kSpecialSystemProperties) {
                      read_special_properties(property, request);
                    }
                  });
  return request;
}

}  // namespace

ActivationRequest read_remote_get_class_object(ndr::NdrReader& in) {
  read_orpcthis(in);
  return read_request_properties(in);
}

ActivationRequest read_remote_create_instance(ndr::NdrReader& in) {
  read_orpcthis(in);
  if (in.pointer("pUnkOuter")) { (void)read_interface_pointer(in); }
  return read_request_properties(in);
}

ActivationReply read_activation_reply(ndr::NdrReader& in) {
  ActivationReply reply;
  read_orpcthat(in);
  reply.has_properties = in.pointer("ppActProperties");
  if (reply.has_properties && in.ok()) {
    read_properties(in, kActivationPropertiesOut,
                    [&](const ndr::Guid& clsid, ndr::NdrReader& property) {
                      if (clsid == kScmReplyInfo) {
                        read_scm_reply_info(property, reply);
                      } else if (clsid == kPropsOutInfo) {
                        read_props_out_info(property, reply);
                      }
                    });
  }
  reply.result = in.u32("result");
  // A success has properties. Without them some servers leave room for more than a null pointer;
  // the result still comes last.
  while (!reply.has_properties && in.ok() && in.cursor().remaining() >= 4) {
    reply.result = in.u32("result");
  }
  return reply;
}

}  // namespace remora::dcom
