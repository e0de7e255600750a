#include "dissect/tls/transcript.h"

#include <array>
#include <string_view>

namespace remora::tls {

Transcript::Digest Transcript::start(const char* name) {
  Digest digest{EVP_MD_CTX_new()};
  const auto* method = EVP_get_digestbyname(name);
  if (digest == nullptr || method == nullptr ||
      EVP_DigestInit_ex(digest.get(), method, nullptr) != 1) {
    return nullptr;
  }
  return digest;
}

void Transcript::begin() {
  md5_sha1_ = start("MD5-SHA1");
  sha256_ = start("SHA256");
  sha384_ = start("SHA384");
}

void Transcript::add(ByteView message) {
  for (auto* digest : {&md5_sha1_, &sha256_, &sha384_}) {
    if (*digest != nullptr &&
        EVP_DigestUpdate(digest->get(), message.data(), message.size()) != 1) {
      digest->reset();
    }
  }
}

std::vector<std::byte> Transcript::hash(std::uint16_t version, const Protection& protection) const {
  const auto* running = version < kTls12                                ? md5_sha1_.get()
                        : std::string_view{protection.hash} == "SHA384" ? sha384_.get()
                                                                        : sha256_.get();
  const Digest copy{EVP_MD_CTX_new()};
  std::array<unsigned char, EVP_MAX_MD_SIZE> made{};
  unsigned int size = 0;
  if (running == nullptr || copy == nullptr || EVP_MD_CTX_copy_ex(copy.get(), running) != 1 ||
      EVP_DigestFinal_ex(copy.get(), made.data(), &size) != 1) {
    return {};
  }
  const auto* bytes = reinterpret_cast<const std::byte*>(made.data());
  return {bytes, bytes + size};
}

}  // namespace remora::tls
