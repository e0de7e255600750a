#include "dissect/rdp/gcc/server_security.h"

#include <utility>

namespace remora::rdp {
namespace {

/// A certificate that cannot be read costs nothing else of the block.
void read_certificate(Cursor& in, std::uint32_t size, ServerSecurity& security) {
  const auto offset = in.offset();
  const auto bytes = in.bytes(size, "serverCertificate");
  if (!in.ok()) { return; }
  auto certificate = decode(bytes, read_server_certificate);
  if (certificate) {
    security.certificate = std::move(*certificate);
    return;
  }
  security.damage = certificate.error();
  security.damage->field = "serverCertificate." + security.damage->field;
  security.damage->offset += offset;
}

}  // namespace

ServerSecurity read_server_security(Cursor& in) {
  ServerSecurity security{.encryption_method = EncryptionMethod{in.u32le("encryptionMethod")},
                          .encryption_level = EncryptionLevel{in.u32le("encryptionLevel")},
                          .server_random = {},
                          .certificate = {},
                          .damage = {}};
  const bool none = security.encryption_method == EncryptionMethod::kNone &&
                    security.encryption_level == EncryptionLevel::kNone;
  if (none || in.at_end()) { return security; }
  const auto random_size = in.u32le("serverRandomLen");
  const auto certificate_size = in.u32le("serverCertLen");
  security.server_random = in.bytes(random_size, "serverRandom");
  if (certificate_size != 0) { read_certificate(in, certificate_size, security); }
  return security;
}

}  // namespace remora::rdp
