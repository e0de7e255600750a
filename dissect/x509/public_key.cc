#include "dissect/x509/public_key.h"

#include <memory>
#include <span>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "dissect/encoding/openssl.h"
#include "dissect/x509/certificate.h"

namespace remora::x509 {

using encoding::Freed;
using encoding::raw;
std::vector<std::byte> rsa_modulus(ByteView der_certificate) {
  if (der_certificate.size() > kMaxCertificateBytes) { return {}; }
  const auto* at = raw(der_certificate);
  const std::unique_ptr<X509, Freed<&X509_free>> certificate{
      d2i_X509(nullptr, &at, static_cast<long>(der_certificate.size()))};
  BIGNUM* number = nullptr;
  if (certificate != nullptr && X509_get0_pubkey(certificate.get()) != nullptr) {
    (void)EVP_PKEY_get_bn_param(X509_get0_pubkey(certificate.get()), OSSL_PKEY_PARAM_RSA_N,
                                &number);
  }
  ERR_clear_error();
  const std::unique_ptr<BIGNUM, Freed<&BN_free>> modulus{number};
  if (modulus == nullptr) { return {}; }
  std::vector<std::byte> bytes(static_cast<std::size_t>(BN_num_bytes(modulus.get())));
  BN_bn2bin(modulus.get(), raw(std::span{bytes}));
  return bytes;
}

}  // namespace remora::x509
