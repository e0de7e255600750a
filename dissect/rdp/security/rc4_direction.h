#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "capture/base/bytes.h"
#include "dissect/keys/rc4.h"
#include "dissect/keys/secret.h"
#include "dissect/rdp/gcc/server_security.h"
#include "dissect/rdp/security/opened.h"
#include "dissect/rdp/security/sealed_data.h"
#include "dissect/rdp/security/signature.h"

namespace remora::rdp {

/// Opens what one side encrypted with RC4, [MS-RDPBCGR] 5.3.6.1 and 5.3.7.1: one key stream that
/// goes on from PDU to PDU, with a new key before each 4,096th.
///
/// After a loss of known size (protocols-rdp.md 3.6) the place in the key stream is known up to the
/// headers of the PDUs that are missing, and to their number. The places are tried in turn, those
/// first where little of the loss was headers. A right signature proves what a PDU says, and its
/// place too where it is long enough: two bytes are the same at many places. Until eight bytes have
/// agreed, all places where they do are followed.
///
///   sure ── lose ──► lost ── signatures that are right over eight bytes ──► sure
///                     └── kMaxTries PDUs, or too much work ──► abandoned
///
/// State: a place of the key stream, numbers. LIMIT of memory while it searches: 64 further places,
/// 64 KiB of key stream and a PDU.
class Rc4Direction {
 public:
  /// LIMIT: bytes of a loss behind which a place is searched.
  static constexpr std::uint64_t kMaxLost = std::uint64_t{16} << 20U;
  /// LIMIT: of a loss, how many bytes may have been headers.
  static constexpr std::size_t kMaxHeaders = std::size_t{64} << 10U;
  /// LIMIT: places followed until one is sure.
  static constexpr std::size_t kMaxPlaces = 64;
  /// LIMIT: bytes decrypted and digested to find one place, and all of them.
  static constexpr std::uint64_t kMaxWork = std::uint64_t{32} << 20U;
  static constexpr std::uint64_t kMaxWorkInAll = std::uint64_t{512} << 20U;

  Rc4Direction(EncryptionMethod method, ByteView key, ByteView mac_key);

  /// `plaintext` has the size of `pdu.data`; what is in it counts where the result says so.
  [[nodiscard]] Opened open(const SealedData& pdu, std::span<std::byte> plaintext);
  /// So many bytes of this side, headers and all, were not given to `open`.
  void lose(std::uint64_t bytes);

 private:
  static constexpr std::uint64_t kPdusPerKey = 4096;

  /// Where the next PDU may stand.
  struct Place {
    keys::Rc4 rc4;
    std::uint64_t key_number{0};  ///< updates before it
    PduNumbers next{};            ///< what its number may be
  };
  /// A stretch of a key stream that begins so many bytes behind a known place.
  struct Window {
    const Place* start{nullptr};
    std::uint64_t begin{0};
    std::vector<std::byte> stream;
  };

  [[nodiscard]] Opened open_sure(const SealedData& pdu, std::span<std::byte> plaintext);
  [[nodiscard]] Opened open_lost(const SealedData& pdu, std::span<std::byte> plaintext);
  [[nodiscard]] bool is_right(const SealedData& pdu, ByteView plaintext, PduNumbers& numbers);
  void follow(const SealedData& pdu, std::span<std::byte> plaintext);
  void try_next(Place place, const SealedData& pdu, std::span<std::byte> plaintext);
  void search(const SealedData& pdu, std::span<std::byte> plaintext);
  void search_from(const Place& start, const SealedData& pdu, std::span<std::byte> plaintext);
  void try_at(const Window& window, std::uint64_t offset, const SealedData& pdu,
              std::span<std::byte> plaintext);
  [[nodiscard]] bool enough(const SealedData& pdu) const;
  void agree(const SealedData& pdu, Place place, ByteView plaintext);
  [[nodiscard]] PduNumbers numbers_at(const Place& start, std::uint64_t offset) const;
  // Empty where OpenSSL refuses.
  [[nodiscard]] keys::Secret key_of(std::uint64_t key_number) const;
  [[nodiscard]] std::optional<Place> with_next_key(const Place& place) const;
  void settle();

  EncryptionMethod method_;
  keys::Secret initial_key_;
  keys::Secret key_;  ///< of `place_`
  MacVerifier mac_;
  Place place_;                        ///< the last that is sure
  std::optional<std::uint64_t> lost_;  ///< bytes behind `place_`
  std::vector<Place> agreed_;          ///< places behind the loss that agree with what followed it
  std::vector<std::byte> agreed_text_;
  std::uint64_t agreed_pdu_bytes_{0};
  std::uint64_t agreed_bytes_{0};
  std::uint32_t tries_{0};
  std::uint64_t work_{0};
  std::uint64_t work_limit_{0};
  std::array<bool, 2> was_right_{};  ///< a signature, by whether it was salted
  std::uint32_t wrong_{0};           ///< in a row
  bool abandoned_{false};
};

}  // namespace remora::rdp
