#include "dissect/dcerpc/shadow.h"

namespace remora::dcerpc {

ShadowReply read_shadow_reply(ndr::NdrReader& in) {
  ShadowReply reply;
  (void)in.u16("pePermission");
  reply.invitation = in.wide_characters("pszInvitation");
  reply.result = in.u32("result");
  return reply;
}

}  // namespace remora::dcerpc
