#include "dissect/encoding/running_sha256.h"

#include <openssl/evp.h>

namespace remora::encoding {

void RunningSha256::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

RunningSha256::RunningSha256() : context_{EVP_MD_CTX_new()} {
  EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
}
RunningSha256::RunningSha256(RunningSha256&&) noexcept = default;
RunningSha256& RunningSha256::operator=(RunningSha256&&) noexcept = default;
RunningSha256::~RunningSha256() = default;

void RunningSha256::add(ByteView bytes) {
  EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

std::array<std::byte, 32> RunningSha256::digest() const {
  std::array<std::byte, 32> result{};
  const std::unique_ptr<evp_md_ctx_st, Free> copy{EVP_MD_CTX_new()};
  EVP_MD_CTX_copy_ex(copy.get(), context_.get());
  EVP_DigestFinal_ex(copy.get(), reinterpret_cast<unsigned char*>(result.data()), nullptr);
  return result;
}

}  // namespace remora::encoding
