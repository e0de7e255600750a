#include "dissect/rdp/gcc/server_certificate.h"

#include <bit>
#include <cstddef>

#include "dissect/encoding/ber.h"

namespace remora::rdp {
namespace {

using encoding::BerTag;
using observation::ServerCertificateKind;

constexpr std::uint32_t kTemporarilyIssued = 0x80000000U;  // t
constexpr std::uint32_t kProprietaryVersion = 1;           // CERT_CHAIN_VERSION_1
constexpr std::uint32_t kChainVersion = 2;                 // CERT_CHAIN_VERSION_2
constexpr std::uint32_t kMagic = 0x31415352;               // "RSA1"
constexpr std::size_t kModulusPadding = 8;
constexpr std::uint32_t kMostCertificates = 200;  // [MS-RDPELE] 2.2.1.4.2
constexpr BerTag kTbsVersionTag{0xa0};            // RFC 5280 4.1: [0] EXPLICIT

/// RSA_PUBLIC_KEY, [MS-RDPBCGR] 2.2.1.4.3.1.1.1.
[[nodiscard]] RsaPublicKey read_rsa_public_key(Cursor& in) {
  if (in.u32le("magic") != kMagic) { in.fail("magic", "not RSA1"); }
  const auto key_size = in.u32le("keylen");
  const auto bits = in.u32le("bitlen");
  in.skip(4, "datalen");
  const auto exponent = in.u32le("pubExp");
  const auto modulus = in.bytes(key_size, "modulus");
  const auto padding = modulus.size() < kModulusPadding ? 0 : kModulusPadding;
  return {.bits = bits, .exponent = exponent, .modulus = modulus.first(modulus.size() - padding)};
}

/// PROPRIETARYSERVERCERTIFICATE after its version; the signature proves nothing and is not read.
void read_proprietary(Cursor& in, ServerCertificate& certificate) {
  in.skip(4, "dwSigAlgId");
  in.skip(4, "dwKeyAlgId");
  in.skip(2, "wPublicKeyBlobType");
  auto blob = in.sub(in.u16le("wPublicKeyBlobLen"), "PublicKeyBlob");
  certificate.public_key_blob = blob.all();
  certificate.public_key = read_rsa_public_key(blob);
}

/// X509_CERTIFICATE_CHAIN, [MS-RDPELE] 2.2.1.4.2, without its padding.
[[nodiscard]] std::vector<ByteView> read_chain(Cursor& in) {
  std::vector<ByteView> chain;
  const auto count = in.u32le("NumCertBlobs");
  if (count > kMostCertificates) { in.fail("NumCertBlobs", "more than 200"); }
  while (in.ok() && chain.size() < count) {
    const auto size = in.u32le("cbCert");
    const auto certificate = in.bytes(size, "abCert");
    if (in.ok()) { chain.push_back(certificate); }
  }
  return chain;
}

[[nodiscard]] ByteView without_leading_zeros(ByteView number) {
  while (!number.empty() && number.front() == std::byte{0}) { number = number.subspan(1); }
  return number;
}

[[nodiscard]] std::uint32_t bits_of(ByteView modulus) {
  if (modulus.empty()) { return 0; }
  const auto first = static_cast<unsigned>(std::bit_width(to_u8(modulus.front())));
  return static_cast<std::uint32_t>((modulus.size() - 1) * 8 + first);
}

/// RSAPublicKey, RFC 8017 A.1.1.
[[nodiscard]] RsaPublicKey read_rsa_sequence(Cursor& in) {
  const auto length = encoding::read_ber_length_of(in, BerTag::kSequence, "RSAPublicKey");
  auto key = in.sub(length, "RSAPublicKey");
  const auto modulus =
      without_leading_zeros(encoding::read_ber_content(key, BerTag::kInteger, "modulus"));
  const auto exponent = encoding::read_ber_unsigned(key, BerTag::kInteger, "publicExponent");
  return {.bits = bits_of(modulus), .exponent = exponent, .modulus = modulus};
}

/// Steps over all of a TBSCertificate that stands before its key.
void skip_to_key(Cursor& in) {
  if (in.peek_u8() == static_cast<std::uint32_t>(kTbsVersionTag)) {
    (void)encoding::read_ber_content(in, kTbsVersionTag, "version");
  }
  (void)encoding::read_ber_content(in, BerTag::kInteger, "serialNumber");
  for (const auto* field : {"signature", "issuer", "validity", "subject"}) {
    (void)encoding::read_ber_content(in, BerTag::kSequence, field);
  }
}

}  // namespace

RsaPublicKey read_x509_rsa_key(Cursor& in) {
  auto certificate =
      in.sub(encoding::read_ber_length_of(in, BerTag::kSequence, "Certificate"), "Certificate");
  auto tbs = certificate.sub(
      encoding::read_ber_length_of(certificate, BerTag::kSequence, "tbsCertificate"),
      "tbsCertificate");
  skip_to_key(tbs);
  auto info = tbs.sub(encoding::read_ber_length_of(tbs, BerTag::kSequence, "subjectPublicKeyInfo"),
                      "subjectPublicKeyInfo");
  (void)encoding::read_ber_content(info, BerTag::kSequence, "algorithm");
  auto bit_string =
      info.sub(encoding::read_ber_length_of(info, BerTag::kBitString, "subjectPublicKey"),
               "subjectPublicKey");
  bit_string.skip(1, "unused bits");
  return read_rsa_sequence(bit_string);
}

ServerCertificate read_server_certificate(Cursor& in) {
  ServerCertificate certificate{};
  const auto version = in.u32le("dwVersion");
  certificate.version = version & ~kTemporarilyIssued;
  certificate.temporarily_issued = (version & kTemporarilyIssued) != 0;
  if (certificate.version == kProprietaryVersion) {
    certificate.kind = ServerCertificateKind::kProprietary;
    read_proprietary(in, certificate);
  } else if (certificate.version == kChainVersion) {
    certificate.kind = ServerCertificateKind::kX509Chain;
    certificate.chain = read_chain(in);
    const auto key = decode(certificate.leaf(), read_x509_rsa_key);
    if (key) { certificate.public_key = *key; }
  } else {
    in.fail("dwVersion", "neither proprietary nor X.509");
  }
  return certificate;
}

}  // namespace remora::rdp
