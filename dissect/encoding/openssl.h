#pragma once

#include <cstddef>
#include <span>

#include "capture/base/bytes.h"

namespace remora::encoding {

/// Lets something of OpenSSL's go by its own function:
/// `std::unique_ptr<EVP_MD_CTX, Freed<&EVP_MD_CTX_free>>`.
template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* thing) const {
    Free(thing);
  }
};

/// The same memory as OpenSSL's functions want to see it.
[[nodiscard]] inline const unsigned char* raw(ByteView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
[[nodiscard]] inline unsigned char* raw(std::span<std::byte> bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

}  // namespace remora::encoding
