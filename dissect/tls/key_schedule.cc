#include "dissect/tls/key_schedule.h"

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "dissect/encoding/openssl.h"

namespace remora::tls {

using encoding::Freed;
using encoding::raw;

namespace {

// OpenSSL's parameters want memory that could be written to; it does not write.
void* writable(ByteView bytes) {
  return const_cast<std::byte*>(bytes.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

keys::Secret derive(const char* name, const OSSL_PARAM* parameters, std::size_t bytes) {
  const std::unique_ptr<EVP_KDF, Freed<&EVP_KDF_free>> function{
      EVP_KDF_fetch(nullptr, name, nullptr)};
  const std::unique_ptr<EVP_KDF_CTX, Freed<&EVP_KDF_CTX_free>> context{
      EVP_KDF_CTX_new(function.get())};
  std::vector<std::byte> derived(bytes);
  if (context == nullptr ||
      EVP_KDF_derive(context.get(), raw(std::span{derived}), bytes, parameters) != 1) {
    ERR_clear_error();
    return {};
  }
  keys::Secret secret{derived};
  keys::wipe(derived);
  return secret;
}

}  // namespace

keys::Secret prf(std::uint16_t version, const Protection& protection, ByteView secret,
                 std::string_view label, ByteView seed, std::size_t bytes) {
  std::string hash = version >= kTls12 ? protection.hash : "MD5-SHA1";
  const std::array parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, hash.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, writable(secret), secret.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, writable(as_bytes(label)),
                                        label.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, writable(seed), seed.size()),
      OSSL_PARAM_construct_end()};
  return derive("TLS1-PRF", parameters.data(), bytes);
}

keys::Secret expand_label(const Protection& protection, ByteView secret, std::string_view label,
                          std::size_t bytes) {
  // struct HkdfLabel: length u16 | "tls13 " and the label, u8 before | context, u8 before
  std::string info;
  info += static_cast<char>(bytes >> 8U);
  info += static_cast<char>(bytes);
  info += static_cast<char>(label.size() + 6);
  info += "tls13 ";
  info += label;
  info += '\0';
  std::string hash = protection.hash;
  int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
  const std::array parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, hash.data(), 0),
      OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, writable(secret), secret.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end()};
  return derive("HKDF", parameters.data(), bytes);
}

}  // namespace remora::tls
