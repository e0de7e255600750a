#include "dissect/encoding/running_sha256.h"

#include <cstdlib>

#include <openssl/evp.h>

namespace remora::encoding {
namespace {

/// As in digest.h: without it nothing can go on.
void expect(bool good) {
  if (!good) { std::abort(); }
}

}  // namespace

void RunningSha256::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

RunningSha256::RunningSha256() : context_{EVP_MD_CTX_new()} {
  expect(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
}
RunningSha256::RunningSha256(RunningSha256&&) noexcept = default;
RunningSha256& RunningSha256::operator=(RunningSha256&&) noexcept = default;
RunningSha256::~RunningSha256() = default;

void RunningSha256::add(ByteView bytes) {
  expect(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

std::array<std::byte, 32> RunningSha256::digest() const {
  std::array<std::byte, 32> result{};
  const std::unique_ptr<evp_md_ctx_st, Free> copy{EVP_MD_CTX_new()};
  expect(copy != nullptr && EVP_MD_CTX_copy_ex(copy.get(), context_.get()) == 1 &&
         EVP_DigestFinal_ex(copy.get(), reinterpret_cast<unsigned char*>(result.data()), nullptr) ==
             1);
  return result;
}

}  // namespace remora::encoding
