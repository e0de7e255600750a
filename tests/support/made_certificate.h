#pragma once

#include <memory>
#include <string>
#include <vector>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace remora::testing {

/// A self-signed certificate and its key, made by OpenSSL for one test run.
struct MadeCertificate {
  std::shared_ptr<EVP_PKEY> key;
  std::shared_ptr<X509> certificate;
  [[nodiscard]] std::vector<std::byte> der() const;
};

/// RSA 2048, SHA-256, valid from 2026-01-01 to 2026-07-01, serial 0x00c0ffee. `alternative_names`
/// in OpenSSL's words: "DNS:srv.corp.example,IP:192.0.2.7"; empty for none.
[[nodiscard]] MadeCertificate make_certificate(const std::string& common_name,
                                               const std::string& alternative_names);

}  // namespace remora::testing
