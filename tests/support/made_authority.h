#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace remora::testing {

/// A certificate and its key, as PEM files.
struct CertificateFiles {
  std::string certificate;
  std::string key;
};

/// A certification authority for one test, whose files lie in `folder`. EC keys, P-256.
class MadeAuthority {
 public:
  MadeAuthority(std::filesystem::path folder, const std::string& name);

  /// The authority's own certificate.
  [[nodiscard]] const std::string& file() const { return own_.certificate; }
  /// `names` in OpenSSL's words: "DNS:localhost,IP:127.0.0.1". Valid until `left` from now, which
  /// may lie in the past.
  [[nodiscard]] CertificateFiles make(const std::string& file_name, const std::string& names,
                                      std::chrono::seconds left = std::chrono::hours{1});

 private:
  CertificateFiles write(const std::string& file_name, const X509& certificate,
                         const EVP_PKEY& key) const;
  std::filesystem::path folder_;
  std::shared_ptr<EVP_PKEY> key_;
  std::shared_ptr<X509> certificate_;
  CertificateFiles own_;
  long serial_{1};
};

}  // namespace remora::testing
