// OpenSSL 3 has RC4 twice: behind EVP in the legacy provider, a module that is opened as a file
// when the program runs, and may be missing there; and as functions of libcrypto, deprecated but
// exported by every 3.x that is built as distributions do. The functions need no file and no global
// state, and their state is a plain structure, which can be copied to try a place of the key
// stream.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "dissect/keys/rc4.h"

#include <algorithm>
#include <array>

#include <openssl/crypto.h>

#include "dissect/encoding/openssl.h"

namespace remora::keys {

using encoding::raw;
Rc4::Rc4(ByteView key) {
  RC4_set_key(&state_, static_cast<int>(key.size()), raw(key));
}

Rc4::~Rc4() {
  OPENSSL_cleanse(&state_, sizeof state_);
}

void Rc4::apply(ByteView in, std::span<std::byte> out) {
  RC4(&state_, std::min(in.size(), out.size()), raw(in), raw(out));
}

void Rc4::skip(std::uint64_t bytes) {
  std::array<std::byte, 4096> passed{};
  while (bytes > 0) {
    const auto step = std::min<std::uint64_t>(bytes, passed.size());
    apply(ByteView{passed}.first(step), passed);
    bytes -= step;
  }
  OPENSSL_cleanse(passed.data(), passed.size());
}

}  // namespace remora::keys
