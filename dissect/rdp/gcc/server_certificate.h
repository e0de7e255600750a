#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "capture/base/bytes.h"
#include "capture/base/cursor.h"
#include "dissect/observation/settings.h"

namespace remora::rdp {

/// An RSA public key as its certificate writes it. Borrowed.
struct RsaPublicKey {
  std::uint32_t bits;      ///< of the modulus
  std::uint64_t exponent;  ///< at most eight bytes are read
  ByteView modulus;        ///< without padding; byte order as in the certificate
};

/// SERVER_CERTIFICATE, [MS-RDPBCGR] 2.2.1.4.3.1. Views borrow from the input.
struct ServerCertificate {
  std::uint32_t version;    ///< certChainVersion, low 31 bits
  bool temporarily_issued;  ///< t, the top bit
  observation::ServerCertificateKind kind;
  std::optional<RsaPublicKey> public_key;  ///< little-endian if proprietary, big-endian if X.509;
                                           ///< absent when the X.509 leaf holds no RSA key
  ByteView public_key_blob;                ///< PublicKeyBlob; empty when X.509
  std::vector<ByteView> chain;             ///< DER, root first, leaf last; X.509 only
  /// The leaf's DER; empty when proprietary.
  [[nodiscard]] ByteView leaf() const { return chain.empty() ? ByteView{} : chain.back(); }
};

/// Reads the serverCertificate field: the proprietary form, 2.2.1.4.3.1.1, or an X.509 chain,
/// [MS-RDPELE] 2.2.1.4.2.
///
/// LIMIT: 200 certificates in a chain, the specification's maximum; a longer one is an error.
[[nodiscard]] ServerCertificate read_server_certificate(Cursor& in);

/// The RSA key of an X.509 certificate, RFC 5280 4.1. The key algorithm's OID is not looked at:
/// terminal server licence certificates name a signature algorithm there.
[[nodiscard]] RsaPublicKey read_x509_rsa_key(Cursor& in);

}  // namespace remora::rdp
