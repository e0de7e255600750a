#include "dissect/encoding/digest.h"

#include <openssl/evp.h>

namespace remora::encoding {
namespace {

template <std::size_t Size>
std::array<std::byte, Size> digest(ByteView bytes, const EVP_MD* algorithm) {
  std::array<std::byte, Size> result{};
  EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(result.data()), nullptr,
             algorithm, nullptr);
  return result;
}

}  // namespace

std::array<std::byte, 16> md5(ByteView bytes) {
  return digest<16>(bytes, EVP_md5());
}
std::array<std::byte, 20> sha1(ByteView bytes) {
  return digest<20>(bytes, EVP_sha1());
}
std::array<std::byte, 32> sha256(ByteView bytes) {
  return digest<32>(bytes, EVP_sha256());
}

}  // namespace remora::encoding
