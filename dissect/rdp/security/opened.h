#pragma once

#include <cstdint>

namespace remora::rdp {

/// What became of an encrypted PDU.
enum class Opened : std::uint8_t {
  kRight,      ///< its signature is right: this is what was sent
  kUnsigned,   ///< the signature is wrong, as all of this sender's have been; the content fits
  kWrong,      ///< the signature is wrong: something changed the PDU on its way
  kUnplaced,   ///< after a loss, where this PDU stands is not known yet
  kAbandoned,  ///< where PDUs of this side stand was not found; they stay sealed
};

/// LIMIT: encrypted PDUs that are tried after a loss.
inline constexpr std::uint32_t kMaxTries = 32;
/// LIMIT: PDUs with a wrong signature, one after the other, that do not look like what they are
/// said to be.
inline constexpr std::uint32_t kMaxWrong = 16;

}  // namespace remora::rdp
