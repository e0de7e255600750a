#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <openssl/evp.h>

#include "capture/base/bytes.h"
#include "dissect/encoding/openssl.h"
#include "dissect/tls/protection.h"

namespace remora::tls {

/// Hash of a handshake up to now, RFC 7627 3: with every hash that it may turn out to need, as the
/// suite is not known from the start.
class Transcript {
 public:
  /// A handshake begins; what was added before is forgotten.
  void begin();
  void end() { *this = {}; }
  [[nodiscard]] bool running() const { return sha256_ != nullptr; }
  void add(ByteView message);

  /// MD5 and SHA-1 before TLS 1.2, else the suite's. Empty when it is not running.
  [[nodiscard]] std::vector<std::byte> hash(std::uint16_t version,
                                            const Protection& protection) const;

 private:
  using Digest = std::unique_ptr<EVP_MD_CTX, encoding::Freed<&EVP_MD_CTX_free>>;
  [[nodiscard]] static Digest start(const char* name);

  Digest md5_sha1_;
  Digest sha256_;
  Digest sha384_;
};

}  // namespace remora::tls
