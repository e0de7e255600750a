#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include <openssl/evp.h>

#include "capture/base/bytes.h"
#include "dissect/rdp/security/opened.h"
#include "dissect/rdp/security/sealed_data.h"
#include "dissect/rdp/security/signature.h"

namespace remora::rdp {

/// Opens what one side encrypted with Triple DES, [MS-RDPBCGR] 5.3.6.2: blocks chained from PDU to
/// PDU, and a signature that counts the PDUs.
///
/// After a loss the last block of the first PDU is enough to open the second; the number of PDUs
/// that are missing is searched until the signature is right, which proves the place.
///
/// State: the cipher, a block, numbers.
class FipsDirection {
 public:
  /// LIMIT: numbers tried to find one place.
  static constexpr std::uint64_t kMaxNumbers = 65'536;

  FipsDirection(ByteView key, ByteView mac_key);

  /// As `Rc4Direction`; of the plaintext the padding is the end.
  [[nodiscard]] Opened open(const SealedData& pdu, std::span<std::byte> plaintext);
  void lose(std::uint64_t bytes);

 private:
  static constexpr std::size_t kBlockBytes = 8;
  using Block = std::array<std::byte, kBlockBytes>;

  /// False where OpenSSL refuses.
  [[nodiscard]] bool decrypt(ByteView data, std::span<std::byte> plaintext);
  [[nodiscard]] Opened open_in_step(const SealedData& pdu, ByteView plaintext);
  [[nodiscard]] Opened open_lost(const SealedData& pdu, ByteView plaintext, bool chained);

  std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> cipher_;
  HmacVerifier mac_;
  std::optional<Block> chain_;  ///< the block before the next PDU
  std::uint64_t number_{0};     ///< of the next PDU; while lost, of the first that is missing
  std::optional<std::uint64_t> lost_;
  std::uint32_t tries_{0};
  std::uint32_t wrong_{0};
  bool was_right_{false};
  bool abandoned_{false};
};

}  // namespace remora::rdp
