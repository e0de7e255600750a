#include "tests/support/made_certificate.h"

#include <openssl/rsa.h>
#include <openssl/x509v3.h>

namespace remora::testing {
namespace {

void add_entry(X509_NAME* name, const char* field, const std::string& value) {
  X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(value.data()),
                             static_cast<int>(value.size()), -1, 0);
}

}  // namespace

std::vector<std::byte> MadeCertificate::der() const {
  unsigned char* data = nullptr;
  const int size = i2d_X509(certificate.get(), &data);
  const auto* first = reinterpret_cast<const std::byte*>(data);
  std::vector<std::byte> bytes(first, first + size);
  OPENSSL_free(data);
  return bytes;
}

MadeCertificate make_certificate(const std::string& common_name,
                                 const std::string& alternative_names) {
  MadeCertificate made{.key = {EVP_RSA_gen(2048), &EVP_PKEY_free},
                       .certificate = {X509_new(), &X509_free}};
  X509* x509 = made.certificate.get();
  X509_set_version(x509, X509_VERSION_3);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), 0xc0ffee);
  ASN1_TIME_set_string(X509_getm_notBefore(x509), "20260101000000Z");
  ASN1_TIME_set_string(X509_getm_notAfter(x509), "20260701000000Z");
  auto* name = X509_get_subject_name(x509);
  add_entry(name, "DC", "example");
  add_entry(name, "DC", "corp");
  add_entry(name, "CN", common_name);
  X509_set_issuer_name(x509, name);
  X509_set_pubkey(x509, made.key.get());
  if (!alternative_names.empty()) {
    auto* extension =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternative_names.c_str());
    X509_add_ext(x509, extension, -1);
    X509_EXTENSION_free(extension);
  }
  X509_sign(x509, made.key.get(), EVP_sha256());
  return made;
}

}  // namespace remora::testing
