#pragma once

#include <cstddef>
#include <cstdint>

#include "capture/base/bytes.h"

namespace remora::rdp {

/// What an encrypted PDU holds, as its headers say.
enum class SealedKind : std::uint8_t {
  kUnknown,
  kShare,        ///< share control PDUs, [MS-RDPBCGR] 2.2.8.1.1.1.1
  kChunk,        ///< of a static channel, 2.2.6.1
  kLicensing,    ///< 2.2.1.12
  kClientInfo,   ///< 2.2.1.11
  kRedirection,  ///< 2.2.13.1
  kInput,        ///< fast-path input events, 2.2.8.1.2.2
  kOutput,       ///< fast-path updates, 2.2.9.1.2.1
};

/// An encrypted PDU, slow path or fast path. Borrowed.
struct SealedData {
  SealedKind kind{SealedKind::kUnknown};
  std::uint8_t number_events{0};  ///< of kInput: as its header has it
  bool salted{false};             ///< the signature counts the PDUs before; FIPS: always
  std::uint8_t fips_padding{0};
  ByteView signature;
  ByteView data;
  std::size_t pdu_bytes{0};  ///< with everything around it
};

/// Whether `first`, all or the first bytes of `size`, look like what they are said to be. Random
/// bytes rarely do; of unknown kind everything does.
[[nodiscard]] bool is_plausible(const SealedData& sealed, ByteView first, std::size_t size);

}  // namespace remora::rdp
