#include "dissect/dcerpc/auth_verifier.h"

namespace remora::dcerpc {

std::optional<AuthVerifier> find_auth_verifier(const PduHeader& header, ByteView pdu) {
  const auto size = kVerifierHeaderBytes + header.auth_length;
  if (header.auth_length == 0 || pdu.size() < kPduHeaderBytes + size) { return std::nullopt; }
  Cursor in{pdu.last(size)};
  const auto type = AuthType{in.u8("auth_type")};
  const auto level = in.u8("auth_level");
  const auto pad_length = in.u8("auth_pad_length");
  in.skip(1, "auth_reserved");
  const auto context =
      header.little_endian ? in.u32le("auth_context_id") : in.u32be("auth_context_id");
  return AuthVerifier{.type = type,
                      .level = level,
                      .pad_length = pad_length,
                      .context_id = context,
                      .value = in.rest()};
}

}  // namespace remora::dcerpc
