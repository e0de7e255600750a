#pragma once

#include <algorithm>

#include "dissect/keys/rsa_key.h"
#include "tests/support/hex.h"

namespace remora::testing {

/// The 512-bit key of protocols-rdp.md section 10, published with a capture-the-flag write-up.
inline keys::RsaKey published_key() {
  auto modulus =
      hex("edf118339e6cf30888cad52a43921547e3ce962eb3639785dc2433588a8c89e2"
          "1606c2394095d8c4816045818e007d26178ff5c79d7a461b03836bdf6660dabd");
  auto exponent =
      hex("81e95dd837c1adc5a68202cfa7d01d9fae10c99f690acdc458bd76de3cdc9d7f"
          "1e31d1c0ad2fa89b8433735c5dce29d7126041d62cad3f70a7248c60e9488239");
  std::ranges::reverse(modulus);
  std::ranges::reverse(exponent);
  return {.modulus = modulus, .private_exponent = keys::Secret{exponent}};
}

}  // namespace remora::testing
