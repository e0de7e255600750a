#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <openssl/evp.h>

#include "capture/base/bytes.h"
#include "dissect/encoding/openssl.h"
#include "dissect/keys/rc4.h"
#include "dissect/keys/secret.h"
#include "dissect/tls/protection.h"
#include "dissect/tls/record.h"

namespace remora::tls {

/// The keys of one direction.
struct RecordKeys {
  std::uint16_t version{0};
  Protection protection;
  bool encrypt_then_mac{false};  ///< RFC 7366
  keys::Secret key;
  keys::Secret iv;   ///< the fixed part, RFC 5246 6.3; all of it from TLS 1.3 on
  keys::Secret mac;  ///< of the HMAC
};

/// Opens the protected records of one direction, one after the other, and checks that each is what
/// its sender sealed. OpenSSL does the ciphers.
///
/// State: the sequence number, the cipher's, and the plaintext of one record.
class RecordOpener {
 public:
  /// Null where OpenSSL refuses the keys.
  [[nodiscard]] static std::unique_ptr<RecordOpener> make(RecordKeys keys);

  struct Opened {
    ContentType type{};
    ByteView plaintext;  ///< borrowed until the next call
  };
  /// The record with this header and `body`; empty where it is not the next one, or is damaged. The
  /// sequence number then stays.
  [[nodiscard]] std::optional<Opened> open(const RecordHeader& header, ByteView body);

  /// The same of a DTLS record, which brings its number, RFC 6347 4.1.2.1.
  [[nodiscard]] std::optional<Opened> open_numbered(const RecordHeader& header,
                                                    std::uint64_t number, ByteView body);

  /// Whether the opener can go on after records that were not seen, given their number.
  [[nodiscard]] bool survives_loss() const;
  /// As many records were not seen.
  void pass_over(std::uint64_t records) { sequence_ += records; }
  [[nodiscard]] std::uint64_t sequence() const { return sequence_; }

 private:
  explicit RecordOpener(RecordKeys keys) : keys_{std::move(keys)} {}
  [[nodiscard]] bool set_up();
  [[nodiscard]] bool set_up_hmac();
  [[nodiscard]] std::optional<ByteView> open_aead(const RecordHeader& header, ByteView body);
  [[nodiscard]] bool open_aead_body(ByteView nonce, ByteView additional, ByteView sealed,
                                    ByteView tag);
  [[nodiscard]] std::optional<ByteView> open_cbc(const RecordHeader& header, ByteView body);
  [[nodiscard]] std::optional<ByteView> open_stream(const RecordHeader& header, ByteView body);
  [[nodiscard]] bool is_authentic(const RecordHeader& header, ByteView content, ByteView mac) const;
  [[nodiscard]] bool decrypt(ByteView sealed);

  RecordKeys keys_;
  std::unique_ptr<EVP_CIPHER_CTX, encoding::Freed<&EVP_CIPHER_CTX_free>>
      cipher_;  ///< null of a stream cipher
  std::optional<keys::Rc4> stream_;
  std::unique_ptr<EVP_MAC_CTX, encoding::Freed<&EVP_MAC_CTX_free>>
      hmac_;  ///< with its key; null where the cipher authenticates
  std::uint64_t sequence_{0};
  std::vector<std::byte> chained_iv_;  ///< TLS 1.0: the last block of the record before
  std::vector<std::byte> plaintext_;
};

}  // namespace remora::tls
