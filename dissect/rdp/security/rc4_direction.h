#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "capture/base/bytes.h"
#include "dissect/keys/secret.h"
#include "dissect/rdp/gcc/server_security.h"
#include "dissect/rdp/security/opened.h"
#include "dissect/rdp/security/rc4.h"
#include "dissect/rdp/security/sealed_data.h"
#include "dissect/rdp/security/signature.h"

namespace remora::rdp {

/// Opens what one side encrypted with RC4, [MS-RDPBCGR] 5.3.6.1 and 5.3.7.1: one key stream that
/// goes on from PDU to PDU, with a new key before each 4,096th.
///
/// After a loss of known size (protocols-rdp.md 3.6) the place in the key stream is known up to the
/// headers of the PDUs that are missing, and to their number. The places are tried in turn, those
/// first where little of the loss was headers; only a right signature proves one.
///
///   in step ── lose ──► lost ── a PDU whose signature is right ──► in step
///                        └── kMaxTries PDUs, or too much work ──► abandoned
///
/// State: two places of the key stream, numbers. LIMIT of memory while it searches: 128 KiB.
class Rc4Direction {
 public:
  /// LIMIT: bytes of a loss behind which a place is searched.
  static constexpr std::uint64_t kMaxLost = std::uint64_t{16} << 20U;
  /// LIMIT: of a loss, how many bytes may have been headers.
  static constexpr std::size_t kMaxHeaders = std::size_t{64} << 10U;
  /// LIMIT: bytes decrypted and digested to find one place, and all of them.
  static constexpr std::uint64_t kMaxWork = std::uint64_t{32} << 20U;
  static constexpr std::uint64_t kMaxWorkInAll = std::uint64_t{512} << 20U;

  Rc4Direction(EncryptionMethod method, ByteView key, ByteView mac_key);

  /// `plaintext` has the size of `pdu.data`; what is in it counts where the result says so.
  [[nodiscard]] Opened open(const SealedData& pdu, std::span<std::byte> plaintext);
  /// So many bytes of this side, headers and all, were not given to `open`.
  void lose(std::uint64_t bytes);
  [[nodiscard]] bool is_lost() const { return lost_.has_value(); }

 private:
  static constexpr std::uint64_t kPdusPerKey = 4096;

  /// A stretch of a key stream, and how far from the key it begins.
  struct Window {
    std::uint64_t key_number{0};
    std::uint64_t begin{0};
    std::vector<std::byte> stream;
  };

  [[nodiscard]] Opened open_in_step(const SealedData& pdu, std::span<std::byte> plaintext);
  [[nodiscard]] Opened open_at_update(const SealedData& pdu, std::span<std::byte> plaintext);
  [[nodiscard]] Opened judge(const SealedData& pdu, ByteView plaintext);
  [[nodiscard]] std::optional<PduNumbers> numbers_that_fit(const SealedData& pdu,
                                                           ByteView plaintext, PduNumbers numbers);
  [[nodiscard]] Opened open_lost(const SealedData& pdu, std::span<std::byte> plaintext);
  [[nodiscard]] bool find_place(const SealedData& pdu, std::span<std::byte> plaintext);
  [[nodiscard]] bool search_key(std::uint64_t key_number, const Rc4& start, const SealedData& pdu,
                                std::span<std::byte> plaintext);
  [[nodiscard]] bool try_place(const Window& window, std::uint64_t place, const SealedData& pdu,
                               std::span<std::byte> plaintext);
  [[nodiscard]] PduNumbers numbers_at(std::uint64_t key_number, std::uint64_t place) const;
  void count(PduNumbers before);
  void update();

  EncryptionMethod method_;
  keys::Secret initial_key_;
  keys::Secret key_;
  Rc4 rc4_;
  MacVerifier mac_;
  std::uint64_t key_number_{0};        ///< updates so far
  PduNumbers next_{};                  ///< what the number of the next PDU may be
  std::optional<std::uint64_t> lost_;  ///< bytes since the place was known
  std::uint32_t tries_{0};
  std::uint64_t work_{0};
  std::uint64_t work_limit_{0};
  std::array<bool, 2> was_right_{};  ///< a signature, by whether it was salted
  std::uint32_t wrong_{0};           ///< in a row
  bool abandoned_{false};
};

}  // namespace remora::rdp
