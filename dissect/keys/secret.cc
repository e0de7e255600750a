#include "dissect/keys/secret.h"

#include <algorithm>

#include <openssl/crypto.h>

namespace remora::keys {

void wipe(std::span<std::byte> bytes) {
  OPENSSL_cleanse(bytes.data(), bytes.size());
}

Secret::Secret(ByteView bytes) {
  if (bytes.empty()) { return; }
  void* memory = OPENSSL_secure_malloc(bytes.size());
  if (memory == nullptr) { memory = OPENSSL_malloc(bytes.size()); }  // the secure heap is full
  if (memory == nullptr) { return; }
  bytes_ = {static_cast<std::byte*>(memory), bytes.size()};
  std::ranges::copy(bytes, bytes_.begin());
}

/// Knows of either heap which it is.
void Secret::let_go() {
  if (!bytes_.empty()) { OPENSSL_secure_clear_free(bytes_.data(), bytes_.size()); }
  bytes_ = {};
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    let_go();
    bytes_ = std::exchange(other.bytes_, {});
  }
  return *this;
}

}  // namespace remora::keys
