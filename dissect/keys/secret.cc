#include "dissect/keys/secret.h"

#include <utility>

#include <openssl/crypto.h>

namespace remora::keys {

void wipe(std::span<std::byte> bytes) {
  OPENSSL_cleanse(bytes.data(), bytes.size());
}

void Secret::wipe() {
  if (!bytes_.empty()) { keys::wipe(bytes_); }
  bytes_.clear();
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    bytes_ = std::exchange(other.bytes_, {});
  }
  return *this;
}

}  // namespace remora::keys
