#pragma once

#include <cstdint>
#include <span>

#include <openssl/rc4.h>

#include "capture/base/bytes.h"

namespace remora::keys {

/// RC4 at one place of its key stream; a copy stands at the same place and goes its own way. Wiped
/// when it goes. State: 1,032 bytes.
class Rc4 {
 public:
  /// `key` is not empty.
  explicit Rc4(ByteView key);
  Rc4(const Rc4&) = default;
  Rc4& operator=(const Rc4&) = default;
  Rc4(Rc4&&) = default;
  Rc4& operator=(Rc4&&) = default;
  ~Rc4();

  /// Encrypts or decrypts; `out` has the size of `in`, and may be the same memory.
  void apply(ByteView in, std::span<std::byte> out);
  /// Passes over so much of the key stream.
  void skip(std::uint64_t bytes);

 private:
  RC4_KEY state_{};
};

}  // namespace remora::keys
