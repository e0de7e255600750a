#include "dissect/x509/public_key.h"

#include <memory>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "dissect/x509/certificate.h"

namespace remora::x509 {
namespace {

struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeNumber {
  void operator()(BIGNUM* number) const { BN_free(number); }
};

}  // namespace

std::vector<std::byte> rsa_modulus(ByteView der_certificate) {
  if (der_certificate.size() > kMaxCertificateBytes) { return {}; }
  const auto* at = reinterpret_cast<const unsigned char*>(der_certificate.data());
  const std::unique_ptr<X509, FreeCertificate> certificate{
      d2i_X509(nullptr, &at, static_cast<long>(der_certificate.size()))};
  BIGNUM* number = nullptr;
  if (certificate != nullptr && X509_get0_pubkey(certificate.get()) != nullptr) {
    (void)EVP_PKEY_get_bn_param(X509_get0_pubkey(certificate.get()), OSSL_PKEY_PARAM_RSA_N,
                                &number);
  }
  ERR_clear_error();
  const std::unique_ptr<BIGNUM, FreeNumber> modulus{number};
  if (modulus == nullptr) { return {}; }
  std::vector<std::byte> bytes(static_cast<std::size_t>(BN_num_bytes(modulus.get())));
  BN_bn2bin(modulus.get(), reinterpret_cast<unsigned char*>(bytes.data()));
  return bytes;
}

}  // namespace remora::x509
