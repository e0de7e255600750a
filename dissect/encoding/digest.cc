#include "dissect/encoding/digest.h"

#include <cstdlib>
#include <span>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "dissect/encoding/openssl.h"

namespace remora::encoding {
namespace {

/// Looking an algorithm up takes longer than a short digest: once is enough.
const EVP_MD* fetch(const char* name, const EVP_MD* otherwise) {
  const EVP_MD* fetched = EVP_MD_fetch(nullptr, name, nullptr);
  return fetched == nullptr ? otherwise : fetched;
}

template <std::size_t Size>
std::optional<std::array<std::byte, Size>> digest(ByteView bytes, const EVP_MD* algorithm) {
  std::array<std::byte, Size> result{};
  if (EVP_Digest(bytes.data(), bytes.size(), raw(std::span<std::byte>{result}), nullptr, algorithm,
                 nullptr) == 1) {
    return result;
  }
  ERR_clear_error();
  return {};
}

template <std::size_t Size>
std::array<std::byte, Size> sure_digest(ByteView bytes, const EVP_MD* algorithm) {
  const auto result = digest<Size>(bytes, algorithm);
  if (!result.has_value()) { std::abort(); }
  return *result;
}

}  // namespace

std::optional<std::array<std::byte, 16>> md5(ByteView bytes) {
  static const EVP_MD* const algorithm = fetch("MD5", EVP_md5());
  return digest<16>(bytes, algorithm);
}
std::array<std::byte, 20> sha1(ByteView bytes) {
  static const EVP_MD* const algorithm = fetch("SHA1", EVP_sha1());
  return sure_digest<20>(bytes, algorithm);
}
std::array<std::byte, 32> sha256(ByteView bytes) {
  static const EVP_MD* const algorithm = fetch("SHA256", EVP_sha256());
  return sure_digest<32>(bytes, algorithm);
}

}  // namespace remora::encoding
