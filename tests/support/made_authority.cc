#include "tests/support/made_authority.h"

#include <cstdio>
#include <stdexcept>
#include <utility>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace remora::testing {
namespace {

constexpr long kDay = 86400;

void must(bool right) {
  if (!right) { throw std::runtime_error{"OpenSSL made no certificate"}; }
}

[[nodiscard]] std::shared_ptr<EVP_PKEY> make_key() {
  return {EVP_EC_gen("P-256"), EVP_PKEY_free};
}

[[nodiscard]] std::shared_ptr<X509> make_certificate_of(EVP_PKEY& key, const std::string& name,
                                                        long serial, long seconds_left) {
  std::shared_ptr<X509> made{X509_new(), X509_free};
  must(X509_set_version(made.get(), X509_VERSION_3) == 1);
  must(ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial) == 1);
  must(X509_gmtime_adj(X509_getm_notBefore(made.get()), -kDay) != nullptr);
  must(X509_gmtime_adj(X509_getm_notAfter(made.get()), seconds_left) != nullptr);
  must(X509_set_pubkey(made.get(), &key) == 1);
  const auto* bytes = reinterpret_cast<const unsigned char*>(name.c_str());
  must(X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, bytes, -1,
                                  -1, 0) == 1);
  return made;
}

void add_extension(X509& to, int which, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> made{
      X509V3_EXT_conf_nid(nullptr, nullptr, which, value.c_str()), X509_EXTENSION_free};
  must(made != nullptr && X509_add_ext(&to, made.get(), -1) == 1);
}

}  // namespace

MadeAuthority::MadeAuthority(std::filesystem::path folder, const std::string& name)
    : folder_{std::move(folder)},
      key_{make_key()},
      certificate_{make_certificate_of(*key_, name, 1, kDay)} {
  must(X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get())) == 1);
  add_extension(*certificate_, NID_basic_constraints, "critical,CA:TRUE");
  must(X509_sign(certificate_.get(), key_.get(), EVP_sha256()) != 0);
  own_ = write(name, *certificate_, *key_);
}

CertificateFiles MadeAuthority::make(const std::string& file_name, const std::string& names,
                                     std::chrono::seconds left) {
  const auto key = make_key();
  const auto made =
      make_certificate_of(*key, file_name, ++serial_, static_cast<long>(left.count()));
  must(X509_set_issuer_name(made.get(), X509_get_subject_name(certificate_.get())) == 1);
  add_extension(*made, NID_subject_alt_name, names);
  must(X509_sign(made.get(), key_.get(), EVP_sha256()) != 0);
  return write(file_name, *made, *key);
}

CertificateFiles MadeAuthority::write(const std::string& file_name, const X509& certificate,
                                      const EVP_PKEY& key) const {
  CertificateFiles files{.certificate = folder_ / (file_name + ".pem"),
                         .key = folder_ / (file_name + ".key")};
  const auto open = [](const std::string& path) {
    return std::unique_ptr<std::FILE, decltype(&std::fclose)>{std::fopen(path.c_str(), "wb"),
                                                              std::fclose};
  };
  const auto certificate_file = open(files.certificate);
  const auto key_file = open(files.key);
  must(certificate_file != nullptr && PEM_write_X509(certificate_file.get(), &certificate) == 1);
  must(key_file != nullptr &&
       PEM_write_PrivateKey(key_file.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return files;
}

}  // namespace remora::testing
